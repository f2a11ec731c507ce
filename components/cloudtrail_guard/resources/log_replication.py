"""Role and rule with which S3 copies a log bucket to its replica."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Location, bucket_arn, parse_arn
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.replica import S3, Replication, replication_policy
from cloudtrail_guard.policies.trust import trust_service
from cloudtrail_guard.resources.options import child_options, keep_generated_name
from cloudtrail_guard.storage.replication import check_replica, replication_rule


def replicate_logs(
    component: pulumi.ComponentResource,
    args: Mapping[str, Any],
    source: Location,
    key: pulumi.Input[str],
    *,
    after: Sequence[pulumi.Resource] = (),
) -> "aws.iam.Role":
    """Make role and rule; the role.

    Args:
        component: the parent, whose name begins the names of the resources.
        args: its arguments.
        source: the log bucket's account and region.
        key: ARN of the replica's key, in the replica's account and region.
        after: what must be there first.
    """
    name = component.pulumi_resource_name

    def options(*depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        kept = args.get("protect", True)
        return child_options(component, protect=kept, retain=True, depends_on=list(depends_on))

    log_bucket, replica = args["log_bucket_name"], args["replica_bucket_name"]
    role = aws.iam.Role(
        f"{name}-role",
        name=args.get("role_name", name),
        description="S3 replicates CloudTrail logs with it",
        assume_role_policy=compute(component, _trust, source=source, bucket=log_bucket),
        opts=options(),
    )
    policy = aws.iam.RolePolicy(
        f"{name}-role",
        role=role.name,
        policy=compute(
            component,
            _permissions,
            source=source,
            source_bucket=log_bucket,
            source_key=args["log_key_arn"],
            bucket=replica,
            key=key,
        ),
        opts=keep_generated_name(options()),
    )
    aws.s3.BucketReplicationConfig(
        f"{name}-replication",
        bucket=log_bucket,
        role=role.arn,
        rules=compute(
            component,
            _rules,
            source=source,
            bucket=replica,
            key=key,
            replication_time=args.get("replication_time_control", False),
        ),
        opts=options(*after, policy),
    )
    return role


def check_destination(
    component: pulumi.ComponentResource,
    args: Mapping[str, Any],
    source: Location,
    replica: pulumi.Input[Location],
) -> None:
    """Reject a replica that would be lost with its source; errors as `check_replica`."""
    compute(
        component,
        lambda values: check_replica(**values),
        source_bucket=args["log_bucket_name"],
        source=source,
        bucket=args["replica_bucket_name"],
        replica=replica,
    )


def _trust(values: dict[str, Any]) -> str:
    source: Location = values["source"]
    bucket = bucket_arn(source.partition, values["bucket"])
    return to_json(trust_service(S3, account=source.account, source_arn=bucket))


def _permissions(values: dict[str, Any]) -> str:
    source: Location = values.pop("source")
    key = parse_arn(values["key"], service="kms", what="replica key")
    return to_json(
        replication_policy(
            Replication(
                partition=source.partition,
                source_region=source.region,
                region=key.region,
                foreign=key.account != source.account,
                **values,
            )
        )
    )


def _rules(values: dict[str, Any]) -> "list[aws.s3.BucketReplicationConfigRuleArgsDict]":
    source: Location = values.pop("source")
    owner = parse_arn(values["key"], service="kms", what="replica key").account
    foreign = None if owner == source.account else owner
    rule = replication_rule(partition=source.partition, account=foreign, **values)
    return [aws.s3.BucketReplicationConfigRuleArgsDict(**rule)]
