from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, DeliveryAlarms

from tests.support.deployment import ACCOUNT, Deployment, deploy

TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
LOGS = f"AWSLogs/{ACCOUNT}"


def make(change: dict[str, Any] | None = None) -> Deployment:
    args: Any = {
        "log_bucket_name": "org-logs",
        "log_file_prefix": f"{LOGS}/CloudTrail/",
        "digest_prefix": f"{LOGS}/CloudTrail-Digest/",
        "alert_topic_arn": TOPIC,
        **(change or {}),
    }
    return deploy(lambda: DeliveryAlarms("logs", args))


def test_log_files_and_digests_are_counted_apart_and_their_absence_is_an_alarm() -> None:
    deployment = make()

    metrics = {r.inputs["name"]: r.inputs["filter"] for r in deployment.of_type("BucketMetric")}
    alarms = {r.inputs["name"]: r.inputs for r in deployment.of_type("MetricAlarm")}
    assert metrics == {
        "logs-log-files": {"prefix": f"{LOGS}/CloudTrail/"},
        "logs-digests": {"prefix": f"{LOGS}/CloudTrail-Digest/"},
    }
    for name, alarm in alarms.items():
        assert alarm["dimensions"] == {"BucketName": "org-logs", "FilterId": name}
        assert alarm["treatMissingData"] == "breaching"
        assert alarm["alarmActions"] == [TOPIC]
        assert alarm["period"] == 3600
    hours = {name: alarm["evaluationPeriods"] for name, alarm in alarms.items()}
    assert hours == {"logs-log-files": 1, "logs-digests": 2}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"log_file_hours": 0}, "log_file_hours 0 must be from 1 to 24"),
        ({"digest_hours": 25}, "digest_hours 25 must be from 1 to 24"),
    ],
)
def test_an_alarm_after_no_hour_or_more_than_a_day_is_refused(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
