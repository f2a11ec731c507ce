"""Whether CloudTrail could deliver: what AWS tries out before it takes a trail's settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox.aws import lookups, request_context
from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudtrail.log_group import check_log_group
from sandbox.aws.patches.cloudtrail.store import SERVICE, topic_arn
from sandbox.aws.patches.s3.state import extras
from sandbox.aws.policy_evaluation import Effect, Principal, Request, decide

if TYPE_CHECKING:
    from moto.cloudtrail.models import Trail

_CLOUDTRAIL = Principal(service=SERVICE)


def check_delivery(trail: Trail) -> None:
    """Try a trail's settings out.

    Raises:
        AwsError: bucket, key, topic, log group or role is missing, or does not let CloudTrail in.
    """
    _check_bucket(trail)
    if trail.kms_key_id:
        _check_key(trail)
    if trail.sns_topic_name:
        _check_topic(trail)
    if trail.cw_log_group_arn or trail.cw_role_arn:
        check_log_group(trail)


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


def _context(trail: Trail) -> dict[str, str]:
    return request_context.of_service(SERVICE, source_arn=trail.arn, account_id=trail.account_id)


def _check_bucket(trail: Trail) -> None:
    """Try the bucket's policy.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    bucket = lookups.bucket(trail.bucket_name)
    if bucket is None:
        message = f"S3 bucket {trail.bucket_name} does not exist!"
        raise AwsError("S3BucketDoesNotExistException", message)
    context = _context(trail)
    write = context | {"s3:x-amz-acl": "bucket-owner-full-control"}
    if trail.kms_key_id:
        write |= {
            "s3:x-amz-server-side-encryption": "aws:kms",
            "s3:x-amz-server-side-encryption-aws-kms-key-id": trail.kms_key_id,
        }
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    owners = [trail.account_id]
    if trail.is_org_trail:
        owners.append(context["aws:SourceOrgID"])
    requests = [Request(_CLOUDTRAIL, "s3:GetBucketAcl", bucket.arn, context)] + [
        Request(
            _CLOUDTRAIL,
            "s3:PutObject",
            f"{bucket.arn}/{prefix}AWSLogs/{owner}/CloudTrail/{trail.region_name}/log.json.gz",
            write,
        )
        for owner in owners
    ]
    policy = json.loads(extras(bucket).policy or "{}")
    for request in requests:
        if decide(policy, request) is not Effect.ALLOW:
            raise AwsError(
                "InsufficientS3BucketPolicyException",
                f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name} "
                f"({SERVICE} may not {request.action} on {request.resource} for {trail.arn})",
            )


def _check_key(trail: Trail) -> None:
    key = lookups.key(trail.kms_key_id, account_id=trail.account_id, region=trail.region_name)
    if key is None:
        raise AwsError("KmsKeyNotFoundException", f"KMS key {trail.kms_key_id} does not exist.")
    if key.key_state != "Enabled":
        raise AwsError("KmsException", f"KMS key {key.arn} is not enabled: {key.key_state}.")
    context = _context(trail) | {"kms:EncryptionContext:aws:cloudtrail:arn": trail.arn}
    request = Request(_CLOUDTRAIL, "kms:GenerateDataKey", key.arn, context)
    if decide(json.loads(key.policy), request) is not Effect.ALLOW:
        raise AwsError(
            "InsufficientEncryptionPolicyException",
            f"Insufficient permissions to access S3 bucket {trail.bucket_name} or KMS key "
            f"{key.arn} ({SERVICE} may not {request.action} with the encryption context of "
            f"{trail.arn})",
        )


def _check_topic(trail: Trail) -> None:
    # Few trails notify: moto's SNS would cost every start.
    from moto.sns.models import sns_backends  # noqa: PLC0415 (see above)

    arn = topic_arn(trail)
    _, _, _, region, account, _ = arn.split(":", 5)
    topic = sns_backends[account][region].topics.get(arn)
    request = Request(_CLOUDTRAIL, "SNS:Publish", arn, _context(trail))
    if topic is None or decide(json.loads(topic.policy), request) is not Effect.ALLOW:
        raise AwsError(
            "InsufficientSnsTopicPolicyException",
            f"SNS Topic {arn} does not exist or the topic policy is incorrect!",
        )
