"""Whether the log bucket and the log key that exist already can be used."""

from collections.abc import Iterator

from cloudtrail_guard.arns import parse_arn

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.names import log_bucket_name
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import SecuritySettings


def check_existing_bucket(
    context: DeploymentContext[SecuritySettings], found: Lookups
) -> Iterator[Finding]:
    """The bucket exists, in the stack's region, and its ACL grants nothing to others.

    CloudTrail needs bucket and key in one region; S3 switches ACLs off only where they give nothing
    to anyone but the owner.

    Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html.
    """
    bucket = log_bucket_name(context)
    if "existingBucket" in found.absent:
        yield Finding(
            f"{NAMESPACE}:existingBucket = true: there is no bucket {bucket}; set "
            f"{NAMESPACE}:bucketName to the bucket that exists, or existingBucket to false"
        )
    if found.existing_bucket and found.existing_bucket.region != context.region:
        yield Finding(
            f"{NAMESPACE}:existingBucket = true: the bucket {bucket} is in "
            f"{found.existing_bucket.region}, and this stack is in {context.region}: CloudTrail "
            f"needs bucket and key in one region; set aws:region to {found.existing_bucket.region}"
        )
    if found.existing_bucket and found.existing_bucket.grantees:
        yield Finding(
            f"{NAMESPACE}:existingBucket = true: the ACL of the bucket {bucket} grants access to "
            f"{', '.join(found.existing_bucket.grantees)}: S3 does not switch ACLs off then "
            "(InvalidBucketAclWithObjectOwnership); give by bucket policy what is still needed, "
            "and remove the grants with "
            f"aws s3api put-bucket-acl --bucket {bucket} --acl private"
        )


def check_existing_key(
    context: DeploymentContext[SecuritySettings], found: Lookups
) -> Iterator[Finding]:
    """The key is one of this account and region that can encrypt logs.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html.
    """
    arn = context.settings.existing_key_arn
    if not arn:
        return
    setting, place = f"{NAMESPACE}:existingKeyArn = {arn}", parse_arn(arn)
    if place.region != context.region:
        yield Finding(
            f"{setting} is in another region than the bucket ({context.region}): CloudTrail needs "
            "both in one region"
        )
    if place.account != context.account:
        yield Finding(
            f"{setting} belongs to account {place.account}, and this stack is deployed to account "
            f"{context.account}: it could neither read the key nor change its policy; name a key "
            "of this account, or leave existingKeyArn out for a new one"
        )
    if "existingKeyArn" in found.absent:
        yield Finding(f"{setting}: there is no such key; name one that exists, or leave it out")
    key = found.existing_key
    if key is None:
        return
    problems = {
        "is managed by AWS, whose key policy cannot be changed": key.manager != "CUSTOMER",
        f"is in state {key.state}": key.state != "Enabled",
        f"has spec {key.spec} and usage {key.usage}": (
            (key.spec, key.usage) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        ),
    }
    for problem, applies in problems.items():
        if applies:
            yield Finding(
                f"{setting} {problem}: CloudTrail needs an enabled symmetric customer managed key"
            )
