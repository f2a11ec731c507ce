from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.monitoring.trail_alarm_actions import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

GROUP = "aws:cloudwatch/logGroup:LogGroup"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
METRIC = {"metricTransformation": {"name": "Changes"}}


def alarmed(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    group = made(GROUP, "trail")
    trail = made(TRAIL, "audit", cloudWatchLogsGroupArn=group)
    alarm = made(ALARM, "alarm", {"metricName": "Changes", **properties})
    return [group, trail, made(FILTER, "filter", METRIC, logGroupName=group), alarm]


TOPIC = {"alarmActions": ["arn:topic"]}
CASES = [
    Case(name="topic", properties=TOPIC, verdict="pass"),
    Case(name="unknown", properties={"alarmActions": NOT_KNOWN}, verdict="pass"),
    Case(name="enabled", properties={**TOPIC, "actionsEnabled": True}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="none", properties={"alarmActions": []}, verdict="fail"),
    Case(name="off", properties={**TOPIC, "actionsEnabled": False}, verdict="fail"),
    Case(
        name="unknown-off", properties={**TOPIC, "actionsEnabled": NOT_KNOWN}, verdict="undecided"
    ),
]

TABLES = (Table(RULE, CASES, alarmed),)


def test_an_alarm_is_joined_by_reference_to_the_filter() -> None:
    [group, trail, metric_filter, _] = alarmed({})
    alarm = made(ALARM, "alarm", metricName=metric_filter)

    assert stack_verdict(RULE, [group, trail, metric_filter, alarm]) == "fail"


COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
@pytest.mark.parametrize(
    ("composite", "verdict"),
    [
        ({"alarmRule": 'ALARM("changes") OR ALARM("x")', **TOPIC}, "pass"),
        ({"alarmRule": "ALARM(changes)", **TOPIC}, "pass"),
        ({"alarmRule": "ALARM(changes)"}, "fail"),
        ({"alarmRule": "ALARM(changes-of-others)", **TOPIC}, "fail"),
    ],
)
def test_an_alarm_may_leave_it_to_a_composite_alarm_to_notify(
    composite: dict[str, object], verdict: str
) -> None:
    resources = alarmed({"name": "changes"})

    assert stack_verdict(RULE, [*resources, made(COMPOSITE, "any", composite)]) == verdict


def test_a_composite_alarm_is_joined_by_reference() -> None:
    resources = alarmed({})
    composite = made(COMPOSITE, "any", TOPIC, alarmRule=resources[-1])

    assert stack_verdict(RULE, [*resources, composite]) == "pass"


def test_a_metric_of_the_same_name_in_another_namespace_is_another() -> None:
    assert stack_verdict(RULE, alarmed({"namespace": "AWS/EC2"})) == "pass"


def test_other_alarms_are_ignored() -> None:
    assert stack_verdict(RULE, alarmed({"metricName": "CPUUtilization"})) == "pass"
