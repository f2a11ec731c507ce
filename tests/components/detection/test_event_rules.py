import json
from typing import Any

import pytest
from cloudtrail_guard.detection.event_rules import tamper_rules

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def patterns(**watched: Any) -> dict[str, dict[str, Any]]:
    return {rule.name: json.loads(rule.pattern) for rule in tamper_rules(**watched)}


@pytest.mark.parametrize(
    ("watched", "names"),
    [
        ({}, ["trail"]),
        ({"bucket": "org-logs", "key_arn": KEY}, ["trail", "bucket", "key"]),
        ({"organization": True}, ["trail", "organization"]),
    ],
)
def test_an_account_watches_what_it_has(watched: dict[str, Any], names: list[str]) -> None:
    assert list(patterns(**watched)) == names


@pytest.mark.parametrize(
    ("name", "source", "events"),
    [
        (
            "trail",
            "cloudtrail.amazonaws.com",
            {"StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"},
        ),
        (
            "bucket",
            "s3.amazonaws.com",
            {"PutBucketPolicy", "DeleteBucketPolicy", "PutBucketLifecycle", "DeleteBucket"},
        ),
        ("key", "kms.amazonaws.com", {"DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"}),
        (
            "organization",
            "organizations.amazonaws.com",
            {"DetachPolicy", "DisableAWSServiceAccess", "DeregisterDelegatedAdministrator"},
        ),
    ],
)
def test_tampering_is_matched_by_source_and_event(name: str, source: str, events: set[str]) -> None:
    detail = patterns(bucket="org-logs", key_arn=KEY, organization=True)[name]["detail"]

    assert detail["eventSource"] == [source]
    assert events <= set(detail["eventName"])


def test_only_this_bucket_and_this_key_are_watched() -> None:
    watched = patterns(bucket="org-logs", key_arn=KEY)

    assert watched["bucket"]["detail"]["requestParameters"] == {"bucketName": ["org-logs"]}
    assert watched["key"]["detail"]["resources"] == {"ARN": [KEY]}


def test_only_organizations_events_are_global() -> None:
    rules = tamper_rules(bucket="b", key_arn=KEY, organization=True)

    assert [rule.name for rule in rules if rule.is_global] == ["organization"]


def test_every_pattern_fits_eventbridge() -> None:
    """4,096 characters (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""
    for rule in tamper_rules(bucket="b" * 63, key_arn=KEY, organization=True):
        assert len(rule.pattern) <= 4_096
