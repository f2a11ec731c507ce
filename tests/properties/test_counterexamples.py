"""Inputs that once broke a component, found by the properties beside this module."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pulumi.errors import InputPropertiesError

from tests.properties.outcome import assert_clear, outcome_of
from tests.properties.test_components import construct
from tests.support.deployment import ACCOUNT
from tests.support.samples import SAMPLES

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Deploy"
ARABIC = ROLE.replace("1", "\u0661")
BUCKETS = {"logBucketName": "audit-logs", "logKeyArn": SAMPLES["logKeyArn"]}
READS = {**BUCKETS, "trailArns": [SAMPLES["trailArn"]]}
EXEMPT = {"breakGlassRoleArns": [ROLE]}
REPLICA = {
    **BUCKETS,
    **EXEMPT,
    "replicaBucketName": "audit-logs-replica",
    "replicaRegion": "eu-central-1",
}
GUARDED = {**BUCKETS, **EXEMPT, "targetIds": ["r-a1b2"]}
STORED = {**BUCKETS, **EXEMPT, "accountTrailArns": [SAMPLES["trailArn"]]}
TOPIC = SAMPLES["alertTopicArn"]
ALARMS = {k: SAMPLES[k] for k in ("alertKeyArn", "alertTopicArn", "trailArn")}
MEMBERS = {
    **BUCKETS,
    "dataEvents": {"s3": True},
    "organizationalUnitIds": ["ou-a1b2-c3d4e5f6"],
    "trailName": "Data",
}
ACCESS_LOGS = {"accessLogBucketName": "audit-access-logs", "logBucketName": "audit-logs"}
ACCOUNT_OF_MANY = 111_122_223_333
MANY = [f"{ROLE}{number}" for number in range(900)]

MANY_TARGETS = [f"r-a1b2{number}" for number in range(900)]
RESPONSE = {
    "alertKeyArn": SAMPLES["alertKeyArn"],
    "alertTopicArn": TOPIC,
    "policyIds": ["p-12345678"],
}

HALF_MADE: list[tuple[str, dict[str, Any], str]] = [
    (
        "AlertTopic",
        {"subscriptions": [{"protocol": "email-json", "endpoint": "https://example.com"}]},
        "does not fit protocol",
    ),
    ("AccessLogBucket", {**ACCESS_LOGS, "breakGlassRoleArns": ["a"]}, "must be an ARN like"),
    ("AccessLogBucket", {**ACCESS_LOGS, "expireAfterDays": 0}, "must be from 1"),
    (
        "DeliveryAlarms",
        {
            "alertTopicArn": TOPIC,
            "digestHours": -1,
            "digestPrefix": "AWSLogs/111122223333/CloudTrail-Digest/",
            "logBucketName": "audit-logs",
            "logFilePrefix": "AWSLogs/111122223333/CloudTrail/",
        },
        "must be from 1 to 24",
    ),
    ("TrailAlarms", {**ALARMS, "thresholds": [{"alarm": "text", "count": 3}]}, "is not one of"),
    ("LogBucketReplica", {**REPLICA, "lifecycle": {"abortUploadsAfterDays": -1}}, "1 or more days"),
    (
        "SecurityServices",
        {"config": {}, "securityHub": {"standards": []}},
        "no standard is named",
    ),
]
"""What was registered in part before the error came."""

MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    ("LogBucket", {**STORED, "readerArns": [f"{ROLE}*"]}, "must be an ARN like"),
    ("LogBucket", {**STORED, "readerArns": [f"{ROLE}\n"]}, "must be an ARN like"),
    ("LogBucket", {**STORED, "readerArns": [ARABIC]}, "must be an ARN like"),
    ("LogBucket", {**STORED, "breakGlassRoleArns": [f"{ROLE}\n"]}, "must be an ARN like"),
    (
        "LogBucket",
        {**STORED, "accountTrailArns": ["arn:aws:cloudtrail:eu-west-1::trail/Audit"]},
        "must be an ARN like",
    ),
    ("LogBucket", {**STORED, "lifecycle": {"expireAfterDays": 2**31}}, "days or less"),
    (
        "LogEncryptionKey",
        {**EXEMPT, "trailArns": [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/*"]},
        "one trail's ARN, without wildcards",
    ),
    (
        "LogEncryptionKey",
        {**EXEMPT, "trailArns": [f"arn:awsome:cloudtrail:eu-west-1:{ACCOUNT}:trail/Audit"]},
        "is not an ARN",
    ),
    ("LogIntegrityRole", {**READS, "trustedArns": [ARABIC]}, "must be an ARN like"),
    ("LogNotifications", {"logBucketName": "audit-logs", "feedName": ""}, "must be 1 to 71"),
    (
        "LogNotifications",
        {"logBucketName": "audit-logs", "visibilityTimeoutSeconds": 43_201},
        "must be from 0 to 43,200",
    ),
    (
        "LogReaders",
        {**READS, "readers": [{"roleName": "r", "trustedArns": [ROLE], "externalId": "some\n"}]},
        "external id .* is malformed",
    ),
    ("AlertTopic", {"topicName": "alerts?"}, "must be 1 to 256"),
    ("TrailAlarms", {**ALARMS, "logGroupName": "trail?"}, "must be a log group's name"),
    ("Guardrails", {**GUARDED, "trailArns": []}, "protect no trail"),
    ("Guardrails", {**GUARDED, "trailArns": ["arn:aws:s3:::bucket"]}, "must be \\* or a trail"),
    ("Guardrails", {**GUARDED, "otherKeyArns": ["text"]}, "must be a key's ARN"),
    ("Guardrails", {**GUARDED, "ownRoleArns": ["text"]}, "must be an ARN or a pattern"),
    ("Guardrails", {**GUARDED, "monitoringArns": ["alerts"]}, "must be an ARN or a pattern"),
    (
        "MemberTrails",
        {**MEMBERS, "failureTolerancePercentage": 101},
        "must be from 0 to 100",
    ),
    (
        "TamperResponse",
        {**ALARMS, "eventSelectors": "text"},
        "must be a list of event selectors as JSON",
    ),
    (
        "TamperResponse",
        {**ALARMS, "eventSelectors": "[]", "trailSettings": "text"},
        "must be an object of settings as JSON",
    ),
    ("TamperAlerts", {"alertTopicArn": TOPIC + "*"}, "must be an ARN like"),
    ("LogBucketReplica", {**REPLICA, "replicaRegion": "eu-central-1/"}, "must be a region"),
]
"""What AWS would have refused in the middle of a deployment, or taken for something else."""

EMPTY: list[tuple[str, dict[str, Any]]] = [
    ("TamperAlerts", {"alertTopicArn": TOPIC, "breakGlassRoleArns": []}),
]
"""Empty lists over which a component stumbled, and which are as good as none."""

TOO_LONG: list[tuple[str, dict[str, Any], str]] = [
    ("IamProtection", {**BUCKETS, "breakGlassRoleArns": MANY[:90]}, "the IAM polic.* more than"),
    (
        "TamperAlerts",
        {
            "alertTopicArn": TOPIC,
            "logKeyArn": SAMPLES["logKeyArn"],
            "furtherKeyArns": [f"{SAMPLES['logKeyArn']}{number}" for number in range(251)],
        },
        "EventBridge accepts 2048",
    ),
    (
        "AlertBus",
        {
            "alertTopicArn": TOPIC,
            "senderAccountIds": [str(ACCOUNT_OF_MANY + number) for number in range(251)],
        },
        "EventBridge accepts 2048: name fewer accounts",
    ),
    ("Guardrails", {**GUARDED, "policySize": 30_000}, "must be from 1 to 10,240"),
    ("LogIntegrityRole", {**READS, "trustedArns": MANY[:60]}, "trust policy has .* more than AWS"),
    (
        "LogNotifications",
        {"logBucketName": "audit-logs", "consumerArns": MANY[:51]},
        "51 consumers, more than the 50",
    ),
    (
        "LogNotifications",
        {"logBucketName": "audit-logs", "consumerArns": MANY},
        "queue's policy has .* more than AWS allows",
    ),
    (
        "AlertTopic",
        {"logGroupNames": [f"/aws/cloudtrail/a-long-name-of-a-group/{n}" for n in range(900)]},
        "the key policy has .* more than AWS allows",
    ),
    ("TamperResponse", {**RESPONSE, "targetIds": MANY_TARGETS}, "its environment has .* more than"),
    (
        "TamperResponse",
        {**RESPONSE, "targetIds": MANY_TARGETS[:190]},
        "inline policy has .* more than AWS allows",
    ),
]
"""What made a document above AWS's quota."""


def said(error: Exception | None) -> str:
    """All that an error says."""
    details = error.errors or [] if isinstance(error, InputPropertiesError) else []
    return "; ".join([str(error), *(each["reason"] for each in details)])


@pytest.mark.parametrize(("component", "inputs", "message"), [*HALF_MADE, *MALFORMED, *TOO_LONG])
@pytest.mark.parametrize("preview", [True, False], ids=["preview", "up"])
def test_what_once_broke_is_refused_before_anything_is_registered(
    component: str, inputs: dict[str, Any], message: str, *, preview: bool
) -> None:
    outcome = outcome_of(lambda into: construct(component, inputs, preview=preview, into=into))

    assert_clear(outcome)
    assert re.search(message, said(outcome.error))


@pytest.mark.parametrize(
    ("component", "inputs"),
    [
        ("LogBucket", {**STORED, "deployerRoleArns": []}),
        (
            "LogEncryptionKey",
            {**EXEMPT, "trailArns": [SAMPLES["trailArn"]], "deployerRoleArns": []},
        ),
        (
            "LogQueries",
            {
                **EXEMPT,
                "logBucketName": "audit-logs",
                "resultsBucketName": "audit-results",
                "deployerRoleArns": [],
            },
        ),
    ],
)
def test_an_empty_list_of_deployers_locks_no_deployer_out(
    component: str, inputs: dict[str, Any]
) -> None:
    outcome = outcome_of(lambda into: construct(component, inputs, preview=False, into=into))

    assert outcome.error is None
    assert_clear(outcome)


@pytest.mark.parametrize(("component", "inputs"), EMPTY)
def test_an_empty_list_is_as_good_as_none(component: str, inputs: dict[str, Any]) -> None:
    outcome = outcome_of(lambda into: construct(component, inputs, preview=False, into=into))

    assert outcome.error is None
    assert_clear(outcome)
