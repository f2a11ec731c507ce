"""The replication of the logs to another account."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from typing import NotRequired, TypedDict

import pulumi

from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.log_replication import check_destination, replicate_logs
from cloudtrail_guard.storage.replication import location_of_key


class LogReplicationArgs(TypedDict):
    """The arguments of `LogReplication`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name: the output `log_bucket_name` of `LogBucket`, in this account and in
    the provider's region. It must have versions."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs there."""
    replica_bucket_name: pulumi.Input[str]
    """The replica's name: an output of `LogArchive`, in another account."""
    replica_key_arn: pulumi.Input[str]
    """ARN of the replica's key: an output of `LogArchive`. Its account and its region are the
    replica's."""
    replication_time_control: NotRequired[bool]
    """Whether S3 promises to replicate within 15 minutes, and measures it. Costs extra. Default:
    false."""
    role_name: NotRequired[str]
    """The name of the role that S3 replicates with, which `LogArchive` admits. Default: the
    component's name."""
    account_id: NotRequired[str]
    """The log bucket's account, 12 digits. Default: the account that is deployed to."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete role and replication. Default: true."""


class LogReplication(pulumi.ComponentResource):
    """Role and rule with which S3 copies every log to a `LogArchive`, in another account.

    It may be in the log bucket's own region, where logs may not leave that one; it is then lost
    with the region, as the log bucket is.

    Delete markers are not copied. Logs that were written before the replication began are not
    copied either: S3 Batch Replication does that, once. Protected, and kept in AWS even when it
    leaves the stack.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role that S3 replicates with."""

    def __init__(
        self, name: str, args: LogReplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Replicate the log bucket.

        Args:
            name: the component's name.
            args: see `LogReplicationArgs`.
            opts: resource options; children inherit provider and protection.

        Raises:
            ArgumentError: the replica is in the log bucket's own account and region, or in another
                partition.
        """
        super().__init__("cloudtrail-guard:index:LogReplication", name, {}, opts)
        args = checked_inputs(self, args)
        source = caller_location(self, account=args.get("account_id"))
        key = args["replica_key_arn"]
        replica = compute(
            self, lambda values: location_of_key(**values), key=key, partition=source.partition
        )
        check_destination(self, args, source, replica)
        self.role_arn = replicate_logs(self, args, source, key).arn
        self.register_outputs({"role_arn": self.role_arn})
