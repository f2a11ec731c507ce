"""What differs from the outputs of the stacks, and exemptions of the policy pack."""

from __future__ import annotations

from datetime import date

import pytest
from posture.evaluate.drift import exemption_rows
from posture.report import State

from tests.support.posture import KEY, good_facts, report


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        ("2026-03-01", State.BAD),
        ("2026-03-02", State.ATTENTION),
        ("2026-04-01", State.ATTENTION),
        ("2026-04-02", State.GOOD),
    ],
)
def test_an_exemption_of_the_pack_holds_to_its_last_day(expires: str, state: State) -> None:
    exemption = {"resource": "legacy-*", "reason": "CHG-1", "expires": expires}
    settings = {"all": "mandatory", "a-rule": {"exemptions": [exemption]}}

    [row], [check] = exemption_rows(settings, date(2026, 3, 2))

    assert (row.state, check.state) == (state, state)


def test_outputs_that_aws_does_not_confirm_are_drift() -> None:
    found = report(
        good_facts(), {"trailName": "Other", "keyArn": KEY, "guardrailPolicyIds": ["p-x"]}
    )

    states = {check.id: check.state for check in found.checks if check.subject == "drift"}
    assert states == {
        "drift.trailName": State.BAD,
        "drift.keyArn": State.GOOD,
        "drift.guardrail.p-x": State.BAD,
    }
