"""Whom a statement admits, by the meaning of "public".

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
A policy is not public if it grants access to fixed values only: "values that don't contain a
wildcard or an AWS Identity and Access Management Policy Variable".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.iam.callers import (
    admits_anyone,
    denies_all_but_named,
    is_pattern_of_principals,
)

from tests.policypack.iam.test_documents import only

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.values import Value

ROLE = "arn:aws:iam::111122223333:role/Auditor"
POINT = "arn:aws:s3:eu-west-1:111122223333:accesspoint"
HALF = ["0.0.0.0/1", "128.0.0.0/1"]

NARROWED: list[tuple[str, str, Value]] = [
    # The keys of the page, each with a fixed value.
    ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    ("StringEquals", "AWS:principalORGid", ["o-a1b2c3d4e5", "o-b1b2c3d4e5"]),
    ("StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    ("StringEqualsIgnoreCase", "aws:PrincipalAccount", "111122223333"),
    ("ArnEquals", "aws:PrincipalArn", ROLE),
    ("StringEquals", "aws:PrincipalServiceName", "config.amazonaws.com"),
    ("IpAddress", "aws:SourceIp", "192.0.2.0/24"),
    ("IpAddress", "aws:SourceIp", "192.0.2.1"),
    ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "2001:db8::/32"]),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:111122223333:topic"),
    ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::other-bucket"),
    ("StringEquals", "aws:SourceVpc", "vpc-91237329"),
    ("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d"),
    ("StringEquals", "aws:SourceOwner", "111122223333"),
    ("StringEquals", "aws:SourceAccount", "111122223333"),
    ("StringEquals", "aws:userid", "AIDAJQABLZS4A3QDU576Q"),
    ("StringLike", "aws:userid", "AROADBQP57FF2AEXAMPLE:*"),
    ("StringEquals", "s3:DataAccessPointAccount", "111122223333"),
    ("StringLike", "s3:DataAccessPointArn", f"{POINT}/*"),
    ("StringEquals", "kms:CallerAccount", "111122223333"),
    # Wildcards that stay within one account or organization.
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/team/*"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-1/*"),
    ("StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5"),
]
OPEN: list[tuple[str, str, Value]] = [
    # "vpc-*" is the page's own example; the others are of its kind.
    ("StringLike", "aws:SourceVpc", "vpc-*"),
    ("StringLike", "aws:SourceVpce", "vpce-?*"),
    ("StringLike", "aws:PrincipalOrgID", "o-*"),
    ("StringLike", "aws:PrincipalOrgID", ["o-a1b2c3d4e5", "*"]),
    ("StringLike", "aws:PrincipalAccount", "1111*"),
    ("StringLike", "aws:SourceAccount", "*"),
    ("StringLike", "aws:userid", "AROA*"),
    ("StringLike", "aws:userid", "*:session"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Auditor"),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/Auditor", ROLE]),
    ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/Auditor"),
    ("ArnLike", "aws:SourceArn", "arn:aws:cloudtrail:*:*:trail/audit"),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"),
    ("StringLike", "s3:DataAccessPointArn", "arn:aws:s3:*:*:accesspoint/audit"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "*"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-ab12/*"),
    # Policy variables take the caller's own value.
    ("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"),
    ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/Auditor"),
    # "values broader than /8 for IPv4 and /32 for IPv6", in pieces too.
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/1"),
    ("IpAddress", "aws:SourceIp", "12.0.0.0/7"),
    ("IpAddress", "aws:SourceIp", ["192.0.2.0/24", "::/0"]),
    ("IpAddress", "aws:SourceIp", "2001:d00::/24"),
    ("IpAddress", "aws:SourceIp", [*HALF]),
    ("IpAddress", "aws:SourceIp", [f"{each}.0.0.0/8" for each in range(256)]),
    ("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"),
    ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
    # Conditions that a request without the key passes, or that leave out some callers alone.
    ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/"),
    ("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    ("Null", "aws:PrincipalOrgID", "false"),
    # Keys that anybody's request can have.
    ("Bool", "aws:SecureTransport", "true"),
    ("Bool", "aws:PrincipalIsAWSService", "true"),
    ("StringEquals", "aws:PrincipalTag/team", "audit"),
    ("StringEquals", "aws:username", "auditor"),
    ("StringEquals", "aws:PrincipalType", "AssumedRole"),
    ("StringLike", "aws:Referer", "https://example.com/*"),
    ("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"),
    ("StringEquals", "kms:EncryptionContext:team", "audit"),
]


def _admits(principal: dict[str, Value], condition: Value = None, effect: str = "Allow") -> bool:
    return admits_anyone(
        only({"Effect": effect, "Action": "s3:GetObject", "Condition": condition, **principal})
    )


@pytest.mark.parametrize(("operator", "key", "value"), NARROWED)
def test_fixed_values_narrow_everybody(operator: str, key: str, value: Value) -> None:
    assert not _admits({"Principal": "*"}, {operator: {key: value}})


@pytest.mark.parametrize(("operator", "key", "value"), OPEN)
def test_all_other_conditions_leave_a_statement_public(
    operator: str, key: str, value: Value
) -> None:
    assert _admits({"Principal": {"AWS": "*"}}, {operator: {key: value}})


@pytest.mark.parametrize(
    ("principal", "public"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": ["*"]}, True),
        ({"Principal": {"AWS": ["111122223333", "*"]}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::*:role/Auditor"}}, True),
        ({"Principal": {"Federated": "graph.facebook.com"}}, True),
        ({"NotPrincipal": {"AWS": ROLE}}, True),
        ({"Principal": {"AWS": ROLE}}, False),
        ({"Principal": {"AWS": "111122223333"}}, False),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, False),
        ({"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}}, False),
        ({"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/x"}}, False),
    ],
)
def test_a_statement_is_public_by_its_principal(principal: dict[str, Value], public: bool) -> None:
    assert _admits(principal) is public
    assert not _admits(principal, effect="Deny")


def test_one_condition_of_several_is_enough() -> None:
    conditions: Value = {
        "StringLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"},
        "StringEquals": {"aws:SourceAccount": "111122223333"},
    }

    assert not _admits({"Principal": "*"}, conditions)


DENIES: list[tuple[dict[str, Value], bool]] = [
    ({}, True),
    ({"Principal": "*"}, True),
    ({"NotPrincipal": {"AWS": ROLE}}, True),
    ({"Condition": {"ArnNotLike": {"aws:PrincipalArn": ROLE}}}, True),
    ({"Condition": {"ArnNotLikeIfExists": {"aws:PrincipalArn": [ROLE]}}}, True),
    ({"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/BreakGlass"}}}, True),
    ({"Condition": {"StringNotLike": {"aws:userid": "AROADBQP57FF2AEXAMPLE:*"}}}, True),
    ({"Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}, True),
    ({"Principal": {"AWS": ROLE}}, False),
    ({"Condition": {"ArnNotLike": {"aws:PrincipalArn": "*"}}}, False),
    ({"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}}, False),
    ({"Condition": {"ArnLike": {"aws:PrincipalArn": ROLE}}}, False),
    ({"Condition": {"StringNotLike": {"aws:userid": "*:session"}}}, False),
    ({"Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}, False),
    ({"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "security"}}}, False),
    ({"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}, False),
    ({"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}, False),
    ({"Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, False),
    ({"Condition": {"Bool": {"aws:ViaAWSService": "false"}}}, False),
]


@pytest.mark.parametrize(("statement", "denies"), DENIES)
def test_a_denial_holds_for_all_but_named_principals(
    statement: dict[str, Value], denies: bool
) -> None:
    given: dict[str, Value] = {"Effect": "Deny", "Action": "s3:*", **statement}

    assert denies_all_but_named(only(given)) is denies


# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
@pytest.mark.parametrize(
    ("arn", "is_pattern"),
    [
        (ROLE, False),
        (
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_A_*",
            False,
        ),
        ("arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*", False),
        ("arn:aws-cn:iam::111122223333:role/aws-reserved/sso.amazonaws.com.cn/*", False),
        ("arn:aws:iam::111122223333:role/aws-service-role/organizations.amazonaws.com/*", False),
        ("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_A_*", True),
        ("arn:aws:iam::111122223333:role/AWSReservedSSO_A_*", True),
        ("arn:aws:iam::111122223333:role/*", True),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/BreakGlass", True),
        ("arn:aws:iam::111122223333:root", True),
        ("*", True),
    ],
)
def test_others_can_create_a_principal_that_a_pattern_matches(arn: str, is_pattern: bool) -> None:
    assert is_pattern_of_principals(arn) is is_pattern
