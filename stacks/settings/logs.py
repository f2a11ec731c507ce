"""Settings that are objects: the stored logs, and who uses them."""

from typing import Annotated, Literal, cast

from cloudtrail_guard import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.log_integrity_role import DEFAULT_AUDIENCE
from cloudtrail_guard.log_queries import DEFAULT_MAX_SCANNED_GIB, DEFAULT_RESULT_DAYS
from cloudtrail_guard.storage.retention import Lifecycle, ObjectLock
from pydantic import Field, model_validator

from stacks.settings import identifiers
from stacks.settings.base import Group


class ObjectLockSettings(Group):
    """The lock on new log files; exactly one of `days` and `years`."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    """`GOVERNANCE` can be bypassed by break-glass roles, `COMPLIANCE` by no one until the period
    ends."""
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """The retention period in days, or"""
    years: Annotated[int, Field(ge=1, le=100)] | None = None
    """the retention period in years."""

    @model_validator(mode="after")
    def _one_period(self) -> "ObjectLockSettings":
        if (self.days is None) == (self.years is None):
            raise ValueError("set exactly one of days and years")
        return self

    def value(self) -> ObjectLock:
        """As a plain value."""
        return ObjectLock(**self.model_dump())

    def args(self) -> ObjectLockArgs:
        """As a component's argument."""
        return cast("ObjectLockArgs", self.model_dump(exclude_none=True))


class LifecycleSettings(Group):
    """When log files expire or move to another storage class, in days."""

    expire_after_days: Annotated[int, Field(ge=0)] = 2_557
    """When a log file expires, not before the lock ends. 0: never."""
    expire_noncurrent_after_days: Annotated[int, Field(ge=1)] | None = None
    """When a version that was overwritten or deleted expires, not before log files do unless their
    lock lasts as long. Default: after as many days as log files are kept (90 if their lock lasts as
    long); a log file that expires stays for these days as well."""
    abort_uploads_after_days: Annotated[int, Field(ge=1)] = 7
    """When an unfinished upload is aborted."""
    glacier_ir_after_days: Annotated[int, Field(ge=0)] = 0
    """When a log file moves to Glacier Instant Retrieval. 0: never."""
    deep_archive_after_days: Annotated[int, Field(ge=0)] = 0
    """When it moves to Glacier Deep Archive, which Athena cannot read. 0: never."""

    def value(self) -> Lifecycle:
        """As a plain value."""
        return Lifecycle(**self.model_dump())

    def args(self) -> LifecycleArgs:
        """As a component's argument."""
        return cast("LifecycleArgs", self.model_dump(exclude_none=True))


class ArchiveReference(Group):
    """A replica in another account: the output `archive` of the archive stack there."""

    bucket_name: identifiers.BucketName
    """The replica's name."""
    key_arn: identifiers.KeyArn
    """ARN of the replica's key, in the replica's account and region, which may be the log
    bucket's."""
    break_glass_role_arns: Annotated[list[identifiers.PrincipalArn], Field(min_length=1)]
    """ARNs of its break-glass roles: the guardrails exempt them."""
    deployer_role_arns: Annotated[list[identifiers.PrincipalArn], Field(min_length=1)]
    """ARNs of the roles that deploy it: the guardrails let them change the replica."""

    @property
    def account(self) -> str:
        """The replica's account."""
        return parse_arn(self.key_arn).account

    @property
    def region(self) -> str:
        """The replica's region."""
        return parse_arn(self.key_arn).region


class ReplicaSettings(Group):
    """The replica of the logs, in a second region or in another account."""

    region: identifiers.OptionalRegion = ""
    """The replica's region, another one of the same partition. Empty: no replica here."""
    bucket_name: identifiers.OptionalBucketName = ""
    """The replica's name. Empty: the log bucket's and `-replica`."""
    time_control: bool = False
    """Whether S3 Replication Time Control (15 minutes) is on, at extra cost."""
    archive: ArchiveReference | None = None
    """The replica in another account, in place of one that this stack makes."""

    @property
    def there(self) -> str:
        """The region of the replica, in whichever account. Empty: no replica."""
        return self.region if self.archive is None else self.archive.region

    @model_validator(mode="after")
    def _one_replica(self) -> "ReplicaSettings":
        if self.archive is not None and (self.region or self.bucket_name):
            raise ValueError(
                "takes region and bucketName, for a replica in this account, or archive, for one "
                "in another: a log bucket has one replica; leave either out"
            )
        if not self.there and (self.bucket_name or self.time_control):
            raise ValueError("makes no replica without region; set it, or leave the others out")
        return self


class QuerySettings(Group):
    """The logs as an Athena table."""

    enabled: bool = True
    """Whether the query layer is created."""
    results_bucket_name: identifiers.OptionalBucketName = ""
    """The bucket for query results. Empty: the log bucket's name and `-queries`."""
    account_ids: list[identifiers.AccountId] = Field(default=[])
    """The accounts that are searched. None: each query has to name one."""
    regions: list[identifiers.Region] = Field(default=[])
    """The regions that are searched. None: all."""
    max_scanned_gib: Annotated[int, Field(ge=1)] = DEFAULT_MAX_SCANNED_GIB
    """How much data a query may scan, in GiB, before it is cancelled."""
    expire_results_after_days: Annotated[int, Field(ge=1)] = DEFAULT_RESULT_DAYS
    """When results are deleted."""


class ReaderSettings(Group):
    """A role that may read logs."""

    role_name: identifiers.RoleName
    """The role's name."""
    trusted_arns: list[identifiers.ReaderArn] = Field(default=[])
    """Who may assume it. None: as this account's IAM policies allow."""
    external_id: identifiers.ExternalId | None = None
    """The external ID that a third party must send."""
    require_mfa: bool = False
    """Require MFA. Role sessions carry no MFA and are rejected."""
    may_query: bool = True
    """Whether it may use the query layer."""


class OidcSettings(Group):
    """CI jobs of an OpenID Connect provider that may assume a role."""

    provider_arn: identifiers.OidcProviderArn
    """The provider's ARN, in this account."""
    subjects: Annotated[list[identifiers.OidcSubject], Field(min_length=1)]
    """The tokens' subjects, in full: `repo:owner/name:ref:refs/heads/main`."""
    audience: identifiers.OidcSubject = DEFAULT_AUDIENCE
    """The tokens' audience."""


class IntegrityRoleSettings(Group):
    """The role of the job that validates the logs' integrity."""

    enabled: bool = True
    """Whether the role is created."""
    role_name: identifiers.RoleName = "CloudTrailLogIntegrity"
    """The role's name."""
    trusted_arns: list[identifiers.ReaderArn] = Field(default=[])
    """Who may assume it. None, and no `oidc`: as this account's IAM policies allow."""
    oidc: OidcSettings | None = None
    """CI jobs that may assume it."""


class LogFeedSettings(Group):
    """The queue with a message for every new log file and digest file, for a SIEM."""

    enabled: bool = False
    """Whether the queue is created."""
    consumer_arns: list[identifiers.ReaderArn] = Field(default=[])
    """Who may receive from it."""
    raw_messages: bool = False
    """Whether messages come without SNS's envelope."""
