"""Where a single account's trail delivers: to the organization's bucket, or one of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import LogBucket, LogEncryptionKey

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns
from stacks.names import log_bucket_name
from stacks.outputs import SecurityOutputs
from stacks.planned_documents import PlannedDocument, planned_key, storage_documents
from stacks.settings.roles import LogStorageSettings, WorkloadSettings

if TYPE_CHECKING:
    from cloudtrail_guard import LogBucketArgs, LogEncryptionKeyArgs


@dataclass(frozen=True)
class Destination:
    """A bucket that admits the trail, and its key.

    Attributes:
        bucket: the bucket's name.
        key_arn: ARN of the key that encrypts.
        access_logs: names of the buckets with its access logs, whose events are not recorded.
    """

    bucket: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    access_logs: list[pulumi.Input[str]]


def shared_destination(security: SecurityOutputs) -> Destination:
    """The organization's bucket and key."""
    return Destination(security.bucket_name, security.key_arn, [*security.access_log_bucket_names])


def own_destination(context: DeploymentContext[LogStorageSettings], trail: str) -> Destination:
    """A bucket and a key of the account's own, for the trail with this ARN."""
    key = LogEncryptionKey("logs", own_key_args(context, trail))
    args: LogBucketArgs = {**own_bucket_args(context, trail), "log_key_arn": key.log_key_arn}
    bucket = LogBucket("logs", args)
    access_logs = bucket.access_log_bucket_name.apply(lambda name: name or args["log_bucket_name"])
    return Destination(bucket.log_bucket_name, key.log_key_arn, [access_logs])


def own_documents(
    context: DeploymentContext[LogStorageSettings], trail: str
) -> list[PlannedDocument[str]]:
    """The policies of such a bucket and key."""
    return storage_documents(own_key_args(context, trail), own_bucket_args(context, trail))


def own_key_args(
    context: DeploymentContext[LogStorageSettings], trail: str
) -> "LogEncryptionKeyArgs":
    """The arguments of such a key."""
    settings = context.settings
    return {
        "account_id": context.account,
        "trail_arns": [trail],
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "reader_arns": settings.reader_arns,
        "alias": settings.key_alias,
        "protect": settings.protect,
    }


def own_bucket_args(context: DeploymentContext[LogStorageSettings], trail: str) -> "LogBucketArgs":
    """The arguments of such a bucket, with a key that is still to be made."""
    settings = context.settings
    args: LogBucketArgs = {
        "log_bucket_name": log_bucket_name(context),
        "log_key_arn": planned_key(context),
        "account_trail_arns": [trail],
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "backup_role_arns": settings.backup_role_arns,
        "reader_arns": settings.reader_arns,
        "object_lock": settings.object_lock.args(),
        "lifecycle": settings.lifecycle.args(),
        "protect": settings.protect,
    }
    if isinstance(settings, WorkloadSettings):
        # Keeps everyone outside the organization out.
        args["organization_id"] = context.organization.id
        args["require_source_org_id"] = settings.require_source_org_id
    return args
