"""A replica of the logs in an account of its own."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from cloudtrail_guard.arns import bucket_arn
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.retention import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.replica_bucket import make_replica_bucket
from cloudtrail_guard.storage.replication import check_replication_role


class LogArchiveArgs(TypedDict):
    """The arguments of `LogArchive`."""

    replica_bucket_name: pulumi.Input[str]
    """The replica's name, 3 to 63 characters."""
    replication_role_arn: pulumi.Input[str]
    """ARN of the one role that S3 replicates with, in the log bucket's account: the output
    `role_arn` of `LogReplication`. It need not exist yet."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`; no one outside it gets access, but for that role."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles, best of this account alone, that may delete replicas and change
    bucket and key. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change bucket and key, but not delete replicas. Default: the
    principal that deploys."""
    object_lock: NotRequired[pulumi.Input[ObjectLockArgs]]
    """The lock on what is written here; a replicated log keeps the lock that it has in the log
    bucket. Default: GOVERNANCE for 365 days."""
    lifecycle: NotRequired[pulumi.Input[LifecycleArgs]]
    """When replicas leave the bucket. Default: after seven years."""
    alias: NotRequired[pulumi.Input[str]]
    """The alias of the replica's key, `alias/...`. Default: `alias/` and the component's name."""
    account_id: NotRequired[str]
    """The replica's account, 12 digits. Default: the account that is deployed to."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete bucket and key. Default: true."""


class LogArchive(pulumi.ComponentResource):
    """A locked bucket, with a key of its own, that another account's logs are replicated to.

    Made before `LogReplication`, by the administrators of this account. One role of the other
    account writes replicas and does nothing else here, so that no one there, its administrators
    and its root user included, deletes or unlocks one. Protected, and kept in AWS even when it
    leaves the stack.
    """

    replica_bucket_name: pulumi.Output[str]
    """The replica's name, known once its policy is in place."""
    replica_bucket_arn: pulumi.Output[str]
    """The replica's ARN."""
    replica_key_arn: pulumi.Output[str]
    """ARN of the replica's key."""

    def __init__(
        self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the replica.

        Args:
            name: the component's name.
            args: see `LogArchiveArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the arguments make no policy, lock or lifecycle that AWS would accept, or
                the role is of this account.
        """
        super().__init__("cloudtrail-guard:index:LogArchive", name, {}, opts)
        args = checked_inputs(self, args)
        location = caller_location(self, account=args.get("account_id"))
        role = args["replication_role_arn"]
        compute(self, lambda values: check_replication_role(**values), role=role, replica=location)
        replica = make_replica_bucket(self, args, location, replication_role=role)
        self.replica_bucket_name = replica.policy.bucket
        self.replica_bucket_arn = replica.policy.bucket.apply(
            lambda bucket: bucket_arn(location.partition, bucket)
        )
        self.replica_key_arn = replica.key.arn
        self.register_outputs(
            {
                "replica_bucket_name": self.replica_bucket_name,
                "replica_bucket_arn": self.replica_bucket_arn,
                "replica_key_arn": self.replica_key_arn,
            }
        )
