from __future__ import annotations

import pytest
from rules.cloudtrail_protected import RULE

from tests.policypack.support import CONTEXT, NOT_KNOWN, Case, analyzer, request, said

CASES = [
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown-name", properties={"name": NOT_KNOWN}, verdict="fail"),
    Case(name="protected", properties={"name": "audit"}, verdict="pass"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_its_resource_option(case: Case) -> None:
    message = request(case.properties)
    message.options.protect = case.verdict == "pass"

    found = said(analyzer(RULE).Analyze(message, CONTEXT))

    assert [level for _, level, _ in found] == ([] if case.verdict == "pass" else ["advisory"])
