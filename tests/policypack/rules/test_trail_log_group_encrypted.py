from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.monitoring.trail_log_group_encrypted import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

GROUP = "aws:cloudwatch/logGroup:LogGroup"


def monitored(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    group = made(GROUP, "trail", properties)
    return [group, made(TRAIL, "audit", cloudWatchLogsGroupArn=group)]


CASES = [
    Case(name="key", properties={"kmsKeyId": "arn:key"}, verdict="pass"),
    Case(name="unknown", properties={"kmsKeyId": NOT_KNOWN}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="empty", properties={"kmsKeyId": ""}, verdict="fail"),
]

TABLES = (Table(RULE, CASES, monitored),)


def test_a_log_group_is_joined_by_its_arn() -> None:
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:trail"
    trail = made(TRAIL, "audit", {"cloudWatchLogsGroupArn": f"{arn}:*"})

    assert stack_verdict(RULE, [made(GROUP, "trail", {"arn": arn}), trail]) == "fail"


def test_a_log_group_is_joined_to_a_native_trail() -> None:
    group = made(GROUP, "trail")
    trail = made("aws-native:cloudtrail:Trail", "audit", cloudWatchLogsLogGroupArn=group)

    assert stack_verdict(RULE, [group, trail]) == "fail"


def test_other_log_groups_are_ignored() -> None:
    assert stack_verdict(RULE, [made(GROUP, "web"), made(TRAIL, "audit")]) == "pass"
