"""What one policy says about one request."""

from typing import Any

import pytest

from sandbox.aws.policy_conditions import UnknownKeyError, UnknownOperatorError
from sandbox.aws.policy_evaluation import Grant, Principal, Request, evaluate
from sandbox.aws.s3_actions import s3_permission
from sandbox.tests.effects import Effect, decide
from sandbox.tests.support import allow

ROLE = "arn:aws:iam::111122223333:role/ops/Deploy"
SESSION = "arn:aws:sts::111122223333:assumed-role/Deploy/s"
DEPLOYER = Principal(account_id="111122223333", arns=(ROLE, SESSION))
SERVICE = Principal(service="cloudtrail.amazonaws.com")
ANYBODY = Principal()

READ = "s3:GetObject"
LOG = "arn:aws:s3:::logs/a"


def says(
    *statements: dict[str, Any],
    principal: Principal = DEPLOYER,
    action: str = READ,
    resource: str = LOG,
    **context: Any,
) -> Effect:
    keys = {name.replace("__", ":"): value for name, value in context.items()}
    return decide({"Statement": list(statements)}, Request(principal, action, resource, keys))


def test_an_empty_policy_says_nothing() -> None:
    assert says() is Effect.NONE


def test_a_statement_may_stand_without_a_list() -> None:
    request = Request(DEPLOYER, READ, LOG)

    assert decide({"Statement": allow("*", "s3:*")}, request) is Effect.ALLOW


def test_a_deny_outweighs_every_allow() -> None:
    denied = {**allow("*", READ), "Effect": "Deny"}

    assert says(allow("*", "s3:*"), denied) is Effect.DENY


@pytest.mark.parametrize(
    ("named", "principal", "applies"),
    [
        ("*", ANYBODY, True),
        ({"AWS": "*"}, ANYBODY, True),
        ({"AWS": "111122223333"}, DEPLOYER, True),
        ({"AWS": "arn:aws:iam::111122223333:root"}, DEPLOYER, True),
        ({"AWS": ROLE}, DEPLOYER, True),
        ({"AWS": SESSION}, DEPLOYER, True),
        ({"AWS": ["444455556666", ROLE]}, DEPLOYER, True),
        ({"AWS": "444455556666"}, DEPLOYER, False),
        ({"AWS": "111122223333"}, ANYBODY, False),
        ({"AWS": ROLE + "2"}, DEPLOYER, False),
        ({"Service": "cloudtrail.amazonaws.com"}, SERVICE, True),
        ({"Service": "config.amazonaws.com"}, SERVICE, False),
        ({"Service": "cloudtrail.amazonaws.com"}, DEPLOYER, False),
        ({"Federated": "accounts.google.com"}, DEPLOYER, False),
    ],
)
def test_a_statement_names_principals(
    named: object, principal: Principal, *, applies: bool
) -> None:
    expected = Effect.ALLOW if applies else Effect.NONE

    assert says(allow(named, "s3:*"), principal=principal) is expected


def test_not_principal_is_everybody_else() -> None:
    statement = {"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "*", "Resource": "*"}

    assert says(statement) is Effect.NONE
    assert says(statement, principal=SERVICE) is Effect.DENY


@pytest.mark.parametrize(
    ("element", "applies"),
    [
        ({"Action": "*"}, True),
        ({"Action": "S3:getobject"}, True),
        ({"Action": "s3:Get*"}, True),
        ({"Action": ["s3:PutObject", "s3:Get?bject"]}, True),
        ({"Action": "s3:GetObjectVersion"}, False),
        ({"NotAction": "s3:PutObject"}, True),
        ({"NotAction": "s3:*"}, False),
    ],
)
def test_actions_ignore_case_and_take_wildcards(element: dict[str, Any], *, applies: bool) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Resource": "*", **element}

    assert (says(statement) is Effect.ALLOW) is applies


@pytest.mark.parametrize(
    ("element", "applies"),
    [
        ({"Resource": LOG}, True),
        ({"Resource": "arn:aws:s3:::logs/*"}, True),
        ({"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::lo?s/a"]}, True),
        ({"Resource": "arn:aws:s3:::LOGS/a"}, False),
        ({"Resource": "arn:aws:s3:::logs"}, False),
        ({"Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket}/a"}, True),
        ({"NotResource": "arn:aws:s3:::other"}, True),
        ({"NotResource": "arn:aws:s3:::logs/*"}, False),
        ({}, True),
    ],
)
def test_resources_keep_case_and_take_wildcards_and_variables(
    element: dict[str, Any], *, applies: bool
) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", **element}
    answer = decide(
        {"Statement": [statement]},
        Request(DEPLOYER, READ, LOG, {"aws:PrincipalTag/bucket": "logs"}),
    )

    assert (answer is Effect.ALLOW) is applies


ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "holds"),
    [
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("ForAnyValue:StringNotEquals", ["a"], None, False),
        ("ForAnyValue:StringEqualsIfExists", ["a"], None, True),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "b"], False),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], None, True),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("IpAddress", ["192.0.2.1", "2001:db8::/32"], "2001:db8::1", True),
        ("IpAddress", "10.0.0.0/8", "192.0.2.1", False),
        ("NotIpAddress", "10.0.0.0/8", "192.0.2.1", True),
        ("NotIpAddress", "10.0.0.0/8", None, True),
        ("ArnNotLike", "arn:aws:iam::*:role/a", None, True),
        ("ArnNotLikeIfExists", "arn:aws:iam::*:role/a", None, True),
        ("StringNotLike", "a*", None, True),
        ("Null", False, None, False),
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEqualsIfExists", "a", "b", False),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", "a", None, True),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringLike", "a*", "abc", True),
        ("StringLike", "a?", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("ArnLike", "arn:aws:cloudtrail:*:111122223333:trail/*", ARN, True),
        ("ArnEquals", "arn:aws:cloudtrail:us-east-1:*:trail/audit", ARN, True),
        ("ArnLike", "arn:aws:*", ARN, False),
        ("ArnNotLike", "arn:aws:cloudtrail:*:444455556666:trail/*", ARN, True),
        ("Bool", "false", "false", True),
        ("Bool", False, "false", True),
        ("Bool", "true", "false", False),
        ("Bool", "false", None, False),
        ("BoolIfExists", "false", None, True),
        ("NumericLessThan", "1.2", "1.1", True),
        ("NumericLessThan", "1.2", "1.2", False),
        ("NumericLessThanEquals", "1.2", "1.2", True),
        ("NumericGreaterThan", "1", "2", True),
        ("NumericGreaterThanEquals", "2", "2", True),
        ("NumericEquals", "2", "2.0", True),
        ("NumericNotEquals", "2", "2", False),
        ("Null", "true", None, True),
        ("Null", "true", "a", False),
        ("Null", "false", "a", True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["a"], ["c", "b"], False),
        ("ForAnyValue:StringEquals", ["a"], None, False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a"], ["a", "b"], False),
        ("ForAllValues:StringEquals", ["a"], None, True),
    ],
)
def test_conditions_hold(operator: str, wanted: object, found: object, *, holds: bool) -> None:
    context: dict[str, Any] = {} if found is None else {"aws__userid": found}
    statement = allow("*", "*", Condition={operator: {"AWS:UserId": wanted}})

    assert (says(statement, **context) is Effect.ALLOW) is holds


def test_all_conditions_must_hold() -> None:
    condition = {"StringEquals": {"a:b": "1", "a:c": "2"}}
    statement = allow("*", "*", Condition=condition)

    assert says(statement, a__b="1", a__c="2") is Effect.ALLOW
    assert says(statement, a__b="1", a__c="3") is Effect.NONE


def test_an_operator_that_is_not_known_is_an_error_where_it_would_count() -> None:
    statement = allow("*", READ, Condition={"DateLessThan": {"aws:userid": "2026-01-01T00:00:00Z"}})

    with pytest.raises(UnknownOperatorError, match=r"DateLessThan.*it knows StringEquals"):
        says(statement, aws__userid="a")
    assert says(statement, action="s3:PutObject", aws__userid="a") is Effect.NONE


@pytest.mark.parametrize(
    "operator",
    [
        "DateLessThan",
        "ForAnyValue:DateLessThan",
        "ForSomeValues:StringEquals",
        "NotBool",
        "NullIfExists",
        "BinaryEquals",
        "StringEqual",
    ],
)
def test_an_operator_that_is_not_known_is_an_error_next_to_a_condition_that_fails(
    operator: str,
) -> None:
    condition = {"StringEquals": {"aws:userid": "b"}, operator: {"aws:userid": "a"}}

    with pytest.raises(UnknownOperatorError, match="is not evaluated in the sandbox"):
        says(allow("*", READ, Condition=condition), aws__userid="a")


def test_a_key_that_is_not_known_is_an_error_next_to_a_condition_that_fails() -> None:
    condition = {"StringEquals": {"aws:userid": "b", "aws:PrincipalTag/team": "a"}}

    with pytest.raises(UnknownKeyError, match="aws:PrincipalTag/team"):
        says(allow("*", READ, Condition=condition), aws__userid="a")


def test_a_key_that_is_not_known_is_an_error_where_it_would_count() -> None:
    statement = allow("*", READ, Condition={"StringNotEquals": {"aws:PrincipalTag/team": "a"}})

    with pytest.raises(UnknownKeyError, match=r"aws:PrincipalTag/team.*keys\.py"):
        says(statement)
    assert says(statement, action="s3:PutObject") is Effect.NONE
    known = Request(DEPLOYER, READ, LOG, {"aws:PrincipalTag/team": "b"})
    assert decide({"Statement": statement}, known) is Effect.ALLOW


@pytest.mark.parametrize(
    ("resource", "applies"),
    [
        ("arn:aws:s3:::${aws:username}/a", True),
        ("arn:aws:s3:::${AWS:UserName}/*", True),
        ("arn:aws:s3:::${aws:userid}/*", False),
        ("arn:aws:s3:::lo${aws:userid}gs/*", False),
        ("arn:aws:s3:::${s3:prefix}*", False),
        ("arn:aws:s3:::logs${$}/a", False),
        ("arn:aws:s3:::${aws:username, 'other'}/a", True),
        ("arn:aws:s3:::${s3:prefix, 'logs'}/a", True),
        ("arn:aws:s3:::${s3:prefix, 'l*'}/a", False),
        ("arn:aws:s3:::${s3:prefix, logs}/a", False),
    ],
)
def test_a_policy_variable_stands_for_its_text(resource: str, *, applies: bool) -> None:
    answer = says(allow("*", READ, resource), aws__username="logs", aws__userid="l*")

    assert (answer is Effect.ALLOW) is applies


@pytest.mark.parametrize(
    ("resource", "found", "applies"),
    [
        ("arn:aws:s3:::logs/${*}", "arn:aws:s3:::logs/*", True),
        ("arn:aws:s3:::logs/${*}", "arn:aws:s3:::logs/a", False),
        ("arn:aws:s3:::logs/${?}${$}", "arn:aws:s3:::logs/?$", True),
        ("arn:aws:s3:::logs/${?}", "arn:aws:s3:::logs/a", False),
    ],
)
def test_a_wildcard_in_braces_is_a_character_like_any_other(
    resource: str, found: str, *, applies: bool
) -> None:
    assert (says(allow("*", READ, resource), resource=found) is Effect.ALLOW) is applies


@pytest.mark.parametrize("variable", ["aws:PrincipalTag/team", "aws:PrincipalTag/t, 'x'"])
def test_a_policy_variable_that_is_not_known_is_an_error(variable: str) -> None:
    with pytest.raises(UnknownKeyError, match="not evaluated"):
        says(allow("*", READ, f"arn:aws:s3:::${{{variable}}}/a"))


@pytest.mark.parametrize(
    ("named", "grant"),
    [
        ("*", Grant.DIRECT),
        ({"AWS": SESSION}, Grant.DIRECT),
        ({"AWS": ROLE}, Grant.ROLE),
        ({"AWS": ["111122223333", ROLE]}, Grant.ROLE),
        ({"AWS": "111122223333"}, Grant.ACCOUNT),
        ({"AWS": "444455556666"}, Grant.NONE),
        ({"Service": "cloudtrail.amazonaws.com"}, Grant.NONE),
    ],
)
def test_an_allow_counts_as_closely_as_it_names_the_principal(named: object, grant: Grant) -> None:
    evaluation = evaluate({"Statement": [allow(named, READ)]}, Request(DEPLOYER, READ, LOG))

    assert (evaluation.granted, evaluation.denied) == (grant, False)


def test_the_closest_of_all_allows_counts() -> None:
    both = [allow({"AWS": ROLE}, READ), allow({"AWS": "111122223333"}, READ)]

    assert evaluate({"Statement": both}, Request(DEPLOYER, READ, LOG)).granted is Grant.ROLE


def test_a_policy_without_principals_is_for_all_who_have_it() -> None:
    statement = {"Effect": "Allow", "Action": READ, "Resource": "*"}

    assert says(statement) is Effect.ALLOW
    assert says({**statement, "Effect": "Deny"}) is Effect.DENY


@pytest.mark.parametrize(
    ("operation", "versioned", "permission"),
    [
        ("HeadBucket", False, "s3:ListBucket"),
        ("DeleteBucketLifecycle", False, "s3:PutLifecycleConfiguration"),
        ("GetObject", False, "s3:GetObject"),
        ("HeadObject", True, "s3:GetObjectVersion"),
        ("DeleteObject", True, "s3:DeleteObjectVersion"),
        ("PutBucketPolicy", True, "s3:PutBucketPolicy"),
    ],
)
def test_operations_of_s3_need_permissions_of_other_names(
    operation: str, permission: str, *, versioned: bool
) -> None:
    assert s3_permission(operation, versioned=versioned) == permission
