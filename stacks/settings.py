"""The settings: one typed, validated value for a stack.

Every key of the namespace ``cloudtrail-guard`` is declared here and, with the same type, default
and description, in ``Pulumi.yaml``; a test holds the two together.
"""

from typing import Literal

from cloudtrail_guard.storage.retention import check_retention
from cloudtrail_guard.trails.event_selectors import INSIGHT_TYPES
from pydantic import Field, ValidationInfo, field_validator

from stacks import names
from stacks.groups import (
    AlarmSettings,
    AlertSettings,
    DataEventSettings,
    EventDataStoreSettings,
    Group,
    GuardrailSettings,
    IamProtectionSettings,
    IntegrityRoleSettings,
    LifecycleSettings,
    LogFeedSettings,
    MemberTrailSettings,
    ObjectLockSettings,
    QuerySettings,
    ReaderSettings,
    ReplicaSettings,
    ResponseSettings,
    SecurityServicesSettings,
    WorkloadSettings,
)

NAMESPACE = "cloudtrail-guard"

Role = Literal["security", "management", "workload", "standalone"]
ROLES: tuple[Role, ...] = ("security", "management", "workload", "standalone")


class Settings(Group):
    """All settings of one stack. Empty text means: find it out, or use the default that is said."""

    role: Literal["", "security", "management", "workload", "standalone"] = Field(
        default="",
        description="What this stack deploys: security (key and log bucket, in the security "
        "account), management (trail and guardrails, in the management account), workload (a "
        "data-event trail in a member account) or standalone (all in one account without "
        "Organizations). Default: the last part of the stack's name: prod-security is security.",
    )
    protect: bool = Field(
        default=True,
        description="Whether Pulumi refuses to delete what this stack made. Key and bucket stay in "
        "AWS even when it is false.",
    )

    trail_name: names.TrailName = Field(
        default="SecurityAuditTrail",
        description="security: the name of the organization trail that the bucket admits; the "
        "management stack makes it under this name.",
    )
    trail_region: names.OptionalRegion = Field(
        default="",
        description="security: the home region of the organization trail. Default: this stack's.",
    )
    account_trail_arns: list[names.TrailArn] = Field(
        default=[],
        description="security: ARNs of single accounts' trails that write to the bucket as well.",
    )
    member_trail_names: list[names.TrailName] = Field(
        default=[],
        description="security: names of trails with which any account of the organization may "
        "write to the bucket: what workload stacks and memberTrails need.",
    )
    break_glass_roles: list[names.Role] = Field(
        default=["AdminRole"],
        description="security: roles of the security account, by name (with path) or ARN, that may "
        "delete logs and change bucket and key when all else fails. At least one.",
    )
    deployer_role_arns: list[names.PrincipalArn] = Field(
        default=[],
        description="security: ARNs of the roles that deploy this stack and so may change bucket "
        "and key. Default: the one that deploys now; list all if there are several.",
    )
    reader_arns: list[names.ReaderArn] = Field(
        default=[],
        description="security: ARNs of the principals that may read and decrypt logs.",
    )
    require_source_org_id: bool = Field(
        default=True,
        description="security: whether CloudTrail's writes must carry the organization's id "
        "(aws:SourceOrgID) besides the trail's ARN.",
    )
    bucket_name: names.OptionalBucketName = Field(
        default="",
        description="security: the log bucket's name. Default: aws-cloudtrail-logs-<account id>.",
    )
    existing_bucket: bool = Field(
        default=False,
        description="security: whether the log bucket exists already; it is then secured as it is, "
        "and its policy's own statements stay.",
    )
    access_log_bucket_name: names.OptionalBucketName = Field(
        default="",
        description="security: the name of the bucket for server access logs. Default: the log "
        "bucket's name and -access-logs; an existing log bucket keeps its own unless this is set.",
    )
    existing_key_arn: names.OptionalKeyArn = Field(
        default="",
        description="security: ARN of a KMS key that exists already. Default: a new key.",
    )
    manage_existing_key_policy: bool = Field(
        default=True,
        description="security: whether an existing key's policy is extended for CloudTrail.",
    )
    key_alias: names.OptionalAlias = Field(
        default="alias/cloudtrail-logs", description="security: the new key's alias."
    )
    object_lock: ObjectLockSettings = Field(
        default=ObjectLockSettings(days=365),
        description="security: the lock on new log files: mode (GOVERNANCE or COMPLIANCE), and "
        "days or years.",
    )
    lifecycle: LifecycleSettings = Field(
        default=LifecycleSettings(),
        description="security: when log files leave the bucket: expireAfterDays (not before the "
        "lock ends; 0: never), expireNoncurrentAfterDays, abortUploadsAfterDays; and when they "
        "move to cheaper storage: glacierIrAfterDays, deepArchiveAfterDays (0: never).",
    )
    replica: ReplicaSettings = Field(
        default=ReplicaSettings(),
        description="security, standalone: a copy of every log in a second region, at extra cost: "
        "region (empty: no copy), bucketName (default: the log bucket's and -replica), timeControl "
        "(S3 promises 15 minutes).",
    )
    queries: QuerySettings = Field(
        default=QuerySettings(),
        description="security, standalone: the logs as a table of Athena, with the questions of an "
        "investigation: enabled, resultsBucketName (default: the log bucket's and -queries), "
        "accountIds and regions (that are searched; default: any account, all regions), "
        "maxScannedGib (of a query), expireResultsAfterDays.",
    )
    readers: list[ReaderSettings] = Field(
        default=[],
        description="security, standalone: roles that read and query logs and change none: "
        "roleName, trustedArns (who may assume it; default: whom the account's IAM policies let), "
        "externalId, requireMfa, mayQuery.",
    )
    integrity_role: IntegrityRoleSettings = Field(
        default=IntegrityRoleSettings(),
        description="security, standalone: the role of a scheduled job that proves the logs to be "
        "whole: enabled, roleName, trustedArns (who may assume it), oidc (jobs that may: "
        "providerArn, subjects, audience). With neither, the account's IAM policies decide.",
    )
    log_feed: LogFeedSettings = Field(
        default=LogFeedSettings(),
        description="security, standalone: a queue with a message for every new log file, for a "
        "SIEM: enabled, consumerArns (who may receive), rawMessages (without SNS's envelope).",
    )

    security_stack: names.OptionalStackReference = Field(
        default="",
        description="management: the security stack as <organization>/<project>/<stack>. Default: "
        "this stack's organization and project, and its name with security for management.",
    )
    data_events: DataEventSettings = Field(
        default=DataEventSettings(),
        description="management: data events that the organization trail records, at extra cost: "
        "s3 (every object but the logs), s3Buckets (only of these), lambda (every invocation), "
        "resourceTypes (further types), readWrite (All, ReadOnly, WriteOnly).",
    )
    network_activity: list[names.EventSource] = Field(
        default=[],
        description="management: services whose activity through VPC endpoints the organization "
        "trail records, at extra cost, by event source, e.g. s3.amazonaws.com.",
    )
    insights: list[Literal["ApiCallRateInsight", "ApiErrorRateInsight"]] = Field(
        default=[],
        description="management: unusual activity that the trail reports, at extra cost: "
        f"{', '.join(INSIGHT_TYPES)}.",
    )
    guardrails: GuardrailSettings = Field(
        default=GuardrailSettings(),
        description="management: the service control policies: targets (ids of root, OUs or "
        "accounts; default: the root), trails (ARNs or patterns; default: all), exemptRoleArns "
        "(beside the break-glass roles), requireMfa (of the break-glass roles too), "
        "resourcePolicies (RCPs for bucket and key), securityServices (protect Config, GuardDuty, "
        "Security Hub, Access Analyzer), policySize and policiesPerTarget (AWS quotas).",
    )
    manage_trusted_access: bool = Field(
        default=True,
        description="management: whether to switch on CloudTrail's trusted access to the "
        "organization; it stays on when the stack is destroyed.",
    )
    delegated_administrator: names.OptionalAccountId = Field(
        default="",
        description="management: id of the account that administers CloudTrail for the "
        "organization, usually the security account. Default: none.",
    )
    alarms: AlarmSettings = Field(
        default=AlarmSettings(),
        description="management, standalone: enabled (a log group of the trail's events with the "
        "15 CIS metric filters and alarms), retentionDays (of the log group; a year or more).",
    )
    alerts: AlertSettings = Field(
        default=AlertSettings(),
        description="Who is told of alarms and tampering: emails, httpsEndpoints, queueArns (SQS).",
    )
    tamper_alerts: bool = Field(
        default=True,
        description="Whether EventBridge rules tell of tampering with trails, logs, key and "
        "guardrails within a minute.",
    )
    tamper_response: ResponseSettings = Field(
        default=ResponseSettings(),
        description="management: a Lambda function that starts the trail again, restores its "
        "selectors and attaches guardrails again: enabled, dryRun (only tell what it would do).",
    )
    event_data_store: EventDataStoreSettings = Field(
        default=EventDataStoreSettings(),
        description="management: an event data store of CloudTrail Lake for the organization, "
        "which AWS closed to new customers on 31 May 2026: enabled, retentionDays.",
    )
    security_services: SecurityServicesSettings = Field(
        default=SecurityServicesSettings(),
        description="security, management, standalone: AWS's security services, each with enabled: "
        "config (organization rules about trails: rules, excludedAccountIds), guardDuty (with S3 "
        "protection: detectorId of an existing one, organization, frequency), securityHub "
        "(standards, existing), accessAnalyzer (organization). Leave out what Control Tower has.",
    )
    iam_protection: IamProtectionSettings = Field(
        default=IamProtectionSettings(),
        description="management, standalone: IAM groups, users and roles that the guardrails bind "
        "as IAM policies, where service control policies do not reach: groups, users, roles (may "
        "not manage CloudTrail); mfaGroups, mfaUsers, mfaRoles (only with MFA).",
    )
    member_trails: MemberTrailSettings = Field(
        default=MemberTrailSettings(),
        description="management: the same data-event trail in every account of some OUs, by a "
        "StackSet: name, organizationalUnits (ids; none: no such trail), dataEvents.",
    )

    workload: WorkloadSettings = Field(
        default=WorkloadSettings(),
        description="workload: the account's data-event trail: trailName, ownBucket (a bucket and "
        "key of its own instead of the organization's), dataEvents.",
    )

    organization_id: names.OptionalOrganizationId = Field(
        default="", description="The organization's id (o-...). Default: asked of AWS."
    )
    management_account_id: names.OptionalAccountId = Field(
        default="", description="The management account's id. Default: asked of AWS."
    )
    root_id: names.OptionalRootId = Field(
        default="", description="The id of the organization's root (r-...). Default: asked of AWS."
    )
    partition: Literal["", "aws", "aws-cn", "aws-us-gov"] = Field(
        default="", description="The AWS partition. Default: asked of AWS."
    )

    @field_validator("break_glass_roles")
    @classmethod
    def _somebody_is_exempt(cls, roles: list[str]) -> list[str]:
        if not roles:
            raise ValueError(
                "must name at least one role: the denies of bucket and key let nobody else through"
            )
        return roles

    @field_validator("lifecycle")
    @classmethod
    def _not_shorter_than_the_lock(
        cls, lifecycle: LifecycleSettings, info: ValidationInfo
    ) -> LifecycleSettings:
        lock = info.data.get("object_lock")
        if isinstance(lock, ObjectLockSettings):
            check_retention(lock.value(), lifecycle.value())
        return lifecycle


def log_bucket_name(settings: Settings, account: str) -> str:
    """The log bucket's name: as set, or as in the console guide."""
    return settings.bucket_name or f"aws-cloudtrail-logs-{account}"
