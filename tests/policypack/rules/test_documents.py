"""How rules read policy documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.iam.documents import statements

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Statement


def _only(**given: Value) -> Statement:
    found = statements({"Statement": given}, "policy")
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("value", "effects"),
    [
        ('{"Statement": {"Effect": "Deny"}}', ["Deny"]),
        ('{"Statement": [{"Effect": "Deny"}, {"Effect": "Allow"}]}', ["Deny", "Allow"]),
        ({"Statement": [{"Effect": "Allow"}]}, ["Allow"]),
        ('{"Statement": ["no statement"]}', []),
        ("{}", []),
        ("[]", []),
        ("no JSON", []),
        (7, []),
        (UNKNOWN, None),
        ({"Statement": UNKNOWN}, None),
        ({"Statement": [{"Effect": "Allow"}, UNKNOWN]}, None),
    ],
)
def test_a_document_is_text_or_an_object(value: Value, effects: list[str] | None) -> None:
    found = statements(value, "policy")

    assert (None if found is None else [each.effect for each in found]) == effects


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
    assert _only(**given).covers("s3:PutObject") is covered


@pytest.mark.parametrize(
    ("principal", "everybody"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["111122223333", "*"]}, True),
        ({"AWS": "111122223333"}, False),
        ({"Service": "*"}, False),
        (None, False),
        (UNKNOWN, False),
    ],
)
def test_a_principal_is_everybody(principal: Value, everybody: bool) -> None:
    assert _only(Principal=principal).everybody is everybody


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"stringlike": {"AWS:SOURCEARN": ["arn:x*"]}}, True),
        ({"StringEquals": {"aws:SourceAccount": UNKNOWN}}, True),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, True),
        ({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceArn": "arn:x"}}, False),
        ({"StringLike": {"aws:SourceArn": ["arn:x", "*"]}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"StringEquals": "no condition"}, False),
        (None, False),
    ],
)
def test_a_condition_names_callers(condition: Value, named: bool) -> None:
    assert _only(Condition=condition).names_callers is named


def test_a_statement_has_its_path_for_messages() -> None:
    found = statements(json.dumps({"Statement": [{}, {}]}), "content")

    assert found
    assert [each.path for each in found] == ["content.Statement[0]", "content.Statement[1]"]
