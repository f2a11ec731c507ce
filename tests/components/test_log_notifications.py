import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, LogNotifications, LogNotificationsArgs

from tests.support.deployment import KEY_ID, Deployment, deploy

KEY = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:feed"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:feed"
SIEM = "arn:aws:iam::777788889999:role/Siem"
ARGS: LogNotificationsArgs = {"log_bucket_name": "org-logs", "consumer_arns": [SIEM]}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogNotifications("feed", args), **options)


def test_every_new_log_file_is_told() -> None:
    notification = make().only("BucketNotification")

    assert notification.inputs == {
        "bucket": "org-logs",
        "topics": [
            {
                "id": "new-log-files",
                "topicArn": TOPIC,
                "events": ["s3:ObjectCreated:*"],
                "filterPrefix": "AWSLogs/",
                "filterSuffix": ".json.gz",
            }
        ],
    }


def test_the_bucket_tells_only_once_somebody_listens() -> None:
    deployment = make()

    assert "feed-subscription" in str(deployment.only("BucketNotification").dependencies)
    assert "QueuePolicy::feed-queue" in str(deployment.only("TopicSubscription").dependencies)


def test_topic_and_queues_are_encrypted_with_a_key_that_s3_may_use() -> None:
    deployment = make()

    encrypted = [*deployment.of_type("Topic"), *deployment.of_type("Queue")]
    assert [r.inputs["kmsMasterKeyId"] for r in encrypted] == [KEY, KEY, KEY]
    assert "s3.amazonaws.com" in deployment.only("Key").inputs["policy"]


def test_what_nobody_could_handle_is_kept_for_two_weeks() -> None:
    deployment = make()

    redrive = json.loads(deployment.only("Queue", "feed-queue").inputs["redrivePolicy"])
    assert redrive["deadLetterTargetArn"] == "arn:aws:sqs:eu-west-1:111122223333:feed-failures"
    assert deployment.only("Queue", "feed-failures").inputs["messageRetentionSeconds"] == 1_209_600


def test_the_queue_is_subscribed_with_or_without_the_topics_envelope() -> None:
    plain = make().only("TopicSubscription").inputs
    raw = make({"raw_messages": True}).only("TopicSubscription").inputs

    assert (plain["topic"], plain["protocol"], plain["endpoint"]) == (TOPIC, "sqs", QUEUE)
    assert (plain["rawMessageDelivery"], raw["rawMessageDelivery"]) == (False, True)


@pytest.mark.parametrize(("consumers", "admitted"), [([SIEM], True), ([], False)])
def test_consumers_are_admitted_to_the_queue_alone(consumers: list[str], admitted: bool) -> None:
    deployment = make({"consumer_arns": consumers})

    assert (SIEM in deployment.only("QueuePolicy", "feed-queue").inputs["policy"]) is admitted
    assert SIEM not in deployment.only("QueuePolicy", "feed-failures").inputs["policy"]
    assert SIEM not in deployment.only("TopicPolicy").inputs["policy"]


def test_names_can_be_chosen() -> None:
    deployment = make({"feed_name": "siem", "visibility_timeout_seconds": 60})

    assert deployment.only("Topic").inputs["name"] == "siem"
    assert deployment.only("Queue", "feed-queue").inputs["visibilityTimeoutSeconds"] == 60
    assert ":siem" in deployment.only("TopicPolicy").inputs["policy"]


def test_a_preview_from_nothing_knows_every_policy() -> None:
    deployment = make(preview=True)

    for type_name in ("Key", "TopicPolicy", "QueuePolicy"):
        for resource in deployment.of_type(type_name):
            assert json.loads(resource.inputs["policy"])["Statement"], resource.name


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    change = {"consumer_arns": [f"arn:{partition}:iam::777788889999:role/Siem"]}

    deployment = make(change, region=region)

    assert "arn:aws:" not in str([r.inputs for r in deployment.resources])


def test_a_consumer_that_could_be_anybody_is_refused_before_anything_is_made() -> None:
    with pytest.raises(ArgumentError, match=r"LogNotifications 'feed': consumer_arns"):
        make({"consumer_arns": ["*"]})
