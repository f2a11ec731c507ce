"""A copy of the logs in a second region."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import bucket_arn, role_arn
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.retention import (
    LifecycleArgs,
    ObjectLockArgs,
    lifecycle_rules_of,
    lock_rule_of,
    retention_inputs,
)
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_key import DELETION_WINDOW_DAYS
from cloudtrail_guard.policies.replica import (
    S3,
    Replication,
    replica_bucket_policy,
    replica_key_policy,
    replication_policy,
)
from cloudtrail_guard.policies.trust import trust_service
from cloudtrail_guard.resources.caller import caller_location, deployers_of
from cloudtrail_guard.resources.options import child_options, keep_generated_name
from cloudtrail_guard.resources.secured_bucket import secure_bucket
from cloudtrail_guard.storage.replication import check_replica, replication_rule


class LogBucketReplicaArgs(TypedDict):
    """The arguments of `LogBucketReplica`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name: the output `log_bucket_name` of `LogBucket`, in this account and in
    the provider's region. It must have versions."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs there."""
    replica_bucket_name: pulumi.Input[str]
    """The replica's name, 3 to 63 characters."""
    replica_region: str
    """The replica's region: another one of the same partition."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`; no one outside it gets access."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that may delete replicas and change bucket and key. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change bucket and key, but not delete replicas. Default: the
    principal that deploys."""
    object_lock: NotRequired[pulumi.Input[ObjectLockArgs]]
    """The lock on what is written here; a replicated log keeps the lock that it has in the log
    bucket. Default: GOVERNANCE for 365 days."""
    lifecycle: NotRequired[pulumi.Input[LifecycleArgs]]
    """When replicas leave the bucket. Default: after seven years."""
    replication_time_control: NotRequired[bool]
    """Whether S3 promises to replicate within 15 minutes, and measures it. Costs extra. Default:
    false."""
    role_name: NotRequired[str]
    """The name of the role that S3 replicates with. Default: the component's name."""
    alias: NotRequired[pulumi.Input[str]]
    """The alias of the replica's key, `alias/...`. Default: `alias/` and the component's name."""
    account_id: NotRequired[str]
    """The account of both buckets, 12 digits. Default: the account that is deployed to."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete bucket, key and replication. Default: true."""


class LogBucketReplica(pulumi.ComponentResource):
    """A second bucket, in another region, that every log is copied to.

    With a lock from birth, a key and a policy of its own: a principal that is exempt at the log
    bucket alone cannot harm the copy. Delete markers are not copied. Logs that were written before
    the replication began are not copied either: S3 Batch Replication does that, once. Protected,
    and kept in AWS even when it leaves the stack.
    """

    replica_bucket_name: pulumi.Output[str]
    """The replica's name, known once its policy is in place."""
    replica_bucket_arn: pulumi.Output[str]
    """The replica's ARN."""
    replica_key_arn: pulumi.Output[str]
    """ARN of the replica's key."""
    role_arn: pulumi.Output[str]
    """ARN of the role that S3 replicates with."""

    def __init__(
        self, name: str, args: LogBucketReplicaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the replica, and replicate the log bucket to it.

        Args:
            name: the component's name.
            args: see `LogBucketReplicaArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the arguments make no policy, lock or lifecycle that AWS would accept, or
                the replica is in the log bucket's own region.
        """
        super().__init__("cloudtrail-guard:index:LogBucketReplica", name, {}, opts)
        args = checked_inputs(self, args)
        self._prefix = name
        self._args = args
        self._kept: bool = args.get("protect", True)
        self._region = args["replica_region"]
        self._location = caller_location(self, account=args.get("account_id"))
        self._role_name = args.get("role_name", name)
        compute(
            self,
            lambda values: check_replica(**values),
            source_bucket=args["log_bucket_name"],
            source_region=self._location.region,
            bucket=args["replica_bucket_name"],
            region=self._region,
        )
        exempt: dict[str, object] = {
            "break_glass": args["break_glass_role_arns"],
            "deployers": deployers_of(self, args),
        }
        # Everything is checked before the first resource is registered.
        lock = compute(self, lock_rule_of, **retention_inputs(args))
        rules = compute(self, lifecycle_rules_of, **retention_inputs(args))
        policy = compute(
            self,
            _bucket_policy,
            partition=self._location.partition,
            bucket=args["replica_bucket_name"],
            organization_id=args.get("organization_id"),
            replication_role=self._planned_role_arn,
            **exempt,
        )
        key = self._key(exempt)
        attached, versioning = self._bucket(key, lock, rules, policy)
        role, may_replicate = self._role(key)
        self._replicate(key, role, depends_on=[attached, versioning, may_replicate])
        self.replica_bucket_name = attached.bucket
        self.replica_bucket_arn = attached.bucket.apply(
            lambda bucket: bucket_arn(self._location.partition, bucket)
        )
        self.replica_key_arn = key.arn
        self.role_arn = role.arn
        self.register_outputs(
            {
                "replica_bucket_name": self.replica_bucket_name,
                "replica_bucket_arn": self.replica_bucket_arn,
                "replica_key_arn": self.replica_key_arn,
                "role_arn": self.role_arn,
            }
        )

    def _options(self, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        return child_options(self, protect=self._kept, retain=True, depends_on=list(depends_on))

    def _key(self, exempt: dict[str, object]) -> "aws.kms.Key":
        key = aws.kms.Key(
            f"{self._prefix}-key",
            description="Encrypts replicas of CloudTrail logs",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=compute(
                self,
                lambda values: to_json(replica_key_policy(**values)),
                partition=self._location.partition,
                account=self._location.account,
                **exempt,
            ),
            region=self._region,
            opts=self._options(),
        )
        aws.kms.Alias(
            f"{self._prefix}-alias",
            name=self._args.get("alias", f"alias/{self._prefix}"),
            target_key_id=key.key_id,
            region=self._region,
            opts=self._options(),
        )
        return key

    def _bucket(
        self,
        key: "aws.kms.Key",
        lock: "pulumi.Input[aws.s3.BucketObjectLockConfigurationRuleArgsDict]",
        rules: "pulumi.Input[list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]]",
        policy: pulumi.Input[str],
    ) -> "tuple[aws.s3.BucketPolicy, aws.s3.BucketVersioning]":
        bucket = aws.s3.Bucket(
            f"{self._prefix}-bucket",
            bucket=self._args["replica_bucket_name"],
            object_lock_enabled=True,
            region=self._region,
            opts=self._options(),
        )
        secured = secure_bucket(
            self._prefix,
            bucket.bucket,
            kms_key_arn=key.arn,
            region=self._region,
            opts=self._options(),
        )
        aws.s3.BucketObjectLockConfiguration(
            f"{self._prefix}-object-lock",
            bucket=bucket.bucket,
            rule=lock,
            region=self._region,
            opts=self._options(secured.versioning),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._prefix}-lifecycle",
            bucket=bucket.bucket,
            rules=rules,
            region=self._region,
            opts=self._options(secured.versioning),
        )
        attached = aws.s3.BucketPolicy(
            f"{self._prefix}-policy",
            bucket=bucket.bucket,
            policy=policy,
            region=self._region,
            opts=self._options(secured.public_access_block),
        )
        return attached, secured.versioning

    @property
    def _planned_role_arn(self) -> str:
        return role_arn(self._location.partition, self._location.account, self._role_name)

    def _role(self, key: "aws.kms.Key") -> "tuple[aws.iam.Role, aws.iam.RolePolicy]":
        location = self._location
        role = aws.iam.Role(
            f"{self._prefix}-role",
            name=self._role_name,
            description="S3 replicates CloudTrail logs with it",
            assume_role_policy=compute(
                self,
                lambda values: to_json(
                    trust_service(
                        S3,
                        account=location.account,
                        source_arn=bucket_arn(location.partition, values["bucket"]),
                    )
                ),
                bucket=self._args["log_bucket_name"],
            ),
            opts=self._options(),
        )
        policy = aws.iam.RolePolicy(
            f"{self._prefix}-role",
            role=role.name,
            policy=compute(
                self,
                lambda values: to_json(replication_policy(Replication(**values))),
                partition=location.partition,
                source_bucket=self._args["log_bucket_name"],
                source_region=location.region,
                source_key=self._args["log_key_arn"],
                bucket=self._args["replica_bucket_name"],
                region=self._region,
                key=key.arn,
            ),
            opts=keep_generated_name(self._options()),
        )
        return role, policy

    def _replicate(
        self, key: "aws.kms.Key", role: "aws.iam.Role", depends_on: list[pulumi.Resource]
    ) -> None:
        aws.s3.BucketReplicationConfig(
            f"{self._prefix}-replication",
            bucket=self._args["log_bucket_name"],
            role=role.arn,
            rules=compute(
                self,
                _rules,
                partition=self._location.partition,
                bucket=self._args["replica_bucket_name"],
                key=key.arn,
                replication_time=self._args.get("replication_time_control", False),
            ),
            opts=self._options(*depends_on),
        )


def _bucket_policy(values: dict[str, Any]) -> str:
    role = values.pop("replication_role")
    return to_json(replica_bucket_policy(BucketGuard(**values), replication_role=role))


def _rules(values: dict[str, Any]) -> "list[aws.s3.BucketReplicationConfigRuleArgsDict]":
    rule = replication_rule(**values)
    return [aws.s3.BucketReplicationConfigRuleArgsDict(**rule)]
