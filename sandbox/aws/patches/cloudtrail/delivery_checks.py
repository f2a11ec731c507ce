"""Whether CloudTrail could deliver: what AWS tries out before it accepts settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.buckets import extras
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import Permission, ResourcePolicy, may_service, role_may
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.patches.cloudtrail.store import SERVICE, topic_arn
from sandbox.aws.patches.logs.groups import find_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.cloudtrail.models import Trail
    from moto.iam.models import Role

_LOG_GROUP = re.compile(
    r"^arn:aws[a-z-]*:logs:(?P<region>[^:]+):(?P<account>\d{12}):log-group:(?P<name>[^:]+):\*$"
)
_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def check_log_group(trail: Trail) -> None:
    """Try a trail's log group and role out.

    Raises:
        AwsError: there is no such group in the trail's region, CloudTrail may not assume the role,
            or the role may not deliver.
    """
    group = trail.cw_log_group_arn or ""
    match = _LOG_GROUP.match(group)
    if match is None or match["region"] != trail.region_name or not _exists(match):
        raise AwsError(
            "InvalidCloudWatchLogsLogGroupArnException",
            f"CloudTrail cannot validate the specified log group ARN {group!r}: it must be the ARN "
            f"of an existing log group in {trail.region_name}, with :* at its end.",
        )
    role = _trusting_role(trail)
    for stream in _streams(trail, group.removesuffix("*")):
        for action in _ACTIONS:
            if not role_may(role, Permission(action=action, resource=stream), trail.region_name):
                raise AwsError(
                    "InvalidCloudWatchLogsRoleArnException",
                    "Access denied. Verify in IAM that the role has adequate permissions. "
                    f"({role.arn} may not {action} on {stream})",
                )


def _exists(match: re.Match[str]) -> bool:
    return (
        find_group(match["name"], account_id=match["account"], region=match["region"]) is not None
    )


def _trusting_role(trail: Trail) -> Role:
    arn = trail.cw_role_arn or ""
    role = lookups.role(arn)
    trust = ResourcePolicy(text=role.assume_role_policy_document if role else "")
    permission = Permission(action="sts:AssumeRole", resource=arn, policy=trust)
    if role is None or not _may(trail, permission):
        raise AwsError(
            "InvalidCloudWatchLogsRoleArnException",
            f"CloudTrail cannot assume the role {arn!r} to deliver to CloudWatch Logs.",
        )
    return role


def _streams(trail: Trail, group: str) -> Iterator[str]:
    """The streams of the account's own events, and of members' events in an organization trail."""
    yield f"{group}log-stream:{stream_name(trail, trail.account_id, trail.region_name)}"
    organization = trail.is_org_trail and lookups.organization_id(trail.account_id)
    if organization:
        stream = f"{organization}_{trail.account_id}_CloudTrail_{trail.region_name}"
        yield f"{group}log-stream:{stream}"


def stream_name(trail: Trail, account_id: str, region: str) -> str:
    """The log stream that the events of an account in a region go to."""
    organization = account_id != trail.account_id and lookups.organization_id(trail.account_id)
    return f"{organization}_" * bool(organization) + f"{account_id}_CloudTrail_{region}"


def check_delivery(trail: Trail) -> None:
    """Try a trail's settings out.

    Raises:
        AwsError: bucket, key, topic, log group or role is missing, or does not let CloudTrail in.
    """
    owners = [trail.account_id]
    if trail.is_org_trail:
        owners.append(str(lookups.organization_id(trail.account_id)))
    check_bucket(trail, *(f"{folder(trail, owner)}/log.json.gz" for owner in owners))
    check_key(trail)
    if trail.sns_topic_name:
        _check_topic(trail)
    if trail.cw_log_group_arn or trail.cw_role_arn:
        check_log_group(trail)


def folder(trail: Trail, owner: str) -> str:
    """Where a trail's log files are put.

    Args:
        trail: the trail.
        owner: the account, or for members of an organization its id and the account.
    """
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    return f"{prefix}AWSLogs/{owner}/CloudTrail/{trail.region_name}"


def key_arn(trail: Trail, key_id: str) -> str:
    """The ARN of a key that may be named by id, alias or ARN; empty for none.

    The key is in the bucket's region, which need not be the trail's
    (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html).

    Raises:
        AwsError: there is no such key, or it is not where the bucket is.
    """
    if not key_id:
        return ""
    key = lookups.key(key_id, account_id=trail.account_id, region=trail.region_name)
    if key is None:
        raise AwsError("KmsKeyNotFoundException", f"There is no KMS key {key_id}.")
    bucket = lookups.bucket(trail.bucket_name)
    if bucket is not None and bucket.region_name != key.region:
        raise AwsError(
            "KmsKeyNotFoundException",
            f"KMS key {key.arn} is not in {bucket.region_name}, where S3 bucket "
            f"{trail.bucket_name} is.",
        )
    return key.arn


def check_bucket(trail: Trail, *keys: str) -> None:
    """Check that CloudTrail may write objects to a trail's bucket.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html

    Raises:
        AwsError: it may not.
    """
    bucket = lookups.bucket(trail.bucket_name)
    if bucket is None:
        message = f"S3 bucket {trail.bucket_name} does not exist!"
        raise AwsError("S3BucketDoesNotExistException", message)
    write = {"s3:x-amz-acl": "bucket-owner-full-control"}
    if trail.kms_key_id:
        write |= {
            "s3:x-amz-server-side-encryption": "aws:kms",
            "s3:x-amz-server-side-encryption-aws-kms-key-id": trail.kms_key_id,
        }
    wanted = [("s3:GetBucketAcl", bucket.arn, dict[str, str]())]
    wanted += [("s3:PutObject", f"{bucket.arn}/{key}", write) for key in keys]
    for action, resource, keys_of_request in wanted:
        permission = Permission(
            action=action,
            resource=resource,
            owner=bucket.account_id,
            policy=ResourcePolicy(text=extras(bucket).policy),
            context=keys_of_request,
        )
        if not _may(trail, permission):
            raise AwsError(
                "InsufficientS3BucketPolicyException",
                f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name} "
                f"({SERVICE} may not {action} on {resource} for {trail.arn})",
            )


def check_key(trail: Trail) -> None:
    """Check that CloudTrail may encrypt with a trail's key, if it has one.

    Raises:
        AwsError: it may not.
    """
    if not trail.kms_key_id:
        return
    key = lookups.key(trail.kms_key_id, account_id=trail.account_id, region=trail.region_name)
    if key is None:
        raise AwsError("KmsKeyNotFoundException", f"KMS key {trail.kms_key_id} does not exist.")
    if key.key_state != "Enabled":
        raise AwsError("KmsException", f"KMS key {key.arn} is not enabled: {key.key_state}.")
    context = {"kms:EncryptionContext:aws:cloudtrail:arn": trail.arn}
    permission = on_key(key, "kms:GenerateDataKey", context)
    if not _may(trail, permission):
        raise AwsError(
            "InsufficientEncryptionPolicyException",
            f"Insufficient permissions to access S3 bucket {trail.bucket_name} or KMS key "
            f"{key.arn} ({SERVICE} may not {permission.action} with the encryption context of "
            f"{trail.arn})",
        )


def _may(trail: Trail, permission: Permission) -> bool:
    return may_service(SERVICE, permission, source_arn=trail.arn, account_id=trail.account_id)


def _check_topic(trail: Trail) -> None:
    arn = topic_arn(trail)
    topic = lookups.topic(arn)
    policy = ResourcePolicy(text=topic.policy if topic else "")
    account = arn.split(":")[4]
    publish = Permission(action="SNS:Publish", resource=arn, owner=account, policy=policy)
    if topic is None or not _may(trail, publish):
        raise AwsError(
            "InsufficientSnsTopicPolicyException",
            f"SNS Topic {arn} does not exist or the topic policy is incorrect!",
        )
