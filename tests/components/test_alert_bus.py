import json
from typing import Any

from cloudtrail_guard import AlertBus

from tests.support.deployment import ACCOUNT, Deployment, deploy

TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
BUS = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/watch"
SENDER = "123456789012"


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {"alert_topic_arn": TOPIC, **(change or {})}
    return deploy(lambda: AlertBus("watch", args), **options)


def test_what_comes_notifies_the_topic_and_signs_of_life_do_not() -> None:
    deployment = make({"sender_account_ids": [SENDER]})

    rules = {r.name: r.inputs for r in deployment.of_type("EventRule")}
    notified = {r.inputs["rule"] for r in deployment.of_type("EventTarget")}
    assert {rule["eventBusName"] for rule in rules.values()} == {"watch"}
    assert notified == {"watch-calls", "watch-named-calls", "watch-alarms"}
    assert {r.inputs["arn"] for r in deployment.of_type("EventTarget")} == {TOPIC}
    for name in ("watch-calls", "watch-named-calls"):
        assert "Scheduled Event" not in json.loads(rules[name]["eventPattern"])["detail-type"]
    heartbeat = json.loads(rules["watch-heartbeat"]["eventPattern"])
    assert heartbeat["account"] == [SENDER]


def test_each_call_notifies_once_and_those_on_trails_and_rules_with_their_names() -> None:
    deployment = make()

    patterns = {
        rule.inputs["name"]: json.loads(rule.inputs["eventPattern"])
        for rule in deployment.of_type("EventRule")
    }
    sources = {
        name: patterns[name]["detail"]["eventSource"]
        for name in ("watch-calls", "watch-named-calls")
    }
    paths = {
        target.inputs["rule"]: target.inputs["inputTransformer"]["inputPaths"]
        for target in deployment.of_type("EventTarget")
    }
    by_name = ["cloudtrail.amazonaws.com", "events.amazonaws.com"]
    assert sources == {"watch-calls": [{"anything-but": by_name}], "watch-named-calls": by_name}
    assert paths["watch-named-calls"]["name"] == "$.detail.requestParameters.name"
    assert "name" not in paths["watch-calls"]


def test_only_the_forwarding_rules_of_the_senders_may_put_events() -> None:
    """The policy is known in a preview, before there is a bus."""
    deployment = make({"sender_account_ids": [SENDER]}, preview=True)

    (statement,) = json.loads(deployment.only("EventBusPolicy").inputs["policy"])["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"] == BUS
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{SENDER}:root"]}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": [f"arn:aws:events:*:{SENDER}:rule/cloudtrail-guard-forward*"]}
    }


def test_silence_of_the_senders_is_an_alarm() -> None:
    alarm = make({"sender_account_ids": [SENDER]}).only("MetricAlarm").inputs

    assert alarm["treatMissingData"] == "breaching"
    assert alarm["dimensions"] == {"EventBusName": "watch", "RuleName": "watch-heartbeat"}
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 1)
    assert alarm["alarmActions"] == [TOPIC]
    # A sign of life every five minutes: fifteen without any, and it rings.
    assert alarm["period"] * alarm["evaluationPeriods"] == 15 * 60


def test_a_bus_for_the_account_alone_needs_neither_policy_nor_alarm() -> None:
    deployment = make()

    assert deployment.of_type("EventBusPolicy") == deployment.of_type("MetricAlarm") == []
