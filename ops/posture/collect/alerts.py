"""Alarms, event rules and topics: who hears of it, and when it last happened."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from posture.collect.answers import ask, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

    from posture.collect.access import Clients
    from posture.collect.answers import Answer

_LOOK_BACK = timedelta(days=30)


def ask_about_alarms(
    clients: Clients, log_group: str, region: str, pool: Executor
) -> dict[str, Answer]:
    """The trail's log group, the metric filters on it and the alarms on their metrics.

    Args:
        clients: clients of the trail's account.
        log_group: the log group's name.
        region: its region.
        pool: runs the questions about each alarm.
    """
    logs, cloudwatch = clients("logs", region), clients("cloudwatch", region)

    def group() -> dict[str, Any] | None:
        pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=log_group)
        found = [g for page in pages for g in page["logGroups"] if g["logGroupName"] == log_group]
        return found[0] if found else None

    def filters() -> list[dict[str, Any]]:
        pages = logs.get_paginator("describe_metric_filters").paginate(logGroupName=log_group)
        return [
            {
                "pattern": each["filterPattern"],
                "metrics": [
                    [metric["metricNamespace"], metric["metricName"]]
                    for metric in each["metricTransformations"]
                ],
            }
            for page in pages
            for each in page["metricFilters"]
        ]

    def alarms() -> list[dict[str, Any]]:
        pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
        listed = [
            alarm
            for page in pages
            for alarm in page["MetricAlarms"]
            if [alarm.get("Namespace"), alarm.get("MetricName")] in metrics
        ]
        return list(pool.map(alarm, listed))

    def alarm(found: dict[str, Any]) -> dict[str, Any]:
        kept = (
            "AlarmName",
            "MetricName",
            "Namespace",
            "StateValue",
            "ActionsEnabled",
            "AlarmActions",
        )
        history = ask(
            "cloudwatch:DescribeAlarmHistory", found["AlarmName"], lambda: _rang(cloudwatch, found)
        )
        return {key: found.get(key) for key in kept} | {"lastFired": history.value}

    asked = ask(
        "logs:DescribeMetricFilters", log_group, filters, absent=("ResourceNotFoundException",)
    )
    metrics = [metric for each in asked.value or () for metric in each["metrics"]]
    return {
        "log-group": ask("logs:DescribeLogGroups", log_group, group),
        "filters": asked,
        "alarms": ask("cloudwatch:DescribeAlarms", log_group, alarms),
    }


def _rang(cloudwatch: Any, alarm: dict[str, Any]) -> str | None:  # noqa: ANN401 - boto3 has no types
    """When an alarm last rang, as far as CloudWatch remembers: 30 days."""
    items = cloudwatch.describe_alarm_history(
        AlarmName=alarm["AlarmName"], HistoryItemType="StateUpdate", MaxRecords=100
    )["AlarmHistoryItems"]
    times = [each["Timestamp"] for each in items if "to ALARM" in each.get("HistorySummary", "")]
    return max(times).isoformat() if times else None


def ask_about_rules(clients: Clients, region: str, prefix: str, pool: Executor) -> Answer:
    """The event rules of a region whose names begin so, with their targets.

    Their last invocation comes from CloudWatch
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html).
    """
    events = clients("events", region)

    def rules() -> list[dict[str, Any]]:
        pages = events.get_paginator("list_rules").paginate(NamePrefix=prefix)
        return list(pool.map(rule, [each for page in pages for each in page["Rules"]]))

    def rule(found: dict[str, Any]) -> dict[str, Any]:
        name = found["Name"]
        targets = events.list_targets_by_rule(Rule=name)["Targets"]
        fired = ask("cloudwatch:GetMetricStatistics", name, lambda: _invoked(clients, region, name))
        return {
            "Name": name,
            "State": found["State"],
            "EventPattern": found.get("EventPattern", ""),
            "Targets": sorted(each["Arn"] for each in targets),
            "lastFired": fired.value,
        }

    return ask("events:ListRules", region, rules)


def _invoked(clients: Clients, region: str, rule: str) -> str | None:
    now = datetime.now(UTC)
    points = clients("cloudwatch", region).get_metric_statistics(
        Namespace="AWS/Events",
        MetricName="Invocations",
        Dimensions=[{"Name": "RuleName", "Value": rule}],
        StartTime=now - _LOOK_BACK,
        EndTime=now,
        Period=3_600,
        Statistics=["Sum"],
    )["Datapoints"]
    times = [each["Timestamp"] for each in points if each["Sum"]]
    return max(times).isoformat() if times else None


def topics_of(answers: Mapping[str, Answer]) -> list[str]:
    """The topics that alarms and rules name, sorted."""
    return sorted(set(_named(answers)))


def _named(answers: Mapping[str, Answer]) -> Iterator[str]:
    for key, answer in answers.items():
        for each in answer.value or () if key == "alarms" or key.startswith("rules.") else ():
            for arn in each.get("AlarmActions") or each.get("Targets") or ():
                if ":sns:" in arn:
                    yield arn


def ask_about_topic(clients_of: Mapping[str, Clients], arn: str) -> Answer:
    """A topic's key and subscriptions."""
    _, _, _, region, account, _ = arn.split(":", maxsplit=5)
    if account not in clients_of:
        return failed("sns:GetTopicAttributes", arn, f"account {account} was not read")
    sns = clients_of[account]("sns", region)

    def question() -> dict[str, Any]:
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
        return {
            "key": attributes.get("KmsMasterKeyId"),
            "subscriptions": [
                {
                    "protocol": each["Protocol"],
                    "endpoint": receiver(each["Endpoint"]),
                    "confirmed": each["SubscriptionArn"].startswith("arn:"),
                }
                for page in pages
                for each in page["Subscriptions"]
            ],
        }

    return ask(
        "sns:ListSubscriptionsByTopic", arn, question, absent=("NotFound", "NotFoundException")
    )


def receiver(endpoint: str) -> str:
    """An endpoint as a report may show it: the path of a webhook's URL is often its secret.

    A hash of it stays, so that another path is another receiver.
    """
    url = urlsplit(endpoint)
    if url.scheme not in ("http", "https"):
        return endpoint
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    return f"{url.scheme}://{url.hostname}/… (SHA-256 {digest[:12]})"
