from dataclasses import replace

import pytest

from stacks.lookups.found import FoundBucket, FoundKey, Lookups
from tests.support.preflight import NOTHING, SECURITY, security


def bucket_in(region: str) -> FoundBucket:
    return FoundBucket(region=region, replication_rules=(), notifications=())


LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
EXISTING_KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/{'0' * 36}"
SOUND_KEY = FoundKey(
    state="Enabled", spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT", manager="CUSTOMER"
)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (Lookups(existing_bucket=bucket_in("eu-west-1")), None),
        (
            Lookups(existing_bucket=bucket_in("us-east-1")),
            "the bucket org-logs is in us-east-1, and this stack is in eu-west-1",
        ),
        (Lookups(absent=frozenset({"existingBucket"})), "there is no bucket org-logs"),
        (
            Lookups(existing_bucket=replace(bucket_in("eu-west-1"), grantees=(LOG_DELIVERY,))),
            f"grants access to {LOG_DELIVERY}: S3 does not switch ACLs off then",
        ),
    ],
)
def test_an_existing_bucket_must_be_there_in_the_stacks_region_with_an_acl_for_its_owner_alone(
    found: Lookups, message: str | None
) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
    """
    findings = security(found=found, bucketName="org-logs", existingBucket=True)

    assert len(findings) == (1 if message else 0)
    assert all(finding.fatal and message and message in finding.text for finding in findings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"state": "Disabled"}, "is in state Disabled"),
        ({"state": "PendingDeletion"}, "is in state PendingDeletion"),
        ({"spec": "RSA_2048"}, "has spec RSA_2048 and usage ENCRYPT_DECRYPT"),
        ({"usage": "SIGN_VERIFY"}, "and usage SIGN_VERIFY"),
        ({"manager": "AWS"}, "is managed by AWS"),
    ],
)
def test_an_existing_key_must_be_able_to_encrypt_logs(
    change: dict[str, str], message: str | None
) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"""
    found = replace(NOTHING, existing_key=replace(SOUND_KEY, **change))

    findings = security(found=found, existingKeyArn=EXISTING_KEY)

    assert len(findings) == (1 if message else 0)
    assert all(finding.fatal and message and message in finding.text for finding in findings)


def test_an_existing_key_that_is_not_there_is_refused() -> None:
    found = replace(NOTHING, absent=frozenset({"existingKeyArn"}))

    (finding,) = security(found=found, existingKeyArn=EXISTING_KEY)

    assert finding.fatal
    assert f"existingKeyArn = {EXISTING_KEY}: there is no such key" in finding.text
