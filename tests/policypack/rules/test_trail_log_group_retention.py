from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rules.trail_log_group_retention import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

GROUP = "aws:cloudwatch/logGroup:LogGroup"


def monitored(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    group = made(GROUP, "trail", properties)
    return [group, made(TRAIL, "audit", cloudWatchLogsGroupArn=group)]


DAYS = "retentionInDays"
CASES = [
    Case(name="year", properties={DAYS: 365}, verdict="pass"),
    Case(name="for-ever", properties={DAYS: 0}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="short", properties={DAYS: 180}, verdict="fail"),
    Case(name="unknown", properties={DAYS: NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_log_group_of_a_trail_is_judged_by_its_retention(case: Case) -> None:
    assert stack_verdict(RULE, monitored(case.properties)) == case.verdict


def test_another_retention_can_be_set() -> None:
    assert stack_verdict(RULE, monitored({DAYS: 180}), retentionDays=180) == "pass"
