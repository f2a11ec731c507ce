from typing import Any, cast

import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.alerts import (
    alert_key_policy,
    alert_topic_policy,
    delivery_policy,
    delivery_trust_policy,
)
from cloudtrail_guard.policies.document import Document

LOCATION = Location(partition="aws", region="eu-west-1", account="123456789012")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/cloudtrail/org"


def statements(policy: Document) -> dict[str, dict[str, Any]]:
    return {s["Sid"]: s for s in cast("list[dict[str, Any]]", policy["Statement"])}


def test_alarms_and_rules_may_use_the_key_for_the_topic_alone() -> None:
    grant = statements(alert_key_policy(LOCATION, topic="alerts"))["AllowAlerts"]

    assert grant["Principal"] == {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}
    assert grant["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert grant["Condition"] == {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}}


def test_log_groups_use_the_key_only_if_they_are_named_and_only_for_themselves() -> None:
    assert "AllowLogGroups" not in statements(alert_key_policy(LOCATION, topic="alerts"))

    policy = alert_key_policy(LOCATION, topic="alerts", log_groups=["/aws/cloudtrail/org"])

    grant = statements(policy)["AllowLogGroups"]
    assert grant["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert grant["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": [GROUP]}}


@pytest.mark.parametrize(
    ("sid", "service", "source"),
    [
        (
            "AllowAlarms",
            "cloudwatch.amazonaws.com",
            "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*",
        ),
        (
            "AllowEventRules",
            "events.amazonaws.com",
            "arn:aws:events:eu-west-1:123456789012:rule/tamper*",
        ),
    ],
)
def test_only_this_accounts_alarms_and_rules_publish(sid: str, service: str, source: str) -> None:
    policy = alert_topic_policy(LOCATION, topic="alerts", rule_prefix="tamper")

    assert statements(policy)[sid] == {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {
            "ArnLike": {"aws:SourceArn": source},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        },
    }


def test_nobody_publishes_without_tls() -> None:
    deny = statements(alert_topic_policy(LOCATION, topic="alerts"))["DenyInsecureTransport"]

    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("organization", "streams"),
    [
        (None, [f"{GROUP}:log-stream:123456789012_CloudTrail_eu-west-1*"]),
        (
            "o-a1b2c3d4e5",
            [
                f"{GROUP}:log-stream:123456789012_CloudTrail_eu-west-1*",
                f"{GROUP}:log-stream:o-a1b2c3d4e5_*",
            ],
        ),
    ],
)
def test_delivery_writes_to_the_trails_own_streams_and_nothing_else(
    organization: str | None, streams: list[str]
) -> None:
    policy = delivery_policy(LOCATION, log_group="/aws/cloudtrail/org", organization=organization)

    assert statements(policy)["DeliverEvents"] == {
        "Sid": "DeliverEvents",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": streams,
    }


def test_only_cloudtrail_for_this_trail_takes_the_delivery_role() -> None:
    trail = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/Audit"

    (statement,) = cast("list[dict[str, Any]]", delivery_trust_policy(trail)["Statement"])

    assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceArn": trail}}
