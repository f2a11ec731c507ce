"""A replica: key and bucket, in the account of the log bucket or in one of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Location
from cloudtrail_guard.inputs.retention import lifecycle_rules_of, lock_rule_of, retention_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_key import DELETION_WINDOW_DAYS
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy
from cloudtrail_guard.resources.caller import deployers_of
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.resources.secured_bucket import secure_bucket


@dataclass(frozen=True, kw_only=True)
class ReplicaBucket:
    """The resources of a replica that replication waits for.

    Attributes:
        key: encrypts it.
        policy: the bucket's policy.
        versioning: the bucket's versioning.
    """

    key: "aws.kms.Key"
    policy: "aws.s3.BucketPolicy"
    versioning: "aws.s3.BucketVersioning"


def make_replica_bucket(
    component: pulumi.ComponentResource,
    args: Mapping[str, Any],
    location: Location,
    *,
    replication_role: pulumi.Input[str],
) -> ReplicaBucket:
    """Make key and bucket; everything is checked before the first resource is registered.

    Args:
        component: the parent, whose name begins the names of the resources.
        args: its arguments.
        location: the replica's account and region.
        replication_role: ARN of the role that S3 replicates with.

    Raises:
        ArgumentError: the arguments make no policy, lock or lifecycle that AWS would accept.
    """
    name, region = component.pulumi_resource_name, location.region

    def options(*depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        kept = args.get("protect", True)
        return child_options(component, protect=kept, retain=True, depends_on=list(depends_on))

    replica: dict[str, object] = {
        "location": location,
        "bucket": args["replica_bucket_name"],
        "replication_role": replication_role,
        "break_glass": args["break_glass_role_arns"],
        "deployers": deployers_of(component, args),
    }
    lock = compute(component, lock_rule_of, **retention_inputs(args))
    rules = compute(component, lifecycle_rules_of, **retention_inputs(args))
    policy = compute(
        component, _bucket_policy, organization_id=args.get("organization_id"), **replica
    )
    key = aws.kms.Key(
        f"{name}-key",
        description="Encrypts replicas of CloudTrail logs",
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=compute(component, _key_policy, **replica),
        region=region,
        opts=options(),
    )
    aws.kms.Alias(
        f"{name}-alias",
        name=args.get("alias", f"alias/{name}"),
        target_key_id=key.key_id,
        region=region,
        opts=options(),
    )
    bucket = aws.s3.Bucket(
        f"{name}-bucket",
        bucket=args["replica_bucket_name"],
        object_lock_enabled=True,
        region=region,
        opts=options(),
    )
    secured = secure_bucket(name, bucket.bucket, kms_key_arn=key.arn, region=region, opts=options())
    aws.s3.BucketObjectLockConfiguration(
        f"{name}-object-lock",
        bucket=bucket.bucket,
        rule=lock,
        region=region,
        opts=options(secured.versioning),
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket.bucket,
        rules=rules,
        region=region,
        opts=options(secured.versioning),
    )
    attached = aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.bucket,
        policy=policy,
        region=region,
        opts=options(secured.public_access_block),
    )
    return ReplicaBucket(key=key, policy=attached, versioning=secured.versioning)


def _bucket_policy(values: dict[str, Any]) -> str:
    location, role = values.pop("location"), values.pop("replication_role")
    guard = BucketGuard(partition=location.partition, **values)
    return to_json(replica_bucket_policy(guard, account=location.account, replication_role=role))


def _key_policy(values: dict[str, Any]) -> str:
    return to_json(replica_key_policy(values.pop("location"), **values))
