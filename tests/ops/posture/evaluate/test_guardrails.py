"""Whom the guardrails bind, what a policy denies, and the matrix of who can harm what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from posture.compare import changes
from posture.evaluate.denials import Principal, Request, denies
from posture.evaluate.meant import differences
from posture.report import State

from tests.support.posture import (
    BREAK_GLASS,
    DEPLOYER,
    LOGS,
    ORGANIZATION,
    UNIT,
    WORKLOAD,
    answer,
    changed,
    refused,
    report,
)
from tests.support.posture_changes import GOOD, first


def test_a_detached_guardrail_leaves_every_member_account_unbound() -> None:
    found = report(changed("scps", first(Targets=[])))

    worse = {each.check.id for each in changes(GOOD, found)}
    denials = {check.id for check in GOOD.checks if check.id.startswith("guardrails.deny.")}
    assert worse == denials | {
        "guardrails.scps.protect-cloudtrail",
        "guardrails.accounts",
        "drift.guardrail.p-scp",
    }
    assert not any(account.bound for account in found.accounts)


def test_accounts_outside_the_unit_are_named_as_not_bound() -> None:
    found = report(changed("scps", first(Targets=[UNIT])), {})

    assert {account.id for account in found.accounts if account.bound} == {WORKLOAD}
    [check] = [check for check in found.checks if check.id == "guardrails.accounts"]
    assert (check.state, LOGS in check.says) == (State.ATTENTION, True)
    assert any(LOGS in sentence for sentence in found.unprotected)


def test_a_suspended_account_is_shown_and_counts_as_no_member() -> None:
    found = report(
        changed("accounts", lambda all_of: [*all_of[:2], {**all_of[2], "State": "SUSPENDED"}])
    )

    [row] = [account for account in found.accounts if account.id == WORKLOAD]
    assert row.why.startswith("not active")
    assert found.exit_code == 0


@pytest.mark.parametrize("organization", [None, {"Id": ORGANIZATION, "FeatureSet": "ALL"}])
def test_of_an_accounts_own_trail_the_guardrails_are_iam_policies(organization: Any) -> None:
    facts = changed("organization", lambda _: organization)
    trail = facts.answers["trail"]
    alone = {**trail.value, "IsOrganizationTrail": False}
    refusals = dict.fromkeys(("accounts", "scps", "rcps"), answer(None, "AccessDenied"))
    answers = {**facts.answers, **refusals, "trail": replace(trail, value=alone)}

    found = report(replace(facts, answers=answers), {})

    guardrails = {check.id: check.state for check in found.checks if check.subject == "guardrails"}
    assert guardrails == {"guardrails.identity": State.GOOD, "guardrails.mfa": State.GOOD}
    assert not any(check.subject == "organization" for check in found.checks)
    assert State.UNKNOWN not in {check.state for check in found.checks}


WANTED: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:DeleteObject", "s3:PutObjectAcl"],
    "Resource": "arn:aws:s3:::logs/*",
    "Condition": {"StringNotEquals": {"aws:PrincipalArn": BREAK_GLASS}},
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"Principal": {"AWS": "*"}}, ""),
        ({"Action": ["s3:putobjectacl", "S3:DeleteObject", "s3:More"]}, ""),
        ({"Condition": {"StringNotEquals": {"AWS:principalarn": [BREAK_GLASS]}}}, ""),
        ({"Action": "s3:DeleteObject"}, "Action lacks s3:putobjectacl"),
        ({"Resource": "arn:aws:s3:::logs/a/*"}, "Resource lacks"),
        ({"Principal": {"AWS": DEPLOYER}}, "its principal is"),
        ({"Effect": "Allow"}, "its effect is Allow"),
        ({"Condition": {}}, "it lacks the condition"),
        ({"Condition": WANTED["Condition"] | {"Bool": {"a": "true"}}}, "its condition Bool a"),
        ({"NotAction": "s3:x"}, "it has a NotAction"),
    ],
)
def test_a_deny_that_is_weaker_than_meant_says_in_what(change: Any, words: str) -> None:
    found = differences(WANTED, {**WANTED, **change})

    assert "; ".join(found).startswith(words) if words else not found


def test_an_allow_of_more_than_meant_is_a_difference() -> None:
    allow = {**WANTED, "Effect": "Allow"}

    assert not differences(allow, allow)
    assert differences(allow, {**allow, "Action": [*WANTED["Action"], "s3:*"]})


@pytest.mark.parametrize(
    ("condition", "denied"),
    [
        ({}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{LOGS}:role/Some*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, False),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-other"}}, True),
        ({"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"aws:SourceArn": "x"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "x"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, False),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, False),
    ],
)
def test_a_deny_counts_only_where_its_conditions_certainly_hold(
    condition: Any, denied: bool
) -> None:
    who = Principal(arn=f"arn:aws:iam::{LOGS}:role/Someone", organization=ORGANIZATION)
    asked = Request(who=who, action="s3:DeleteObject", resource="arn:aws:s3:::logs/key")
    statement = {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*", "Condition": condition}

    assert denies({"Statement": statement}, asked) is denied


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ({"Action": "s3:deleteobject", "Resource": "arn:aws:s3:::logs/*"}, True),
        ({"NotAction": "s3:Get*", "Resource": "*"}, True),
        ({"NotAction": "s3:*", "Resource": "*"}, False),
        ({"Action": "*", "NotResource": "arn:aws:s3:::logs/*"}, False),
        ({"Action": "*", "Resource": "arn:aws:s3:::other/*"}, False),
        ({"Action": "*", "Resource": "*", "Principal": {"AWS": BREAK_GLASS}}, False),
        ({"Action": "*", "Resource": "*", "NotPrincipal": {"AWS": BREAK_GLASS}}, True),
        ({"Action": "*", "Resource": "*", "Effect": "Allow"}, False),
    ],
)
def test_a_deny_counts_for_its_actions_resources_and_principals(
    statement: Any, denied: bool
) -> None:
    who = Principal(arn=f"arn:aws:iam::{LOGS}:role/Someone", organization=None)
    asked = Request(who=who, action="s3:DeleteObject", resource="arn:aws:s3:::logs/key")

    assert denies({"Statement": [{"Effect": "Deny", **statement}]}, asked) is denied


def test_the_matrix_says_who_is_denied_what() -> None:
    cells = {
        (row.who, column): cell
        for row in GOOD.matrix.rows
        for column, cell in zip(GOOD.matrix.columns, row.cells, strict=True)
    }

    assert cells["Administrators of member accounts", "Trail"].state == "denied"
    assert cells["Administrators of the log account", "Log files"].state == "denied"
    assert cells["Administrators of the management account", "Trail"].state == "open"
    assert cells["Administrators of the management account", "Log files"].state == "denied"
    assert cells["Those who have the IAM form of the guardrails", "Trail"].state == "denied"
    assert cells["Deploying roles", "Bucket"].state == "exempt"
    assert cells["Deploying roles", "Log files"].state == "denied"
    assert cells["Break-glass roles", "Log files"].state == "exempt"
    assert {cells["Anyone outside", column].state for column in GOOD.matrix.columns} == {"denied"}


@pytest.mark.parametrize(
    ("unread", "who", "column"),
    [
        ("bucket.policy", "Administrators of the management account", "Log files"),
        ("key.policy", "Administrators of the management account", "Key"),
        ("scps", "Administrators of the log account", "Membership"),
    ],
)
def test_the_matrix_does_not_know_what_a_document_says_that_was_not_read(
    unread: str, who: str, column: str
) -> None:
    facts = refused(unread)
    answers = {**facts.answers, "rcps": answer([])}

    matrix = report(replace(facts, answers=answers)).matrix

    at = matrix.columns.index(column)
    assert {row.who: row.cells[at].state for row in matrix.rows}[who] == "unknown"
