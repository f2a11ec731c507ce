"""S3 as AWS has it: bucket policies, and callers from other accounts."""

import json
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.organization import BREAK_GLASS_ROLE, Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, allow, deny, document, fetch, refused


def arn(bucket: str, path: str = "") -> str:
    return f"arn:aws:s3:::{bucket}{path}"


def put_policy(clients: Clients, bucket: str, *statements: dict[str, Any]) -> None:
    clients("s3", "security").put_bucket_policy(Bucket=bucket, Policy=document(*statements))


def test_a_policy_comes_back_as_it_was_put_and_goes(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    text = document(deny("s3:DeleteObject", arn(bucket, "/*")))

    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == text

    s3.delete_bucket_policy(Bucket=bucket)
    with refused("NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=bucket)


def test_a_deny_does_not_bind_whom_its_conditions_exempt(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    put_policy(
        clients,
        bucket,
        deny("s3:*", arn(bucket, "/*"), Condition={"Bool": {"aws:SecureTransport": "false"}}),
    )

    s3.put_object(Bucket=bucket, Key="log", Body=b"x")
    answer = s3.get_object(Bucket=bucket, Key="log")
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "log"}]})

    assert answer["Body"].read() == b"x"
    assert "Errors" not in deleted


ROOT = {"AWS": "123456789012"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{not json", "valid JSON"),
        ("[]", "first byte"),
        ("{}", "Missing required field Statement"),
        (document({"Effect": "Allow", "Action": "s3:*", "Resource": "R"}), "Principal"),
        (document({"Effect": "Allow", "Principal": ROOT, "Action": "s3:*"}), "Resource"),
        (document({"Effect": "Allow", "Principal": ROOT, "Resource": "R"}), "Action"),
        (document({**allow(ROOT, "s3:*", "R"), "Effect": "Maybe"}), "Invalid effect"),
        (document({**allow(ROOT, "s3:*", "R"), "Efect": "Deny"}), "Unknown field Efect"),
        (document(allow(ROOT, "s3:GetObject", "arn:aws:s3:::other/*")), "invalid resource"),
        (document(allow(ROOT, "ec2:RunInstances", "BUCKET")), "invalid action"),
        (document(allow(ROOT, "s3:GetObject", "BUCKET")), "does not apply to any resource"),
        (document(allow(ROOT, "s3:ListBucket", "BUCKET/*")), "does not apply to any resource"),
        (document(allow(ROOT, [], "BUCKET")), "must not be empty"),
        (
            document(allow(ROOT, "s3:*", "BUCKET", Condition={"StringIs": {"a:b": "c"}})),
            "Invalid Condition type",
        ),
        (
            document(
                allow(ROOT, "s3:*", "BUCKET", Condition={"NumericLessThan": {"s3:TlsVersion": "x"}})
            ),
            "no value for the condition type NumericLessThan",
        ),
        (
            document(
                allow(ROOT, "s3:*", "BUCKET", Condition={"NotIpAddress": {"aws:SourceIp": "10.0"}})
            ),
            "no value for the condition type IpAddress",
        ),
        (document(*[allow(ROOT, "s3:*", "BUCKET", Sid="same")] * 2), "must be unique"),
    ],
)
def test_what_is_no_bucket_policy_is_refused(
    clients: Clients, bucket: str, text: str, message: str
) -> None:
    with refused("MalformedPolicy", message):
        clients("s3", "security").put_bucket_policy(
            Bucket=bucket, Policy=text.replace("BUCKET", arn(bucket))
        )


def test_a_policy_of_more_than_20_kb_is_refused(clients: Clients, bucket: str) -> None:
    statement = deny("s3:DeleteObject", arn(bucket, "/*"))
    with refused("MalformedPolicy", "20480"):
        put_policy(clients, bucket, *[{**statement, "Sid": f"s{n}"} for n in range(200)])


@pytest.mark.parametrize(
    "principal",
    [
        "arn:aws:iam::SECURITY:role/Absent",
        "arn:aws:iam::SECURITY:user/absent",
        "arn:aws:iam::SECURITY:role/*",
        "arn:aws:sts::SECURITY:assumed-role/Absent/session",
        "999999999999",
        "AdminRole",
    ],
)
def test_a_principal_that_does_not_exist_is_refused(
    clients: Clients, organization: Organization, bucket: str, principal: str
) -> None:
    named = principal.replace("SECURITY", organization.security_account_id)
    with refused("MalformedPolicy", "Invalid principal in policy"):
        put_policy(clients, bucket, allow({"AWS": named}, "s3:GetObject", arn(bucket, "/*")))


def test_principals_that_exist_are_taken(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    principals = {
        "AWS": [
            organization.workload_account_id,
            f"arn:aws:iam::{organization.management_account_id}:root",
            f"arn:aws:iam::{organization.management_account_id}:user/operator",
            role_arn(organization.security_account_id, BREAK_GLASS_ROLE),
        ],
        "Service": "cloudtrail.amazonaws.com",
    }
    put_policy(clients, bucket, allow(principals, "s3:GetObject", arn(bucket, "/*")))


@pytest.mark.parametrize(
    ("condition", "public"),
    [
        ({}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ],
)
def test_a_public_policy_is_refused_where_blocked(
    clients: Clients, bucket: str, condition: dict[str, Any], *, public: bool
) -> None:
    s3 = clients("s3", "security")
    statement = allow("*", "s3:GetObject", arn(bucket, "/*"), Condition=condition)
    if public:
        with refused("AccessDenied", "BlockPublicPolicy"):
            put_policy(clients, bucket, statement)
        s3.delete_public_access_block(Bucket=bucket)

    put_policy(clients, bucket, statement)

    status = s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]
    assert status["IsPublic"] is public


def test_another_account_may_do_nothing_without_a_policy(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "workload")
    with refused("403"):
        s3.head_bucket(Bucket=bucket)
    for call in (s3.list_objects_v2, s3.get_bucket_versioning, s3.delete_bucket):
        with refused("AccessDenied"):
            call(Bucket=bucket)
    with refused("AccessDenied"):
        s3.put_object(Bucket=bucket, Key="log", Body=b"")


def test_another_account_may_do_what_the_policy_allows(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    role = {"AWS": organization.roles["workload"]}
    put_policy(
        clients,
        bucket,
        allow(role, "s3:ListBucket", arn(bucket)),
        allow(role, ["s3:PutObject", "s3:GetObject"], arn(bucket, "/*")),
        deny("s3:GetObject", arn(bucket, "/secret/*")),
    )
    s3 = clients("s3", "workload")

    s3.head_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="secret/log", Body=b"x")
    s3.put_object(Bucket=bucket, Key="log", Body=b"x")

    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2
    assert s3.get_object(Bucket=bucket, Key="log")["Body"].read() == b"x"
    with refused("AccessDenied"):
        s3.get_object(Bucket=bucket, Key="secret/log")
    with refused("AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="log")


def test_the_organization_can_be_let_in_as_a_whole(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization.id}}
    put_policy(clients, bucket, allow("*", "s3:ListBucket", arn(bucket), Condition=condition))

    assert clients("s3", "workload").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_wrong_expected_owner_is_refused(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    s3 = clients("s3", "security")
    s3.get_bucket_versioning(Bucket=bucket, ExpectedBucketOwner=organization.security_account_id)
    with refused("AccessDenied"):
        s3.get_bucket_versioning(
            Bucket=bucket, ExpectedBucketOwner=organization.workload_account_id
        )


def test_an_anonymous_caller_is_refused(sandbox: Sandbox, bucket: str) -> None:
    anonymous = boto3.client(
        "s3",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    )
    with refused("AccessDenied"):
        anonymous.list_objects_v2(Bucket=bucket)
    with refused("AccessDenied", "Anonymous"):
        anonymous.list_buckets()


def test_a_presigned_url_acts_for_its_signer(
    clients: Clients, sandbox: Sandbox, bucket: str
) -> None:
    clients("s3", "security").put_object(Bucket=bucket, Key="log", Body=b"x")
    signer = sandbox.session("security").client(
        "s3", region_name="us-east-1", config=Config(signature_version="s3v4")
    )
    url = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "log"})

    assert fetch(url) == (200, b"x")


def test_a_policy_with_an_operator_that_is_not_evaluated_says_so(
    clients: Clients, bucket: str
) -> None:
    condition = {"DateGreaterThan": {"aws:PrincipalArn": "2026-01-01T00:00:00Z"}}
    put_policy(clients, bucket, deny("s3:ListBucket", arn(bucket), Condition=condition))

    with refused("NotImplemented", "DateGreaterThan"):
        clients("s3", "workload").list_objects_v2(Bucket=bucket)


def test_a_policy_is_put_as_json(clients: Clients, bucket: str) -> None:
    put_policy(clients, bucket, deny("s3:DeleteObject", arn(bucket, "/*")))

    answer = clients("s3", "security").get_bucket_policy(Bucket=bucket)

    assert json.loads(answer["Policy"])["Version"] == "2012-10-17"


def test_a_presigned_address_is_as_good_as_its_signer(sandbox: Sandbox, bucket: str) -> None:
    s3: Any = sandbox.session("security").client("s3", config=Config(signature_version="s3v4"))
    s3.put_object(Bucket=bucket, Key="a", Body=b"text")

    address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})

    assert fetch(address) == (200, b"text")


def test_an_error_names_what_there_is_none_of(clients: Clients, bucket: str) -> None:
    s3: Any = clients("s3", "security")

    with pytest.raises(ClientError) as caught:
        s3.get_bucket_policy(Bucket=bucket)
    assert caught.value.response["Error"]["BucketName"] == bucket


def test_a_storage_class_that_there_is_not_has_a_code_of_its_own(
    clients: Clients, bucket: str
) -> None:
    with refused("InvalidStorageClass"):
        clients("s3", "security").put_object(Bucket=bucket, Key="a", StorageClass="COLD")
