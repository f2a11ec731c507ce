"""How rules read policy documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.iam.documents import document, matches

from tests.policypack.support import a_resource

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Document, Statement


def read(value: Value) -> Document:
    found = document(replace(a_resource(), properties={"policy": value}), "policy")
    assert found is not None
    return found


def only(given: dict[str, Value]) -> Statement:
    [found] = read({"Statement": given}).statements
    return found


@pytest.mark.parametrize(
    ("value", "effects", "complete"),
    [
        ('{"Statement": {"Effect": "Deny"}}', ["Deny"], True),
        ('{"Statement": [{"Effect": "Deny"}, {"Effect": "Allow"}]}', ["Deny", "Allow"], True),
        ({"Statement": [{"Effect": "Allow"}]}, ["Allow"], True),
        ('{"Statement": ["no statement"]}', [], True),
        ("{}", [], True),
        ("[]", [], True),
        ("no JSON", [], True),
        (7, [], True),
        (UNKNOWN, [], False),
        ({"Statement": UNKNOWN}, [], False),
        ({"Statement": [{"Effect": "Allow"}, UNKNOWN]}, ["Allow"], False),
        ({"Statement": [{"Effect": "Allow", "Action": [UNKNOWN]}]}, [], False),
    ],
)
def test_a_document_is_text_or_an_object(value: Value, effects: list[str], complete: bool) -> None:
    found = read(value)

    assert [each.effect for each in found.statements] == effects
    assert found.complete is complete


def test_a_property_that_is_not_set_holds_no_document() -> None:
    assert document(a_resource(), "policy") is None


@pytest.mark.parametrize(
    ("given", "covered"),
    [
        ({"Action": "s3:PutObject"}, True),
        ({"Action": ["s3:get*", "S3:PUT*"]}, True),
        ({"Action": "*"}, True),
        ({"Action": "s3:PutObject?"}, False),
        ({"Action": "s3:GetObject"}, False),
        ({"NotAction": "s3:GetObject"}, True),
        ({"NotAction": ["s3:Put*"]}, False),
        ({}, False),
    ],
)
def test_a_statement_covers_actions_by_pattern(given: dict[str, Value], covered: bool) -> None:
    assert only(given).covers("s3:PutObject") is covered


@pytest.mark.parametrize(
    ("principal", "everybody"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["111122223333", "*"]}, True),
        ({"AWS": "111122223333"}, False),
        ({"Service": "*"}, False),
        (None, False),
    ],
)
def test_a_principal_is_everybody(principal: Value, everybody: bool) -> None:
    assert only({"Principal": principal}).everybody is everybody


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: "Quotation marks
# are optional for numeric and Boolean values."
@pytest.mark.parametrize("value", ["false", False, ["false"], [False]])
def test_a_boolean_needs_no_quotation_marks(value: Value) -> None:
    [condition] = only({"Condition": {"Bool": {"AWS:SecureTransport": value}}}).conditions

    assert (condition.operator, condition.key) == ("bool", "aws:securetransport")
    assert condition.values == ("false",)


def test_a_number_needs_no_quotation_marks() -> None:
    [condition] = only({"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}}).conditions

    assert condition.values == ("1.2",)


def test_an_operator_is_read_without_its_set_operator_and_suffix() -> None:
    [condition] = only({"Condition": {"ForAnyValue:StringLikeIfExists": {"a:b": "c"}}}).conditions

    assert (condition.quantifier, condition.operator) == ("foranyvalue", "stringlike")
    assert condition.if_exists


@pytest.mark.parametrize(
    ("condition", "required"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o/"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o"}}, False),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o/"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o"}}, False),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, False),
        ({"StringEquals": "no condition"}, False),
    ],
)
def test_a_condition_requires_one_of_its_values(condition: Value, required: bool) -> None:
    assert bool(only({"Condition": condition}).requirements()) is required


def test_a_condition_that_demands_the_key_makes_up_for_if_exists() -> None:
    organization: Value = {"aws:PrincipalOrgID": "o"}
    statement = only(
        {
            "Condition": {
                "StringEqualsIfExists": organization,
                "Null": {"aws:principalorgid": "false"},
            }
        }
    )

    assert [each.key for each in statement.requirements()] == ["aws:principalorgid"]


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        ("arn:aws:s3:::acme-logs*", "arn:aws:s3:::acme-logs/AWSLogs/1.gz", True),
        ("arn:*:trail/audit", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a[b]c", "abc", False),
        ("a[b]c", "a[b]c", True),
        ("abc", "abcd", False),
    ],
)
def test_a_star_spans_slashes_and_colons(pattern: str, text: str, matched: bool) -> None:
    assert matches(pattern, text) is matched


def test_a_statement_has_its_path_for_messages() -> None:
    found = read(json.dumps({"Statement": [{}, {}]}))

    assert [each.path for each in found.statements] == [
        "policy.Statement[0]",
        "policy.Statement[1]",
    ]
