from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.monitoring.trail_log_group_retention import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

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
    Case(name="short-as-text", properties={DAYS: "180"}, verdict="fail"),
    Case(name="unknown", properties={DAYS: NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, monitored),)


def test_another_retention_can_be_set() -> None:
    assert stack_verdict(RULE, monitored({DAYS: 180}), retentionDays=180) == "pass"
