"""A copy of the logs in a second region."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from cloudtrail_guard.arns import Location, bucket_arn, role_arn
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.retention import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.log_replication import check_destination, replicate_logs
from cloudtrail_guard.resources.replica_bucket import make_replica_bucket


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
        source = caller_location(self, account=args.get("account_id"))
        there = Location(
            partition=source.partition, account=source.account, region=args["replica_region"]
        )
        check_destination(self, args, source, there)
        replica = make_replica_bucket(
            self,
            args,
            there,
            replication_role=role_arn(
                source.partition, source.account, args.get("role_name", name)
            ),
        )
        role = replicate_logs(
            self, args, source, replica.key.arn, after=[replica.policy, replica.versioning]
        )
        self.replica_bucket_name = replica.policy.bucket
        self.replica_bucket_arn = replica.policy.bucket.apply(
            lambda bucket: bucket_arn(source.partition, bucket)
        )
        self.replica_key_arn = replica.key.arn
        self.role_arn = role.arn
        self.register_outputs(
            {
                "replica_bucket_name": self.replica_bucket_name,
                "replica_bucket_arn": self.replica_bucket_arn,
                "replica_key_arn": self.replica_key_arn,
                "role_arn": self.role_arn,
            }
        )
