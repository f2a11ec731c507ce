"""Groups of settings about the logs in their bucket, and who uses them."""

from typing import Annotated, Literal, cast

from cloudtrail_guard import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.log_integrity_role import DEFAULT_AUDIENCE
from cloudtrail_guard.log_queries import DEFAULT_MAX_SCANNED_GIB, DEFAULT_RESULT_DAYS
from cloudtrail_guard.storage.retention import Lifecycle, ObjectLock
from pydantic import Field, model_validator

from stacks import names
from stacks.groups.base import Group


class ObjectLockSettings(Group):
    """The lock on new log files; exactly one of `days` and `years`."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    """`GOVERNANCE` lets break-glass roles through, `COMPLIANCE` nobody until the period ends."""
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """The period in days, or"""
    years: Annotated[int, Field(ge=1, le=100)] | None = None
    """the period in years."""

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
    """When a log file expires, not before the lock ends. 0: never."""
    expire_noncurrent_after_days: Annotated[int, Field(ge=1)] = 90
    """When a version goes that was overwritten or deleted."""
    abort_uploads_after_days: Annotated[int, Field(ge=1)] = 7
    """When an unfinished upload is dropped."""
    glacier_ir_after_days: Annotated[int, Field(ge=0)] = 0
    """When a log file moves to Glacier Instant Retrieval. 0: never."""
    deep_archive_after_days: Annotated[int, Field(ge=0)] = 0
    """When it moves to Glacier Deep Archive, which Athena does not read. 0: never."""

    def value(self) -> Lifecycle:
        """The same as a plain value."""
        return Lifecycle(**self.model_dump())

    def args(self) -> LifecycleArgs:
        """The same as a component's argument."""
        return cast("LifecycleArgs", self.model_dump())


class ReplicaSettings(Group):
    """The copy of the logs in a second region."""

    region: names.OptionalRegion = ""
    """The copy's region, another one of the same partition. Empty: no copy."""
    bucket_name: names.OptionalBucketName = ""
    """The copy's name. Empty: the log bucket's and `-replica`."""
    time_control: bool = False
    """Whether S3 promises to copy within 15 minutes, at extra cost."""


class QuerySettings(Group):
    """The logs as a table of Athena."""

    enabled: bool = True
    """Whether there is a query layer."""
    results_bucket_name: names.OptionalBucketName = ""
    """The bucket for what queries find. Empty: the log bucket's name and `-queries`."""
    account_ids: list[names.AccountId] = Field(default=[])
    """The accounts that are searched. None: each query has to name one."""
    regions: list[names.Region] = Field(default=[])
    """The regions that are searched. None: all."""
    max_scanned_gib: Annotated[int, Field(ge=1)] = DEFAULT_MAX_SCANNED_GIB
    """How much a query may read, in GiB, before it is cancelled."""
    expire_results_after_days: Annotated[int, Field(ge=1)] = DEFAULT_RESULT_DAYS
    """When results are deleted."""


class ReaderSettings(Group):
    """A role that reads logs."""

    role_name: names.RoleName
    """The role's name."""
    trusted_arns: list[names.ReaderArn] = Field(default=[])
    """Who may assume it. None: whom this account's IAM policies let."""
    external_id: str | None = None
    """What they must send along, for a third party."""
    require_mfa: bool = False
    """Whether they must have signed in with MFA, which roles have not."""
    may_query: bool = True
    """Whether it may use the query layer."""


class OidcSettings(Group):
    """Jobs of an OpenID Connect provider that may assume a role."""

    provider_arn: names.OidcProviderArn
    """The provider's ARN, in this account."""
    subjects: Annotated[list[names.OidcSubject], Field(min_length=1)]
    """Whom the tokens name, in full: `repo:owner/name:ref:refs/heads/main`."""
    audience: names.OidcSubject = DEFAULT_AUDIENCE
    """What the tokens are meant for."""


class IntegrityRoleSettings(Group):
    """The role of the job that proves logs to be whole."""

    enabled: bool = True
    """Whether there is such a role."""
    role_name: names.RoleName = "CloudTrailLogIntegrity"
    """The role's name."""
    trusted_arns: list[names.ReaderArn] = Field(default=[])
    """Who may assume it. None, and no `oidc`: whom this account's IAM policies let."""
    oidc: OidcSettings | None = None
    """Jobs that may assume it."""


class LogFeedSettings(Group):
    """The queue that tells a SIEM of every new log file."""

    enabled: bool = False
    """Whether there is a queue."""
    consumer_arns: list[names.ReaderArn] = Field(default=[])
    """Who may receive from it."""
    raw_messages: bool = False
    """Whether messages come without SNS's envelope."""
