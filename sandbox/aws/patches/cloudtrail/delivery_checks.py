"""Whether CloudTrail could deliver: what AWS tries out before it takes a trail's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import Permission, ResourcePolicy, may_service
from sandbox.aws.enforcement.services.kms import policy_of
from sandbox.aws.patches.cloudtrail.log_group import check_log_group
from sandbox.aws.patches.cloudtrail.store import SERVICE, topic_arn
from sandbox.aws.patches.s3.state import extras

if TYPE_CHECKING:
    from moto.cloudtrail.models import Trail


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
    permission = Permission(
        action="kms:GenerateDataKey",
        resource=key.arn,
        owner=key.account_id,
        policy=policy_of(key.policy),
        context={"kms:EncryptionContext:aws:cloudtrail:arn": trail.arn},
    )
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
    # Few trails notify: moto's SNS would cost every start.
    from moto.sns.models import sns_backends  # noqa: PLC0415 (see above)

    arn = topic_arn(trail)
    _, _, _, region, account, _ = arn.split(":", 5)
    topic = sns_backends[account][region].topics.get(arn)
    if topic is None or not _may(
        trail,
        Permission(
            action="SNS:Publish",
            resource=arn,
            owner=account,
            policy=ResourcePolicy(text=topic.policy),
        ),
    ):
        raise AwsError(
            "InsufficientSnsTopicPolicyException",
            f"SNS Topic {arn} does not exist or the topic policy is incorrect!",
        )
