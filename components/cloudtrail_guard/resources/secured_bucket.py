"""What every bucket here has: no public access, no ACLs, versions, encryption, a paying owner."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class SecuredBucket:
    """The resources around a bucket's name.

    Attributes:
        versioning: Object Lock and lifecycle need it first.
        public_access_block: the policy needs it first, so that it is never public.
    """

    versioning: "aws.s3.BucketVersioning"
    public_access_block: "aws.s3.BucketPublicAccessBlock"


def secure_bucket(
    name: str,
    bucket: pulumi.Input[str],
    *,
    kms_key_arn: pulumi.Input[str] | None,
    region: str | None = None,
    opts: pulumi.ResourceOptions,
) -> SecuredBucket:
    """Secure a bucket.

    Args:
        name: prefix of the resources' names.
        bucket: the bucket's name.
        kms_key_arn: encrypts with this key (SSE-KMS with a bucket key), or with S3's own (SSE-S3):
            S3 delivers server access logs to SSE-S3 buckets only.
        region: the bucket's region; None is the provider's.
        opts: options of every resource.
    """
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket,
        versioning_configuration={"status": "Enabled"},
        region=region,
        opts=opts,
    )
    public_access_block = aws.s3.BucketPublicAccessBlock(
        f"{name}-public-access-block",
        bucket=bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=region,
        opts=opts,
    )
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket,
        rule={"object_ownership": "BucketOwnerEnforced"},
        region=region,
        opts=opts,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket,
        rules=[_encryption(kms_key_arn)],
        region=region,
        opts=opts,
    )
    # The default, stated, since no preview compares what no resource states: neither CloudTrail nor
    # S3's access logs are delivered to a bucket whose requester pays
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html).
    aws.s3.BucketRequestPaymentConfiguration(
        f"{name}-request-payment", bucket=bucket, payer="BucketOwner", region=region, opts=opts
    )
    return SecuredBucket(versioning, public_access_block)


def _encryption(
    kms_key_arn: pulumi.Input[str] | None,
) -> "aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict":
    if kms_key_arn is None:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    return {
        "apply_server_side_encryption_by_default": {
            "sse_algorithm": "aws:kms",
            "kms_master_key_id": kms_key_arn,
        },
        "bucket_key_enabled": True,
    }
