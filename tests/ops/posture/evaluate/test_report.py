"""The report as a whole: what is good, unknown or not protected, its schema, and comparisons."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import ResponseParserError
from jsonschema import Draft202012Validator
from posture.collect.answers import ask
from posture.compare import OldReportError, changes, read_report
from posture.report import State

from tests.support.checkout import CHECKOUT
from tests.support.posture import MANAGEMENT, ROOT, good_facts, refused, report
from tests.support.posture_changes import GOOD

if TYPE_CHECKING:
    from pathlib import Path

OPTIONAL = {"bucket.policy.readers", "key.policy.readers"}
OPEN = {"guardrails.management"}
SCHEMA: dict[str, Any] = json.loads((CHECKOUT / "docs/posture-report.schema.json").read_text())


def test_where_all_is_as_meant_only_optional_things_are_not_good() -> None:
    assert {check.id for check in GOOD.checks if check.state is State.OFF} == OPTIONAL
    assert {check.id for check in GOOD.checks if check.state is State.ATTENTION} == OPEN
    assert GOOD.exit_code == 0
    assert len({check.id for check in GOOD.checks}) == len(GOOD.checks)


def test_what_is_meant_can_be_read_from_the_policies_themselves() -> None:
    alone = report(good_facts(), {})

    with_outputs = {check.id: check.state for check in GOOD.checks if check.subject != "drift"}
    assert {check.id: check.state for check in alone.checks} == with_outputs


NO_CHECK = {"bucket.size", "caller.trail"}
"""What is shown and decides nothing."""


@pytest.mark.parametrize("key", sorted(good_facts().answers.keys() - NO_CHECK))
def test_what_aws_refuses_to_answer_is_unknown_and_never_good(key: str) -> None:
    found = report(refused(key))

    unknown = [check for check in found.checks if check.state is State.UNKNOWN]
    assert unknown
    assert found.exit_code != 0
    saw = [
        check
        for check in found.checks
        for each in check.evidence
        # Not the VpceAccessDenied of an event rule's pattern.
        if re.search(r"\bAccessDenied", each.saw)
    ]
    assert {check.state for check in saw} <= {State.UNKNOWN, State.BAD, State.ATTENTION}


def test_an_answer_of_a_proxy_in_place_of_aws_is_no_answer() -> None:
    def proxied() -> None:
        raise ResponseParserError("<html>")

    answered = ask("sts:GetCallerIdentity", "someone", proxied)

    assert (answered.value, answered.error) == (None, "<html>")


def test_every_line_of_the_guide_has_a_check() -> None:
    assert all(line.checks for line in GOOD.guide)


def test_every_check_that_is_not_optional_shows_what_aws_answered() -> None:
    assert all(check.evidence for check in GOOD.checks)
    assert all(each.saw for check in GOOD.checks for each in check.evidence)


def test_a_report_meets_the_published_schema_and_is_read_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(GOOD.plain())

    Draft202012Validator(SCHEMA).validate(json.loads(file.read_text()))
    assert read_report(file) == GOOD
    assert changes(read_report(file), GOOD) == []


def test_a_report_with_another_key_does_not_meet_the_schema() -> None:
    found = json.loads(GOOD.plain()) | {"surprise": 1}

    assert not Draft202012Validator(SCHEMA).is_valid(found)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other"}'])
def test_what_is_no_report_is_not_compared_with(tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text)

    with pytest.raises(OldReportError, match="is no report of"):
        read_report(file)


def test_reports_on_two_trails_are_not_compared() -> None:
    subject = GOOD.subject.model_copy(update={"trail_arn": "another"})

    with pytest.raises(OldReportError, match="another"):
        changes(GOOD.model_copy(update={"subject": subject}), GOOD)


def test_the_management_account_is_named_as_not_protected() -> None:
    assert any(MANAGEMENT in sentence for sentence in GOOD.unprotected)
    assert ROOT not in {account.id for account in GOOD.accounts}
