"""Logs in one region, the trail managed from another, tagged and protected as others are."""

import pulumi
import pulumi_aws as aws
from cloudtrail_guard import LogBucket, LogEncryptionKey, ObjectLockMode, Trail

config = pulumi.Config()
log_region = config.require("logRegion")
trail_region = config.require("trailRegion")

TAGS = {"owner": "security", "data": "audit-logs"}
TAGGED = ("aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:cloudtrail/trail:Trail")


def tagged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Give what a component makes the tags that everything has here."""
    if args.type_ not in TAGGED:
        return None
    return pulumi.ResourceTransformResult({**args.props, "tags": TAGS}, args.opts)


def provider(name: str, region: str) -> aws.Provider:
    """A provider of its own for a region."""
    return aws.Provider(name, region=region, profile=config.require("profile"))


logs_here = provider("logs", log_region)
trail_here = provider("trail", trail_region)

account = aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=logs_here)).account_id
# Built from names: key and bucket admit the trail before there is one.
trail_arn = f"arn:aws:cloudtrail:{trail_region}:{account}:trail/Audit"
break_glass = [f"arn:aws:iam::{account}:role/{config.require('breakGlassRole')}"]

key = LogEncryptionKey(
    "logs",
    {"trail_arns": [trail_arn], "break_glass_role_arns": break_glass},
    opts=pulumi.ResourceOptions(provider=logs_here, transforms=[tagged]),
)
logs = LogBucket(
    "audit-logs",
    {
        "log_bucket_name": config.require("bucketName"),
        "log_key_arn": key.log_key_arn,
        "account_trail_arns": [trail_arn],
        "break_glass_role_arns": break_glass,
        "object_lock": {"mode": ObjectLockMode.GOVERNANCE, "days": 90},
        "lifecycle": {"expire_after_days": 365},
    },
    opts=pulumi.ResourceOptions(
        provider=logs_here,
        transforms=[tagged],
        # It was called "logs" before: with the alias, renaming replaces nothing.
        aliases=[pulumi.Alias(name="logs")],
    ),
)
trail = Trail(
    "audit",
    {
        "trail_name": "Audit",
        "log_bucket_name": logs.log_bucket_name,
        "log_key_arn": key.log_key_arn,
    },
    opts=pulumi.ResourceOptions(provider=trail_here, protect=True, transforms=[tagged]),
)

pulumi.export("trailArn", trail.trail_arn)
pulumi.export("bucketName", logs.log_bucket_name)
pulumi.export("keyArn", key.log_key_arn)
