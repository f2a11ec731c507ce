"""Where the trail of one account writes to: the organization's bucket, or one of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import LogBucket, LogEncryptionKey

from stacks.checks import break_glass_arns, deployer_arns
from stacks.outputs import SecurityOutputs
from stacks.settings import Settings, log_bucket_name
from stacks.surroundings import Surroundings

if TYPE_CHECKING:
    from cloudtrail_guard import LogBucketArgs


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
    access_logs = security.access_log_bucket_name
    return Destination(security.bucket_name, security.key_arn, [access_logs] if access_logs else [])


def own_destination(
    settings: Settings, around: Surroundings, trail: str, organization: str | None
) -> Destination:
    """A bucket and a key of the account's own.

    Args:
        settings: the stack's settings.
        around: where it is deployed.
        trail: ARN of the trail that writes there.
        organization: id of the account's organization, if that shall keep others away.
    """
    break_glass = break_glass_arns(settings, around)
    deployers = deployer_arns(settings, around)
    key = LogEncryptionKey(
        "logs",
        {
            "account_id": around.account,
            "trail_arns": [trail],
            "break_glass_role_arns": break_glass,
            "deployer_role_arns": deployers,
            "reader_arns": settings.reader_arns,
            "alias": settings.key_alias,
            "protect": settings.protect,
        },
    )
    args: LogBucketArgs = {
        "log_bucket_name": log_bucket_name(settings, around.account),
        "log_key_arn": key.log_key_arn,
        "account_trail_arns": [trail],
        "require_source_org_id": settings.require_source_org_id,
        "break_glass_role_arns": break_glass,
        "deployer_role_arns": deployers,
        "reader_arns": settings.reader_arns,
        "object_lock": settings.object_lock.args(),
        "lifecycle": settings.lifecycle.args(),
        "protect": settings.protect,
    }
    if organization is not None:
        args["organization_id"] = organization
    bucket = LogBucket("logs", args)
    access_logs = bucket.access_log_bucket_name.apply(lambda name: name or args["log_bucket_name"])
    return Destination(bucket.log_bucket_name, key.log_key_arn, [access_logs])
