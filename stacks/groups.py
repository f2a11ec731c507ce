"""The groups of settings that are objects in a stack's config."""

from typing import Annotated, Literal, cast

from cloudtrail_guard import LifecycleArgs, ObjectLockArgs, SubscriptionArgs
from cloudtrail_guard.choices import ConfigRule, FindingFrequency, SecurityStandard
from cloudtrail_guard.documents.services import DEFAULT_CONFIG_RULES, DEFAULT_STANDARDS
from cloudtrail_guard.event_data_store import MAX_RETENTION_DAYS, MIN_RETENTION_DAYS
from cloudtrail_guard.log_integrity_role import DEFAULT_AUDIENCE
from cloudtrail_guard.log_queries import DEFAULT_MAX_SCANNED_GIB, DEFAULT_RESULT_DAYS
from cloudtrail_guard.retention import Lifecycle, ObjectLock
from cloudtrail_guard.trail import DataEventsArgs
from cloudtrail_guard.trail_alarms import RETENTION_DAYS
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from stacks import names


class Group(BaseModel):
    """What all groups of settings have in common: strict names, camelCase keys, no changes."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, validate_default=True
    )


class ObjectLockSettings(Group):
    """The lock on new log files; exactly one of `days` and `years`."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    years: Annotated[int, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _one_period(self) -> "ObjectLockSettings":
        if (self.days is None) == (self.years is None):
            raise ValueError("set exactly one of days and years")
        return self

    def value(self) -> ObjectLock:
        """The same as a plain value."""
        return ObjectLock(**self.model_dump())

    def args(self) -> ObjectLockArgs:
        """The same as a component's argument."""
        return cast("ObjectLockArgs", self.model_dump(exclude_none=True))


class LifecycleSettings(Group):
    """When log files leave the bucket, in days."""

    expire_after_days: Annotated[int, Field(ge=0)] = 2_557
    expire_noncurrent_after_days: Annotated[int, Field(ge=1)] = 90
    abort_uploads_after_days: Annotated[int, Field(ge=1)] = 7
    glacier_ir_after_days: Annotated[int, Field(ge=0)] = 0
    deep_archive_after_days: Annotated[int, Field(ge=0)] = 0

    def value(self) -> Lifecycle:
        """The same as a plain value."""
        return Lifecycle(**self.model_dump())

    def args(self) -> LifecycleArgs:
        """The same as a component's argument."""
        return cast("LifecycleArgs", self.model_dump())


class ReplicaSettings(Group):
    """The copy of the logs in a second region."""

    region: names.OptionalRegion = ""
    bucket_name: names.OptionalBucketName = ""
    time_control: bool = False


class QuerySettings(Group):
    """The logs as a table of Athena."""

    enabled: bool = True
    results_bucket_name: names.OptionalBucketName = ""
    account_ids: list[names.AccountId] = []
    regions: list[names.Region] = []
    max_scanned_gib: Annotated[int, Field(ge=1)] = DEFAULT_MAX_SCANNED_GIB
    expire_results_after_days: Annotated[int, Field(ge=1)] = DEFAULT_RESULT_DAYS


class ReaderSettings(Group):
    """A role that reads logs."""

    role_name: names.RoleName
    trusted_arns: list[names.ReaderArn] = []
    external_id: str | None = None
    require_mfa: bool = False
    may_query: bool = True


class OidcSettings(Group):
    """Jobs of an OpenID Connect provider that may assume a role."""

    provider_arn: names.OidcProviderArn
    subjects: Annotated[list[names.OidcSubject], Field(min_length=1)]
    audience: names.OidcSubject = DEFAULT_AUDIENCE


class IntegrityRoleSettings(Group):
    """The role of the job that proves logs to be whole."""

    enabled: bool = True
    role_name: names.RoleName = "CloudTrailLogIntegrity"
    trusted_arns: list[names.ReaderArn] = []
    oidc: OidcSettings | None = None


class LogFeedSettings(Group):
    """The queue that tells a SIEM of every new log file."""

    enabled: bool = False
    consumer_arns: list[names.ReaderArn] = []
    raw_messages: bool = False


class DataEventSettings(Group):
    """Which data events a trail records; they cost extra."""

    s3: bool = False
    s3_buckets: list[names.BucketName] = []
    lambda_functions: bool = Field(default=False, alias="lambda")
    resource_types: list[names.ResourceType] = []
    read_write: Literal["All", "ReadOnly", "WriteOnly"] = "All"

    def args(self) -> DataEventsArgs:
        """The same as a component's argument."""
        return {
            "s3": self.s3,
            "s3_bucket_names": self.s3_buckets,
            "lambda_functions": self.lambda_functions,
            "resource_types": self.resource_types,
            "read_write": self.read_write,
        }

    @property
    def any(self) -> bool:
        """Whether anything is recorded."""
        return self.s3 or self.lambda_functions or bool(self.resource_types)


S3_AND_LAMBDA = DataEventSettings.model_validate({"s3": True, "lambda": True})
"""What the guide records with additional trails."""


class GuardrailSettings(Group):
    """What the organization's policies cover, and where they hang."""

    targets: list[names.TargetId] = []
    trails: Annotated[list[names.TrailPattern], Field(min_length=1)] = ["*"]
    exempt_role_arns: list[names.PrincipalArn] = []
    require_mfa: bool = False
    resource_policies: bool = True
    security_services: bool = False
    policy_size: Annotated[int, Field(ge=1_024, le=10_240)] = 5_120
    policies_per_target: Annotated[int, Field(ge=2, le=10)] = 5


class AlertSettings(Group):
    """Who is told of alarms and tampering."""

    emails: list[names.Email] = []
    https_endpoints: list[names.HttpsUrl] = []
    queue_arns: list[names.QueueArn] = []

    def subscriptions(self) -> list[SubscriptionArgs]:
        """The same as a component's argument."""
        return [
            *({"protocol": "email", "endpoint": each} for each in self.emails),
            *({"protocol": "https", "endpoint": each} for each in self.https_endpoints),
            *({"protocol": "sqs", "endpoint": each} for each in self.queue_arns),
        ]


def _offered(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(f"must be one of {', '.join(map(str, RETENTION_DAYS))}")
    return days


class AlarmSettings(Group):
    """The log group of the trail, and the alarms over it."""

    enabled: bool = True
    retention_days: Annotated[int, AfterValidator(_offered)] = 365


class ResponseSettings(Group):
    """The function that undoes tampering."""

    enabled: bool = False
    dry_run: bool = True


class EventDataStoreSettings(Group):
    """The organization's event data store of CloudTrail Lake."""

    enabled: bool = False
    retention_days: Annotated[int, Field(ge=MIN_RETENTION_DAYS, le=MAX_RETENTION_DAYS)] = 366


class ConfigRulesSettings(Group):
    """AWS Config rules about trails, in every account of the organization."""

    enabled: bool = False
    rules: Annotated[list[ConfigRule], Field(min_length=1)] = [
        ConfigRule(rule) for rule in DEFAULT_CONFIG_RULES
    ]
    excluded_account_ids: list[names.AccountId] = []


class GuardDutySettings(Group):
    """GuardDuty with S3 protection."""

    enabled: bool = False
    detector_id: names.OptionalDetectorId = ""
    organization: bool = False
    frequency: FindingFrequency = FindingFrequency.FIFTEEN_MINUTES


class SecurityHubSettings(Group):
    """Security Hub with standards."""

    enabled: bool = False
    existing: bool = False
    standards: Annotated[list[SecurityStandard], Field(min_length=1)] = [
        SecurityStandard(standard) for standard in DEFAULT_STANDARDS
    ]


class AccessAnalyzerSettings(Group):
    """IAM Access Analyzer."""

    enabled: bool = False
    organization: bool = True


class SecurityServicesSettings(Group):
    """AWS's own security services, each only when asked for."""

    config: ConfigRulesSettings = ConfigRulesSettings()
    guard_duty: GuardDutySettings = GuardDutySettings()
    security_hub: SecurityHubSettings = SecurityHubSettings()
    access_analyzer: AccessAnalyzerSettings = AccessAnalyzerSettings()


class IamProtectionSettings(Group):
    """Whom the IAM policies bind: names of groups, users and roles of this account."""

    groups: list[names.IamName] = []
    users: list[names.IamName] = []
    roles: list[names.IamName] = []
    mfa_groups: list[names.IamName] = []
    mfa_users: list[names.IamName] = []
    mfa_roles: list[names.IamName] = []


class MemberTrailSettings(Group):
    """The data-event trail of every account of some OUs."""

    name: names.TrailName = "DataAccess"
    organizational_units: list[names.UnitId] = []
    data_events: DataEventSettings = S3_AND_LAMBDA


class WorkloadSettings(Group):
    """The data-event trail of one member account."""

    trail_name: names.TrailName = "DataAccess"
    own_bucket: bool = False
    data_events: DataEventSettings = S3_AND_LAMBDA
