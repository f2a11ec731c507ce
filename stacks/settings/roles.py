"""The settings of each stack role, composed of parts that roles share.

A field is declared once, in one part; the roles that inherit the part are the stacks that have the
setting. Empty text means: ask AWS, or use the default that the description names.
"""

from typing import Literal, TypeAlias

from cloudtrail_guard.storage.retention import check_retention
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from stacks.settings import identifiers
from stacks.settings.base import Group
from stacks.settings.logs import (
    IntegrityRoleSettings,
    LifecycleSettings,
    LogFeedSettings,
    ObjectLockSettings,
    QuerySettings,
    ReaderSettings,
    ReplicaSettings,
)
from stacks.settings.monitoring import AlarmSettings, AlertSettings, ResponseSettings
from stacks.settings.services import SecurityServicesSettings
from stacks.settings.trails import (
    DataEventSettings,
    EventDataStoreSettings,
    GuardrailSettings,
    IamProtectionSettings,
    MemberTrailSettings,
    WorkloadTrailSettings,
)

Role: TypeAlias = Literal["security", "management", "workload", "archive", "standalone"]
ROLES: tuple[Role, ...] = ("security", "management", "workload", "archive", "standalone")

RETENTION = "retention"
"""The type of the error that lifecycle and object lock contradict each other."""


class CommonSettings(Group):
    """What every stack has."""

    role: Literal["", Role] = ""
    """What this stack deploys: security (key and log bucket, in the security account), management
    (trail and guardrails, in the management account), workload (a data-event trail in a member
    account), archive (the replica of the logs, in an account of its own) or standalone (everything
    in one account, without Organizations). Default: the last part of the stack's name:
    prod-security is security."""
    protect: bool = True
    """Whether Pulumi refuses to delete the stack's resources. Key and bucket stay in AWS even when
    it is false."""
    partition: Literal["", "aws", "aws-cn", "aws-us-gov"] = ""
    """The AWS partition. Default: the region's."""


class OrganizationSettings(CommonSettings):
    """Facts about the organization, in place of a look-up in AWS."""

    organization_id: identifiers.OptionalOrganizationId = ""
    """The organization's id (o-...). Default: read from AWS Organizations."""
    management_account_id: identifiers.OptionalAccountId = ""
    """The management account's id. Default: read from AWS Organizations."""


class ReadsSecurityStack(OrganizationSettings):
    """Where the security stack's outputs come from."""

    security_stack: identifiers.OptionalStackReference = ""
    """The security stack as <organization>/<project>/<stack>. Default: this stack's organization
    and project, and its name with its role replaced by security."""


class TrailNameSettings(CommonSettings):
    """The trail's name, where the stack decides it."""

    trail_name: identifiers.TrailName = "SecurityAuditTrail"
    """The trail's name. In a security stack: the organization trail that the bucket admits; the
    management stack creates it under this name."""


class DeployerSettings(CommonSettings):
    """Who deploys the stack."""

    deployer_role_arns: list[identifiers.PrincipalArn] = Field(default=[])
    """ARNs of the roles that deploy this stack and may therefore change what it protects. Default:
    the role of the running deployment; list all of them if there are several. Roles of IAM
    Identity Center are named by the pattern of their permission set: AWS makes them again, with
    another suffix."""


class LockedBucketSettings(DeployerSettings):
    """A bucket with logs and its key, how long the logs are kept, and who administers them."""

    break_glass_roles: list[identifiers.Role] = Field(default=["AdminRole"])
    """Roles of the log bucket's account, by name (with path) or ARN, that may delete logs and
    change bucket and key in an emergency; or the pattern of a permission set of IAM Identity
    Center. At least one."""
    bucket_name: identifiers.OptionalBucketName = ""
    """The log bucket's name; in an archive stack, the replica's. Default:
    aws-cloudtrail-logs-<account id>."""
    key_alias: identifiers.Alias = "alias/cloudtrail-logs"
    """The alias of the new key."""
    object_lock: ObjectLockSettings = ObjectLockSettings(days=365)
    """The lock on new log files: mode (GOVERNANCE or COMPLIANCE), and days or years."""
    lifecycle: LifecycleSettings = LifecycleSettings()
    """When log files expire: expireAfterDays (not before the lock ends; 0: never),
    expireNoncurrentAfterDays, abortUploadsAfterDays; and when they move to cheaper storage:
    glacierIrAfterDays, deepArchiveAfterDays (0: never)."""

    @field_validator("break_glass_roles")
    @classmethod
    def _at_least_one_exempt_role(cls, roles: list[str]) -> list[str]:
        if not roles:
            raise ValueError(
                "must name at least one role: bucket and key deny their changes to everyone else"
            )
        return roles

    @field_validator("lifecycle")
    @classmethod
    def _not_shorter_than_the_lock(
        cls, lifecycle: LifecycleSettings, info: ValidationInfo
    ) -> LifecycleSettings:
        lock = info.data.get("object_lock")
        value = lifecycle.value()
        if isinstance(lock, ObjectLockSettings):
            try:
                check_retention(lock.value(), value)
            except ValueError as error:
                raise PydanticCustomError(RETENTION, "{text}", {"text": str(error)}) from error
        return lifecycle


class LogStorageSettings(LockedBucketSettings):
    """The log bucket and its key, and who else has access to them."""

    backup_role_arns: list[identifiers.PrincipalArn] = Field(default=[])
    """ARNs of the roles with which AWS Backup copies the log bucket: they may change its event
    notifications, as AWS Backup does, and nothing else."""
    reader_arns: list[identifiers.ReaderArn] = Field(default=[])
    """ARNs of the principals that may read and decrypt logs."""


class SourceOrganizationSettings(CommonSettings):
    """What the log bucket requires of CloudTrail's writes."""

    require_source_org_id: bool = True
    """Whether CloudTrail's writes must carry the organization's id (aws:SourceOrgID) in addition
    to the trail's ARN."""


class OrganizationLogSettings(CommonSettings):
    """The organization's log bucket: which trails write to it, and what of it exists already."""

    trail_region: identifiers.OptionalRegion = ""
    """The home region of the organization trail. Default: this stack's."""
    account_trail_arns: list[identifiers.TrailArn] = Field(default=[])
    """ARNs of trails of single accounts that write to the bucket as well."""
    member_trail_names: list[identifiers.TrailName] = Field(default=[])
    """Names of trails with which any account of the organization may write to the bucket, as
    workload stacks and memberTrails need."""
    existing_bucket: bool = False
    """Whether the log bucket exists already. It is then secured as it is, and the statements of
    its policy stay."""
    access_log_bucket_name: identifiers.OptionalBucketName = ""
    """The name of the bucket for server access logs. Default: the log bucket's name and
    -access-logs; an existing log bucket keeps its own unless this is set."""
    existing_key_arn: identifiers.OptionalKeyArn = ""
    """ARN of a KMS key that exists already. Default: a new key."""
    manage_existing_key_policy: bool = True
    """Whether an existing key's policy is extended for CloudTrail."""


class LogUseSettings(CommonSettings):
    """Who uses the logs: a copy, queries, readers, the integrity job, a SIEM."""

    replica: ReplicaSettings = ReplicaSettings()
    """A copy of every log in a second region, at extra cost: region (empty: no copy), bucketName
    (default: the log bucket's and -replica), timeControl (S3 replicates within 15 minutes); or,
    instead of region and bucketName, archive (the copy is in another account, in any region, as the
    output archive of its archive stack says: bucketName, keyArn, breakGlassRoleArns,
    deployerRoleArns)."""
    queries: QuerySettings = QuerySettings()
    """The logs as an Athena table, with named queries for investigations: enabled,
    resultsBucketName (default: the log bucket's and -queries), accountIds and regions (to search;
    default: any account, all regions), maxScannedGib (per query), expireResultsAfterDays."""
    readers: list[ReaderSettings] = Field(default=[])
    """Roles that read and query logs and change nothing: roleName, trustedArns (who may assume
    it; default: as the account's IAM policies allow), externalId, requireMfa, mayQuery."""
    integrity_role: IntegrityRoleSettings = IntegrityRoleSettings()
    """The role of a scheduled job that validates the logs' integrity: enabled, roleName,
    trustedArns (who may assume it), oidc (CI jobs that may: providerArn, subjects, audience).
    With neither, the account's IAM policies decide."""
    log_feed: LogFeedSettings = LogFeedSettings()
    """A queue with a message for every new log file, for a SIEM: enabled, consumerArns (who may
    receive), rawMessages (without SNS's envelope)."""

    @field_validator("readers")
    @classmethod
    def _each_role_once(cls, readers: list[ReaderSettings]) -> list[ReaderSettings]:
        names = [reader.role_name for reader in readers]
        twice = [name for at, name in enumerate(names) if name in names[:at]]
        if twice:
            raise ValueError(f"must have each roleName once, and has {twice[0]} twice")
        return readers


class TrailContentSettings(CommonSettings):
    """What the stack's own trail records, and the alarms on its events."""

    data_events: DataEventSettings = DataEventSettings()
    """Data events that the trail records, at extra cost: s3 (every object except the logs),
    s3Buckets (only these), lambda (every invocation), resourceTypes (further types), readWrite
    (All, ReadOnly, WriteOnly)."""
    network_activity: list[identifiers.EventSource] = Field(default=[])
    """Services whose activity through VPC endpoints the trail records, at extra cost, by event
    source, e.g. s3.amazonaws.com."""
    insights: list[Literal["ApiCallRateInsight", "ApiErrorRateInsight"]] = Field(default=[])
    """Unusual activity that the trail reports, at extra cost: ApiCallRateInsight,
    ApiErrorRateInsight."""
    alarms: AlarmSettings = AlarmSettings()
    """enabled (a log group of the trail's events with the 15 CIS metric filters and alarms, and
    further ones), retentionDays (of the log group; a year or more), thresholds (alarm, count: how
    many events within five minutes make an alarm ring; default: one)."""
    iam_protection: IamProtectionSettings = IamProtectionSettings()
    """IAM groups, users and roles that get the guardrails as IAM policies, where service control
    policies do not apply: groups, users, roles (may not manage CloudTrail); mfaGroups, mfaUsers,
    mfaRoles (only with MFA)."""


class AlertingSettings(CommonSettings):
    """Alerts on tampering."""

    alerts: AlertSettings = AlertSettings()
    """Where alarms and tamper alerts are sent: emails, httpsEndpoints, queueArns (SQS); and when
    the log bucket's account is alarmed of silence: logFileHours, digestHours."""
    tamper_alerts: bool = True
    """Whether EventBridge rules report tampering with trails, logs, key and guardrails within a
    minute."""


class MonitoringSettings(AlertingSettings):
    """Alerts, and AWS's own security services."""

    security_services: SecurityServicesSettings = SecurityServicesSettings()
    """AWS's security services, each with enabled: config (organization rules about trails: rules,
    excludedAccountIds), guardDuty (with S3 protection: detectorId of an existing one,
    organization, frequency), securityHub (standards, existing), accessAnalyzer (organization).
    Leave out what Control Tower manages."""


class LogStackSettings(LogUseSettings, LogStorageSettings):
    """A stack that stores logs and makes them usable: security or standalone."""


class SecuritySettings(
    LogStackSettings,
    OrganizationLogSettings,
    SourceOrganizationSettings,
    TrailNameSettings,
    MonitoringSettings,
    OrganizationSettings,
):
    """The security stack: key and log bucket of the organization."""


class ManagementSettings(
    DeployerSettings, TrailContentSettings, MonitoringSettings, ReadsSecurityStack
):
    """The management stack: the organization trail, its guardrails and alarms."""

    root_id: identifiers.OptionalRootId = ""
    """The id of the organization's root (r-...). Default: read from AWS Organizations."""
    guardrails: GuardrailSettings = GuardrailSettings()
    """The service control policies: targets (ids of root, OUs or accounts; default: the root),
    trails (ARNs or patterns; default: all), exemptRoleArns (in addition to the break-glass
    roles), requireMfa (of the break-glass roles too), resourcePolicies (RCPs for bucket and key),
    securityServices (protect Config, GuardDuty, Security Hub, Access Analyzer), controlTower (let
    its role manage trails and security services of member accounts), policySize and
    policiesPerTarget (AWS quotas)."""
    manage_trusted_access: bool = True
    """Whether to enable CloudTrail's trusted access to the organization; it stays enabled when
    the stack is destroyed."""
    delegated_administrator: identifiers.OptionalAccountId = ""
    """Id of the account that administers CloudTrail for the organization, usually the security
    account. Default: none."""
    tamper_response: ResponseSettings = ResponseSettings()
    """A Lambda function that starts the trail again, restores its selectors and reattaches
    guardrails: enabled, dryRun (only report what it would do)."""
    event_data_store: EventDataStoreSettings = EventDataStoreSettings()
    """An event data store of CloudTrail Lake for the organization, which AWS closed to new
    customers on 31 May 2026: enabled, retentionDays."""
    member_trails: MemberTrailSettings = MemberTrailSettings()
    """The same data-event trail in every account of some OUs, deployed by a StackSet: name,
    organizationalUnits (ids; none: no such trail), dataEvents."""


class WorkloadSettings(LogStorageSettings, SourceOrganizationSettings, ReadsSecurityStack):
    """The workload stack: a data-event trail of one member account."""

    workload: WorkloadTrailSettings = WorkloadTrailSettings()
    """The account's data-event trail: trailName, ownBucket (a bucket and key of its own instead
    of the organization's), dataEvents."""


class ArchiveSettings(LockedBucketSettings, AlertingSettings, OrganizationSettings):
    """The archive stack: a replica of the logs, in an account of its own."""

    source_account_id: identifiers.OptionalAccountId = ""
    """The id of the log bucket's account, whose replication role alone writes to the archive. It
    has to be set."""


class StandaloneSettings(
    LogStackSettings, TrailContentSettings, TrailNameSettings, MonitoringSettings
):
    """The standalone stack: everything in one account, without Organizations."""


Settings: TypeAlias = (
    SecuritySettings | ManagementSettings | WorkloadSettings | ArchiveSettings | StandaloneSettings
)

MODELS: dict[Role, type[Settings]] = {
    "security": SecuritySettings,
    "management": ManagementSettings,
    "workload": WorkloadSettings,
    "archive": ArchiveSettings,
    "standalone": StandaloneSettings,
}
"""The model of each role's settings."""
