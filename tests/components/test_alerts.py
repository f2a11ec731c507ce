"""Topic, alarms and tamper alerts: each alone."""

import json
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import AlertTopic, ArgumentError, TamperAlerts, TrailAlarms
from cloudtrail_guard.detection.metric_filters import ALARMS

from tests.support.deployment import ACCOUNT, Deployment, deploy

TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/Audit"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def topic(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {"topic_name": "alerts", **(change or {})}
    return deploy(lambda: AlertTopic("alerts", args), **options)


def alarms(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {
        "trail_arn": TRAIL,
        "alert_key_arn": KEY,
        "alert_topic_arn": TOPIC,
        **(change or {}),
    }
    return deploy(lambda: TrailAlarms("audit", args), **options)


def tamper(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {"alert_topic_arn": TOPIC, **(change or {})}
    return deploy(lambda: TamperAlerts("tamper", args), **options)


def test_the_topic_is_encrypted_with_a_key_that_its_publishers_may_use() -> None:
    deployment = topic()

    policy = json.loads(deployment.only("Key").inputs["policy"])
    grant = next(s for s in policy["Statement"] if s["Sid"] == "AllowAlerts")
    assert grant["Condition"]["StringEquals"] == {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}
    assert deployment.only("Key").inputs["enableKeyRotation"] is True
    assert deployment.only("Topic").inputs["kmsMasterKeyId"].startswith("arn:aws:kms:")


def test_subscribers_are_told() -> None:
    deployment = topic(
        {
            "subscriptions": [
                {"protocol": "email", "endpoint": "soc@example.com"},
                {"protocol": "https", "endpoint": "https://example.com/hook"},
                {"protocol": "sqs", "endpoint": "arn:aws:sqs:eu-west-1:111122223333:siem"},
            ]
        }
    )

    subscribed = {r.inputs["protocol"] for r in deployment.of_type("TopicSubscription")}
    assert subscribed == {"email", "https", "sqs"}


def test_a_topic_can_be_in_another_region() -> None:
    deployment = topic({"region": "us-east-1"})

    for type_name in ("Key", "Alias", "Topic", "TopicPolicy"):
        assert deployment.only(type_name).inputs["region"] == "us-east-1"
    assert ":us-east-1:" in deployment.only("TopicPolicy").inputs["policy"]


@pytest.mark.parametrize(
    ("subscription", "message"),
    [
        ({"protocol": "sms", "endpoint": "+1"}, "'sms' must be one of email"),
        ({"protocol": "email", "endpoint": "someone"}, "'someone' does not fit protocol 'email'"),
        ({"protocol": "https", "endpoint": "http://x"}, "does not fit protocol 'https'"),
        ({"protocol": "sqs", "endpoint": "queue"}, "does not fit protocol 'sqs'"),
    ],
)
def test_a_subscription_that_sns_has_not_is_refused(
    subscription: dict[str, str], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        topic({"subscriptions": [subscription]})


def test_the_log_group_is_encrypted_and_kept_for_a_year() -> None:
    group = alarms().only("LogGroup").inputs

    assert group == {
        "name": "/aws/cloudtrail/audit",
        "retentionInDays": 365,
        "kmsKeyId": KEY,
    }


def test_each_filter_has_an_alarm_that_notifies_the_topic() -> None:
    deployment = alarms()

    metrics = {
        r.inputs["metricTransformation"]["name"] for r in deployment.of_type("LogMetricFilter")
    }
    rung = {r.inputs["metricName"]: r.inputs for r in deployment.of_type("MetricAlarm")}
    silence = rung.pop("IncomingLogEvents")
    assert metrics == set(ALARMS) - {"BreakGlassUse"}
    assert set(rung) == metrics
    for alarm in rung.values():
        assert alarm["alarmActions"] == [TOPIC]
        assert alarm["threshold"] == 1
        # Negative values, which anyone may put who may put any, keep a sum down.
        assert alarm["statistic"] == "Maximum"
        assert alarm["treatMissingData"] == "notBreaching"
        assert alarm["alarmDescription"].startswith(("CIS 4.", "Beyond CIS: "))
    assert silence["treatMissingData"] == "breaching"
    assert silence["dimensions"] == {"LogGroupName": "/aws/cloudtrail/audit"}
    assert silence["alarmActions"] == [TOPIC]


def test_an_alarm_that_rings_too_often_can_be_given_a_threshold() -> None:
    deployment = alarms({"thresholds": [{"alarm": "UnauthorizedApiCalls", "count": 20}]})

    found = {
        r.inputs["metricName"]: (r.inputs["threshold"], r.inputs["statistic"])
        for r in deployment.of_type("MetricAlarm")
    }
    assert found["UnauthorizedApiCalls"] == (20, "Sum")
    assert found["RootUsage"] == (1, "Maximum")


def test_each_use_of_a_break_glass_role_counts_for_one_alarm() -> None:
    roles = [f"arn:aws:iam::111122223333:role/{name}" for name in ("AdminRole", "Other")]

    def program() -> None:
        TrailAlarms(
            "audit",
            {
                "trail_arn": TRAIL,
                "alert_key_arn": KEY,
                "alert_topic_arn": TOPIC,
                "break_glass_role_arns": [pulumi.Output.from_input(roles[0]), roles[1]],
            },
        )

    deployment = deploy(program)

    uses = {
        r.inputs["name"]: r.inputs
        for r in deployment.of_type("LogMetricFilter")
        if r.inputs["metricTransformation"]["name"] == "BreakGlassUse"
    }
    assert list(uses) == ["BreakGlassUse", "BreakGlassUse-2"]
    for role, each in zip(roles, uses.values(), strict=True):
        assert f'"{role}"' in each["pattern"]
    assert deployment.only("MetricAlarm", "audit-BreakGlassUse")


def test_a_name_that_fits_no_filter_is_refused() -> None:
    with pytest.raises(ArgumentError, match="accepts 1,024: name fewer watched_names"):
        alarms({"watched_names": [f"guard-{number}" for number in range(20)]})


@pytest.mark.parametrize(
    ("threshold", "message"),
    [
        ({"alarm": "Unauthorized", "count": 2}, "'Unauthorized', which is not one of Unauth"),
        ({"alarm": "RootUsage", "count": 0}, "threshold of RootUsage must be 1 or more, and is 0"),
    ],
)
def test_a_threshold_of_no_alarm_or_below_one_is_refused(
    threshold: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        alarms({"thresholds": [threshold]})


def test_the_trail_gets_the_form_of_arn_that_it_takes() -> None:
    found: list[str] = []

    def program() -> pulumi.Output[None]:
        made = TrailAlarms(
            "audit", {"trail_arn": TRAIL, "alert_key_arn": KEY, "alert_topic_arn": TOPIC}
        )
        return made.log_group_arn.apply(found.append)

    deploy(program)

    assert found == ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/cloudtrail/audit:*"]


@pytest.mark.parametrize("days", [30, 364, 366])
def test_a_retention_below_a_year_or_not_offered_is_refused(days: int) -> None:
    with pytest.raises(ArgumentError, match=f"retention_days = {days} must be one of 365, 400"):
        alarms({"retention_days": days})


BASIC = {"trail", "root", "endpoints", "watch", "watch-2", "rules"}


def test_each_account_is_alerted_of_what_it_has() -> None:
    security = tamper({"log_bucket_name": "org-logs", "log_key_arn": KEY})
    management = tamper({"organization": True}, region="us-east-1")

    assert {r.name.removeprefix("tamper-") for r in security.of_type("EventRule")} == {
        *BASIC,
        *("bucket", "objects", "key"),
    }
    assert {r.name.removeprefix("tamper-") for r in management.of_type("EventRule")} == {
        *BASIC,
        *("organization", "identity", "users", "policies"),
    }
    for deployment in (security, management):
        targets = {r.inputs["rule"] for r in deployment.of_type("EventTarget")}
        assert targets == {r.inputs["name"] for r in deployment.of_type("EventRule")}


def test_what_is_recorded_elsewhere_and_not_reported_is_warned_of() -> None:
    said = " ".join(tamper().messages)

    assert "changes of roles are recorded in us-east-1 alone, and are not reported" in said
    assert tamper(region="us-east-1").messages == []


BUS = "arn:aws:events:eu-west-1:123456789012:event-bus/watch"
OWN_BUS = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/watch"


def test_everything_is_forwarded_to_a_bus_of_another_account_beside_the_topic() -> None:
    deployment = tamper({"event_bus_arn": BUS, "log_key_arn": KEY})

    forwarded = {r.name: r.inputs for r in deployment.of_type("EventRule") if "forward" in r.name}
    own = {r.name: r.inputs for r in deployment.of_type("EventRule") if "forward" not in r.name}
    assert {*own} <= {name.replace("-forward", "") for name in forwarded}
    for name, rule in own.items():
        assert (
            forwarded[name.replace("tamper", "tamper-forward")]["eventPattern"]
            == rule["eventPattern"]
        )
    targets = {r.name: r.inputs for r in deployment.of_type("EventTarget") if "forward" in r.name}
    assert {target["arn"] for target in targets.values()} == {BUS}
    # What is done to the role of all others is forwarded with another one.
    role = f"arn:aws:iam::{ACCOUNT}:role/tamper-forward"
    assert targets.pop("tamper-forward-role")["roleArn"] == f"{role}-role"
    assert {target["roleArn"] for target in targets.values()} == {role}
    # The last rule that lives gives signs of life.
    assert forwarded["tamper-forward-rules"]["scheduleExpression"] == "rate(5 minutes)"


@pytest.mark.parametrize("name", ["tamper-forward", "tamper-forward-role"])
def test_a_forwarding_role_is_of_its_rules_and_reaches_the_bus_alone(name: str) -> None:
    deployment = tamper({"event_bus_arn": BUS})

    role = deployment.only("Role", name).inputs
    trust = json.loads(role["assumeRolePolicy"])["Statement"]
    policy = json.loads(deployment.only("RolePolicy", name).inputs["policy"])["Statement"]
    assert role["name"] == name
    assert [(s["Principal"], s["Condition"]) for s in trust] == [
        (
            {"Service": "events.amazonaws.com"},
            {
                "ArnLike": {"aws:SourceArn": f"arn:aws:events:*:{ACCOUNT}:rule/{name}*"},
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
            },
        )
    ]
    assert [(s["Action"], s["Resource"]) for s in policy] == [("events:PutEvents", BUS)]


def test_a_bus_of_the_same_account_gets_what_other_regions_see() -> None:
    replica = {
        "replica_bucket_name": "org-logs-replica",
        "replica_key_arn": KEY,
        "replica_region": "eu-central-1",
    }
    deployment = tamper({"event_bus_arn": OWN_BUS, **replica})

    forwarded = {
        r.inputs["name"]: r.inputs["region"]
        for r in deployment.of_type("EventRule")
        if "forward" in r.name
    }
    assert set(forwarded.values()) == {"us-east-1", "eu-central-1"}
    assert forwarded["tamper-forward-replica-bucket"] == "eu-central-1"
    assert forwarded["tamper-forward-identity"] == "us-east-1"
    assert forwarded["tamper-forward-role"] == "us-east-1"
    at_home = tamper(
        {"event_bus_arn": OWN_BUS.replace("eu-west-1", "us-east-1")}, region="us-east-1"
    )
    assert at_home.of_type("Role") == []


def test_a_replica_in_the_own_region_is_watched_here_and_needs_no_bus() -> None:
    replica = {
        "replica_bucket_name": "org-logs-archive",
        "replica_key_arn": KEY,
        "replica_region": "eu-west-1",
    }
    before, deployment = tamper(), tamper(replica)

    rules = deployment.of_type("EventRule")
    more = {r.inputs["name"] for r in rules} - {
        r.inputs["name"] for r in before.of_type("EventRule")
    }
    assert more == {"tamper-replica-bucket", "tamper-replica-objects", "tamper-replica-key"}
    assert {r.inputs.get("region") for r in rules} == {None}
    assert deployment.of_type("Role") == []


@pytest.mark.parametrize(
    "change",
    [
        {"replica_bucket_name": "copy", "replica_region": "eu-central-1"},
        {"replica_key_arn": KEY, "replica_region": "eu-west-1"},
        {"replica_bucket_name": "copy", "event_bus_arn": OWN_BUS},
        {"replica_key_arn": KEY, "event_bus_arn": OWN_BUS},
    ],
)
def test_a_part_of_a_replica_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="must come with replica_bucket_name, replica_region"):
        tamper(change)


def test_a_key_that_is_not_known_yet_is_watched_once_it_is() -> None:
    def program() -> None:
        TamperAlerts(
            "tamper", {"alert_topic_arn": TOPIC, "log_key_arn": pulumi.Output.from_input(KEY)}
        )

    rule = deploy(program).only("EventRule", "tamper-key")

    assert KEY in rule.inputs["eventPattern"]


def test_events_of_organizations_are_watched_in_their_own_region() -> None:
    elsewhere = TOPIC.replace("eu-west-1", "us-east-1")

    deployment = tamper({"organization": True, "global_alert_topic_arn": elsewhere})

    rule = deployment.only("EventRule", "tamper-organization").inputs
    target = deployment.only("EventTarget", "tamper-organization").inputs
    assert rule["region"] == target["region"] == "us-east-1"
    assert target["arn"] == elsewhere
    assert "region" not in deployment.only("EventRule", "tamper-trail").inputs


def test_events_of_organizations_without_a_topic_in_their_region_are_refused() -> None:
    with pytest.raises(ArgumentError, match="come to us-east-1 alone: make an AlertTopic there"):
        tamper({"organization": True})


def test_what_people_read_says_what_who_and_where() -> None:
    transformer = tamper().only("EventTarget", "tamper-trail").inputs["inputTransformer"]

    text = json.loads(transformer["inputTemplate"])
    assert text.startswith("A trail was stopped, deleted or changed: <what> by <who>")
    assert set(transformer["inputPaths"]) == {
        *("what", "who", "account", "region", "where", "when", "refused", "id"),
        *("name", "trailName", "eventDataStore", "channel", "resourceArn"),
    }
