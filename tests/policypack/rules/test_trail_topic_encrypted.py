from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.monitoring.trail_topic_encrypted import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

GROUP = "aws:cloudwatch/logGroup:LogGroup"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
METRIC = {"metricTransformation": {"name": "Changes"}}


TOPIC = "aws:sns/topic:Topic"


def notified(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    group = made(GROUP, "trail")
    trail = made(TRAIL, "audit", cloudWatchLogsGroupArn=group)
    metric_filter = made(FILTER, "filter", METRIC, logGroupName=group)
    topic = made(TOPIC, "topic", properties)
    alarm = made(ALARM, "alarm", {"metricName": "Changes"}, alarmActions=topic)
    return [group, trail, metric_filter, topic, alarm]


CASES = [
    Case(name="key", properties={"kmsMasterKeyId": "arn:key"}, verdict="pass"),
    Case(name="own-alias", properties={"kmsMasterKeyId": "alias/alarms"}, verdict="pass"),
    Case(name="unknown", properties={"kmsMasterKeyId": NOT_KNOWN}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="managed-by-aws", properties={"kmsMasterKeyId": "alias/aws/sns"}, verdict="fail"),
]

TABLES = (Table(RULE, CASES, notified),)


def test_the_topic_of_the_trail_itself_is_evaluated() -> None:
    topic = made(TOPIC, "topic")

    assert stack_verdict(RULE, [topic, made(TRAIL, "audit", snsTopicName=topic)]) == "fail"
    assert stack_verdict(RULE, [topic, made(TRAIL, "audit")]) == "pass"
