"""The settings: one typed, validated value for a stack.

Every key of the namespace ``cloudtrail-guard`` is declared here and, with the same type, default
and description, in ``Pulumi.yaml``; a test holds the two together.
"""

from typing import Annotated, Literal, cast

from cloudtrail_guard import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.documents.selectors import INSIGHT_TYPES
from cloudtrail_guard.retention import Lifecycle, ObjectLock, check_retention
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from stacks import names

NAMESPACE = "cloudtrail-guard"

Role = Literal["security", "management"]
ROLES: tuple[Role, ...] = ("security", "management")


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

    def value(self) -> Lifecycle:
        """The same as a plain value."""
        return Lifecycle(**self.model_dump())

    def args(self) -> LifecycleArgs:
        """The same as a component's argument."""
        return cast("LifecycleArgs", self.model_dump())


class DataEventSettings(Group):
    """Which data events the organization trail records; they cost extra."""

    s3: bool = False
    lambda_functions: bool = Field(default=False, alias="lambda")


class GuardrailSettings(Group):
    """What the service control policies cover, and where they hang."""

    targets: list[names.TargetId] = []
    trails: Annotated[list[names.TrailPattern], Field(min_length=1)] = ["*"]
    exempt_role_arns: list[names.PrincipalArn] = []
    policy_size: Annotated[int, Field(ge=1_024, le=10_240)] = 5_120
    policies_per_target: Annotated[int, Field(ge=2, le=10)] = 5


class Settings(Group):
    """All settings of one stack. Empty text means: find it out, or use the default that is said."""

    role: Literal["", "security", "management"] = Field(
        default="",
        description="What this stack deploys: security (key and log bucket, in the security "
        "account) or management (trail and guardrails, in the management account). Default: the "
        "last part of the stack's name, so that prod-security is a security stack.",
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
        "lock ends; 0: never), expireNoncurrentAfterDays, abortUploadsAfterDays.",
    )

    security_stack: names.OptionalStackReference = Field(
        default="",
        description="management: the security stack as <organization>/<project>/<stack>. Default: "
        "this stack's organization and project, and its name with security for management.",
    )
    data_events: DataEventSettings = Field(
        default=DataEventSettings(),
        description="management: data events that the trail records, at extra cost: s3 (every "
        "object but the logs), lambda (every invocation).",
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
        "(beside the break-glass roles), policySize and policiesPerTarget (AWS quotas).",
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
