"""KMS as AWS has it: key policies, key states, rotation, keys of other accounts."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import BREAK_GLASS_ROLE, Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, allow, assume, deny, document, refused


@pytest.fixture
def kms(clients: Clients) -> Client:
    return clients("kms", "security")


@pytest.fixture
def administration(organization: Organization) -> dict[str, Any]:
    """The statement without which a key cannot be managed."""
    root = f"arn:aws:iam::{organization.security_account_id}:root"
    return allow({"AWS": root}, "kms:*")


def put_policy(kms: Client, key: str, *statements: dict[str, Any]) -> None:
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(*statements))


def test_a_deny_does_not_bind_whom_its_conditions_exempt(
    kms: Client, key_arn: str, organization: Organization, administration: dict[str, Any]
) -> None:
    exempt = {"StringNotEquals": {"aws:PrincipalArn": organization.roles["security"]}}
    put_policy(kms, key_arn, administration, deny(["kms:DescribeKey"], Condition=exempt))

    assert kms.describe_key(KeyId=key_arn)["KeyMetadata"]["Arn"] == key_arn


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{not json", "valid JSON"),
        (document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}), "Principal"),
        (document({"Effect": "Allow", "Principal": "*", "Action": "kms:*"}), "Resource"),
        (document({"Effect": "Allow", "Principal": "*", "Resource": "*"}), "Action"),
        (document(allow({"AWS": "999999999999"}, "kms:*")), "invalid principal"),
    ],
)
def test_what_is_no_key_policy_is_refused(
    kms: Client, key_arn: str, text: str, message: str
) -> None:
    with refused("MalformedPolicyDocumentException", message):
        kms.put_key_policy(KeyId=key_arn, PolicyName="default", Policy=text)
    with refused("MalformedPolicyDocumentException", message):
        kms.create_key(Policy=text)


def test_a_policy_that_locks_its_writer_out_is_refused(
    kms: Client, key_arn: str, organization: Organization, administration: dict[str, Any]
) -> None:
    only_break_glass = {
        "StringNotEquals": {
            "aws:PrincipalArn": role_arn(organization.security_account_id, BREAK_GLASS_ROLE)
        }
    }
    statements = administration, deny("kms:PutKeyPolicy", Condition=only_break_glass)

    with refused("MalformedPolicyDocumentException", "update the key policy in the future"):
        put_policy(kms, key_arn, *statements)

    kms.put_key_policy(
        KeyId=key_arn,
        PolicyName="default",
        Policy=document(*statements),
        BypassPolicyLockoutSafetyCheck=True,
    )


def test_a_role_that_manages_the_keys_of_its_account_alone_makes_one(
    sandbox: Sandbox, clients: Clients, organization: Organization, administration: dict[str, Any]
) -> None:
    account, root = organization.security_account_id, organization.roles["security"]
    iam = clients("iam", "security")
    trust = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    keys = f"arn:aws:kms:us-east-1:{account}:key/*"
    iam.create_role(RoleName="KeyMaker", AssumeRolePolicyDocument=document(trust))
    policy = document(
        {"Effect": "Allow", "Action": "kms:CreateKey", "Resource": "*"},
        {"Effect": "Allow", "Action": "kms:PutKeyPolicy", "Resource": keys},
    )
    iam.put_role_policy(RoleName="KeyMaker", PolicyName="keys", PolicyDocument=policy)
    kms = assume(sandbox, role_arn(account, "KeyMaker"))("kms")

    assert kms.create_key(Policy=document(administration))["KeyMetadata"]["KeyId"]


def test_a_policy_may_exempt_its_writer_only(
    kms: Client, key_arn: str, organization: Organization, administration: dict[str, Any]
) -> None:
    deployer = {"StringNotEquals": {"aws:PrincipalArn": organization.roles["security"]}}
    put_policy(kms, key_arn, administration, deny("kms:PutKeyPolicy", Condition=deployer))

    policy = kms.get_key_policy(KeyId=key_arn, PolicyName="default")["Policy"]

    assert "kms:PutKeyPolicy" in policy


def test_a_policy_of_more_than_32_kb_is_refused(
    kms: Client, key_arn: str, administration: dict[str, Any]
) -> None:
    more = [{**deny("kms:Decrypt"), "Sid": "s" * 100 + str(n)} for n in range(200)]
    with refused("LimitExceededException", "32768"):
        put_policy(kms, key_arn, administration, *more)


def test_rotation_keeps_its_period(kms: Client, key_arn: str) -> None:
    assert kms.get_key_rotation_status(KeyId=key_arn)["KeyRotationEnabled"] is False

    kms.enable_key_rotation(KeyId=key_arn, RotationPeriodInDays=180)
    status = kms.get_key_rotation_status(KeyId=key_arn)

    created = kms.describe_key(KeyId=key_arn)["KeyMetadata"]["CreationDate"]
    assert status["KeyRotationEnabled"] is True
    assert status["RotationPeriodInDays"] == 180
    assert (status["NextRotationDate"] - created).days == 180


def test_rotation_is_yearly_when_nothing_is_said(kms: Client, key_arn: str) -> None:
    kms.enable_key_rotation(KeyId=key_arn)

    assert kms.get_key_rotation_status(KeyId=key_arn)["RotationPeriodInDays"] == 365


def test_a_rotation_period_out_of_range_is_refused(kms: Client, key_arn: str) -> None:
    with refused("ValidationException", "less than or equal to 2560"):
        kms.enable_key_rotation(KeyId=key_arn, RotationPeriodInDays=2561)


def test_an_asymmetric_key_does_not_rotate(kms: Client) -> None:
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with refused("UnsupportedOperationException"):
        kms.enable_key_rotation(KeyId=key)


def test_deletion_waits_for_its_window(kms: Client, key_arn: str) -> None:
    answer = kms.schedule_key_deletion(KeyId=key_arn, PendingWindowInDays=7)

    described = kms.describe_key(KeyId=key_arn)["KeyMetadata"]
    assert answer["KeyId"] == key_arn
    assert (answer["KeyState"], answer["PendingWindowInDays"]) == ("PendingDeletion", 7)
    assert described["DeletionDate"] == answer["DeletionDate"]


@pytest.mark.parametrize("days", [6, 31])
def test_a_deletion_window_out_of_range_is_refused(kms: Client, key_arn: str, days: int) -> None:
    with refused("ValidationException", "7 and 30"):
        kms.schedule_key_deletion(KeyId=key_arn, PendingWindowInDays=days)


USES: list[Callable[[Client, str], object]] = [
    lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    lambda kms, key: kms.enable_key(KeyId=key),
    lambda kms, key: kms.enable_key_rotation(KeyId=key),
    lambda kms, key: kms.create_alias(AliasName="alias/late", TargetKeyId=key),
    lambda kms, key: kms.encrypt(KeyId=key, Plaintext=b"x"),
    lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
]


@pytest.mark.parametrize("use", USES)
def test_a_key_that_waits_for_its_deletion_is_of_no_use(
    kms: Client, key_arn: str, use: Callable[[Client, str], object]
) -> None:
    kms.enable_key_rotation(KeyId=key_arn)
    kms.schedule_key_deletion(KeyId=key_arn)

    with refused("KMSInvalidStateException", "is pending deletion"):
        use(kms, key_arn)

    assert kms.get_key_rotation_status(KeyId=key_arn)["KeyRotationEnabled"] is False


def test_a_cancelled_deletion_leaves_a_disabled_key(kms: Client, key_arn: str) -> None:
    kms.schedule_key_deletion(KeyId=key_arn)
    assert kms.cancel_key_deletion(KeyId=key_arn)["KeyId"] == key_arn

    with refused("DisabledException"):
        kms.encrypt(KeyId=key_arn, Plaintext=b"x")
    kms.enable_key(KeyId=key_arn)

    assert kms.encrypt(KeyId=key_arn, Plaintext=b"x")["KeyId"] == key_arn


def test_names_of_aws_are_refused_as_aliases(kms: Client, key_arn: str) -> None:
    with refused("NotAuthorizedException"):
        kms.create_alias(AliasName="alias/aws/mine", TargetKeyId=key_arn)


def test_the_key_that_aws_manages_is_found_by_its_alias(kms: Client) -> None:
    metadata = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]

    assert metadata["KeyState"] == "Enabled"


def test_a_key_of_another_account_is_described_where_its_policy_allows(
    clients: Clients,
    kms: Client,
    key_arn: str,
    organization: Organization,
    administration: dict[str, Any],
) -> None:
    theirs = clients("kms", "management")
    alias = key_arn.partition(":key/")[0] + ":alias/shared"
    kms.create_alias(AliasName="alias/shared", TargetKeyId=key_arn)
    with refused("AccessDeniedException", "kms:DescribeKey"):
        theirs.describe_key(KeyId=key_arn)

    caller = {"AWS": organization.management_account_id}
    put_policy(kms, key_arn, administration, allow(caller, "kms:DescribeKey"))

    assert theirs.describe_key(KeyId=key_arn)["KeyMetadata"]["Arn"] == key_arn
    assert theirs.describe_key(KeyId=alias)["KeyMetadata"]["Arn"] == key_arn
    with refused("AccessDeniedException", "kms:PutKeyPolicy"):
        theirs.put_key_policy(KeyId=key_arn, PolicyName="default", Policy=document(administration))


def test_a_key_of_another_region_is_not_found(clients: Clients, key_arn: str) -> None:
    with refused("NotFoundException"):
        clients("kms", "security", "eu-west-1").describe_key(KeyId=key_arn)


def test_a_replica_stands_on_its_own(clients: Clients, kms: Client) -> None:
    primary = kms.create_key(MultiRegion=True, Description="primary")["KeyMetadata"]
    tags = [{"TagKey": "owner", "TagValue": "security"}]

    made = kms.replicate_key(
        KeyId=primary["Arn"], ReplicaRegion="eu-west-1", Description="replica", Tags=tags
    )["ReplicaKeyMetadata"]

    there = clients("kms", "security", "eu-west-1")
    replica = there.describe_key(KeyId=primary["KeyId"])["KeyMetadata"]
    again = kms.describe_key(KeyId=primary["KeyId"])["KeyMetadata"]
    assert made["Arn"] == replica["Arn"] == primary["Arn"].replace("us-east-1", "eu-west-1")
    assert replica["Description"] == "replica"
    assert replica["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert there.list_resource_tags(KeyId=primary["KeyId"])["Tags"] == tags
    assert again["Description"] == "primary"
    assert again["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"
    with refused("AlreadyExistsException"):
        kms.replicate_key(KeyId=primary["KeyId"], ReplicaRegion="eu-west-1")
    with refused("NotImplemented", "replicas"):
        kms.schedule_key_deletion(KeyId=primary["KeyId"])


def test_a_single_region_key_is_not_replicated(kms: Client, key_arn: str) -> None:
    with refused("UnsupportedOperationException", "multi-Region"):
        kms.replicate_key(KeyId=key_arn, ReplicaRegion="eu-west-1")


def test_a_key_made_without_more_encrypts_and_decrypts_in_one_region(clients: Clients) -> None:
    kms = clients("kms", "security")

    made = kms.create_key()["KeyMetadata"]

    assert (made["KeyUsage"], made["MultiRegion"]) == ("ENCRYPT_DECRYPT", False)
    described = kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"]
    assert (described["KeyUsage"], described["MultiRegion"]) == ("ENCRYPT_DECRYPT", False)
