"""The bucket that keeps the logs."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
import json
from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
from pulumi.output import Unknown

from cloudtrail_guard import quotas
from cloudtrail_guard.access_log_bucket import AccessLogBucket
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.retention import (
    LifecycleArgs,
    ObjectLockArgs,
    lifecycle_rules_of,
    lock_days_of,
    lock_rule_of,
    retention_inputs,
)
from cloudtrail_guard.inputs.values import compute, plain_values
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_bucket import (
    BUCKET_POLICY_SIDS,
    LogBucketAccess,
    log_bucket_policy,
)
from cloudtrail_guard.policies.merge import merge_policies
from cloudtrail_guard.resources.caller import deployers_of
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.resources.secured_bucket import secure_bucket
from cloudtrail_guard.storage.adoption import change_of_key, changes_on_adoption

ACCESS_LOG_SUFFIX = "-access-logs"
MAX_BUCKET_NAME = 63


class LogBucketArgs(TypedDict):
    """The arguments of `LogBucket`."""

    log_bucket_name: pulumi.Input[str]
    """The bucket's name, 3 to 63 characters."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts by default what is written to the bucket."""
    organization_trail_arn: NotRequired[pulumi.Input[str]]
    """ARN of the organization trail that writes here. Built from names, it need not exist yet."""
    account_trail_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of single accounts' trails that write here."""
    member_trail_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of trails with which any account of the organization writes here, under its own id.
    Needs `organization_id`. Default: none."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`; no one outside it gets access. Required with an organization
    trail."""
    require_source_org_id: NotRequired[pulumi.Input[bool]]
    """Whether CloudTrail's writes must carry the organization's id (`aws:SourceOrgID`) besides the
    trail's ARN. Default: true."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that may delete logs and change the bucket. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change the bucket, but not delete logs. Default: the
    principal that deploys."""
    backup_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles with which AWS Backup copies the bucket: they change its event
    notifications, and nothing else. Default: none."""
    reader_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the principals that may read logs."""
    object_lock: NotRequired[pulumi.Input[ObjectLockArgs]]
    """The lock on new log files. Default: GOVERNANCE for 365 days."""
    lifecycle: NotRequired[pulumi.Input[LifecycleArgs]]
    """When log files leave the bucket. Default: after seven years. An existing bucket keeps its
    own lifecycle rules unless this is given."""
    access_log_bucket_name: NotRequired[pulumi.Input[str]]
    """Name of the bucket, made here, for the server access logs. Default: the bucket's name and
    `-access-logs`. An existing bucket keeps its own access logging unless this is given."""
    existing_bucket: NotRequired[bool]
    """Whether the bucket exists already: then it is secured as it is, its policy is extended, and
    nothing of it is replaced or deleted. Default: false."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete the bucket and what secures it. Default: true."""


class LogBucket(pulumi.ComponentResource):
    """A bucket that CloudTrail writes to and that is protected from tampering.

    Object Lock from birth, versions, SSE-KMS, no public access, no ACLs, server access logs, a
    lifecycle, and one policy. Protected, and kept in AWS even when it leaves the stack.
    """

    log_bucket_name: pulumi.Output[str]
    """The bucket's name, known once its policy is in place: what a trail should be given."""
    log_bucket_arn: pulumi.Output[str]
    """The bucket's ARN."""
    bucket_policy: pulumi.Output[str]
    """The bucket policy as JSON."""
    access_log_bucket_name: pulumi.Output[str | None]
    """The name of the bucket with the server access logs, if it was made here."""

    def __init__(
        self, name: str, args: LogBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the bucket, or secure an existing one.

        Args:
            name: the component's name.
            args: see `LogBucketArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the arguments make no policy, lock or lifecycle that AWS would accept, or
                the lifecycle is shorter than the lock.
        """
        super().__init__("cloudtrail-guard:index:LogBucket", name, {}, opts)
        args = checked_inputs(self, args)
        self._prefix = name
        self._kept: bool = args.get("protect", True)
        existing = args.get("existing_bucket", False)
        lock = compute(self, lock_rule_of, **retention_inputs(args))
        rules = compute(self, lifecycle_rules_of, **retention_inputs(args))
        policy = self._policy(args)

        bucket = self._find(args) if existing else self._make(args)
        secured = secure_bucket(
            name, bucket.bucket, kms_key_arn=args["log_key_arn"], opts=self._options()
        )
        locked = aws.s3.BucketObjectLockConfiguration(
            f"{name}-object-lock",
            bucket=bucket.bucket,
            rule=lock,
            opts=self._options(secured.versioning),
        )
        if not existing or "lifecycle" in args:
            aws.s3.BucketLifecycleConfiguration(
                f"{name}-lifecycle",
                bucket=bucket.bucket,
                rules=rules,
                opts=self._options(secured.versioning),
            )
        if existing:
            policy = self._merge(bucket, policy)
            self._announce(bucket, args)
        attached = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=policy,
            opts=self._options(secured.public_access_block, secured.versioning),
        )
        self.access_log_bucket_name = pulumi.Output.from_input(None)
        if not existing or "access_log_bucket_name" in args:
            self.access_log_bucket_name = self._log_access(bucket, args)
        self.log_bucket_arn = bucket.arn
        # Through the policy, so that a resource that uses the name waits until CloudTrail may write
        # and versioning is on, which replication needs; and through the lock: a log file that is
        # delivered before it is never locked.
        self.log_bucket_name = pulumi.Output.all(attached.bucket, locked.bucket).apply(
            lambda names: names[0]
        )
        self.bucket_policy = attached.policy
        self.register_outputs(
            {
                "log_bucket_name": self.log_bucket_name,
                "log_bucket_arn": self.log_bucket_arn,
                "bucket_policy": self.bucket_policy,
                "access_log_bucket_name": self.access_log_bucket_name,
            }
        )

    def _options(self, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        """What secures the bucket is kept as the bucket is: alone, neither protects anything."""
        return child_options(self, protect=self._kept, retain=True, depends_on=list(depends_on))

    def _make(self, args: LogBucketArgs) -> "aws.s3.Bucket":
        return aws.s3.Bucket(
            f"{self._prefix}-bucket",
            bucket=args["log_bucket_name"],
            object_lock_enabled=True,
            opts=self._options(),
        )

    def _find(self, args: LogBucketArgs) -> "aws.s3.Bucket":
        return aws.s3.Bucket.get(
            f"{self._prefix}-existing-bucket", args["log_bucket_name"], opts=self._options()
        )

    def _policy(self, args: LogBucketArgs) -> pulumi.Input[str]:
        return compute(self, _policy, **_access(args), deployers=self._deployers(args))

    def _deployers(self, args: LogBucketArgs) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
        return deployers_of(self, args)

    def _merge(self, bucket: "aws.s3.Bucket", policy: pulumi.Input[str]) -> pulumi.Input[str]:
        def merge(values: dict[str, Any]) -> str:
            ours = json.loads(values["ours"])
            merged = merge_policies(
                values["existing"], ours, BUCKET_POLICY_SIDS, quotas.BUCKET_POLICY
            )
            for sid in merged.replaced:
                self._say(f"policy statement {sid} is replaced by the one of this component")
            return to_json(merged.policy)

        return compute(self, merge, existing=_live(bucket, "policy"), ours=policy)

    def _announce(self, bucket: "aws.s3.Bucket", args: LogBucketArgs) -> None:
        """Say, in preview already, what of the existing bucket will be different afterwards."""
        encryption = _live(bucket, "server_side_encryption_configuration")
        self._say_all(
            changes_on_adoption,
            versioning=_live(bucket, "versioning"),
            encryption=encryption,
            logging=_live(bucket, "logging"),
            lifecycle=_live(bucket, "lifecycle_rules"),
            object_lock=_live(bucket, "object_lock_configuration"),
            payer=_live(bucket, "request_payer"),
            access_log_bucket=args.get("access_log_bucket_name"),
            wants_lifecycle="lifecycle" in args,
            lock_days=compute(self, lock_days_of, **retention_inputs(args)),
        )
        # By itself, because a key that is made at the same time is not known in preview.
        self._say_all(change_of_key, encryption=encryption, kms_key_arn=args["log_key_arn"])

    def _say_all(self, find: Callable[..., list[str]], **inputs: object) -> None:
        def say(values: dict[str, Any]) -> None:
            for change in find(**values):
                self._say(change)

        compute(self, say, **inputs)

    def _say(self, change: str) -> None:
        pulumi.log.info(f"existing bucket: {change}", resource=self)

    def _log_access(self, bucket: "aws.s3.Bucket", args: LogBucketArgs) -> pulumi.Output[str]:
        target = AccessLogBucket(
            f"{self._prefix}-access-logs",
            {
                "access_log_bucket_name": args["access_log_bucket_name"]
                if "access_log_bucket_name" in args
                else compute(self, _access_log_name, bucket=args["log_bucket_name"]),
                "log_bucket_name": args["log_bucket_name"],
                "break_glass_role_arns": args["break_glass_role_arns"],
                "deployer_role_arns": self._deployers(args),
                "protect": self._kept,
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.s3.BucketLogging(
            f"{self._prefix}-logging",
            bucket=bucket.bucket,
            target_bucket=target.access_log_bucket_name,
            target_prefix="access/",
            opts=self._options(),
        )
        return target.access_log_bucket_name


def _live(bucket: "aws.s3.Bucket", attribute: str) -> pulumi.Output[Any]:
    """What AWS says of an existing bucket; None where the bucket has nothing of the kind.

    These attributes are deprecated as inputs; reading them by name does not warn the user about
    something that the user did not write. What a read does not answer counts as unknown in
    preview, so an attribute is only known to be absent once the bucket has been read.
    """
    if not hasattr(aws.s3.Bucket, attribute):
        raise AttributeError(f"aws.s3.Bucket has no output {attribute!r}")
    value: pulumi.Output[Any] = pulumi.get(bucket, attribute)
    answered = value.apply(
        lambda live: None if isinstance(live, Unknown) else live, run_with_unknowns=True
    )
    return pulumi.Output.all(bucket.arn, answered).apply(lambda both: both[1])


def _access_log_name(values: dict[str, Any]) -> str:
    name = f"{values['bucket']}{ACCESS_LOG_SUFFIX}"
    if len(name) > MAX_BUCKET_NAME:
        raise InvalidValueError(
            f"access_log_bucket_name is not set, and the default {name!r} has {len(name)} "
            f"characters, more than the {MAX_BUCKET_NAME} that S3 allows: set it to a shorter name"
        )
    return name


def planned_bucket_policy(args: LogBucketArgs) -> str:
    """The policy that a component makes of plain arguments.

    Raises:
        InvalidValueError: the arguments make no policy that AWS would accept.
    """
    return _policy(plain_values({**_access(args), "deployers": args.get("deployer_role_arns", ())}))


def _access(args: LogBucketArgs) -> dict[str, object]:
    """Who may do what, but for the deployers."""
    return {
        "bucket": args["log_bucket_name"],
        "organization_trail": args.get("organization_trail_arn"),
        "account_trails": args.get("account_trail_arns", ()),
        "member_trails": args.get("member_trail_names", ()),
        "organization_id": args.get("organization_id"),
        "require_source_org_id": args.get("require_source_org_id", True),
        "break_glass": args["break_glass_role_arns"],
        "backup_roles": args.get("backup_role_arns", ()),
        "readers": args.get("reader_arns", ()),
    }


def _policy(values: dict[str, Any]) -> str:
    return to_json(log_bucket_policy(LogBucketAccess(**values)))
