import json
from typing import Any, cast

import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.log_feed import (
    feed_key_policy,
    feed_queue_policy,
    feed_topic_policy,
    redrive_policy,
)

from tests.components.policies.test_actions import actions, exists

HERE = Location(partition="aws", region="eu-west-1", account="111122223333")
TOPIC = "arn:aws:sns:eu-west-1:111122223333:feed"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:feed"
SIEM = "arn:aws:iam::777788889999:role/Siem"
FROM_BUCKET = {
    "ArnLike": {"aws:SourceArn": "arn:aws:s3:::org-logs"},
    "StringEquals": {"aws:SourceAccount": "111122223333"},
}


def statements(policy: Document) -> dict[str, dict[str, Any]]:
    return {s["Sid"]: s for s in cast("list[dict[str, Any]]", policy["Statement"])}


def key_policy(*consumers: str, location: Location = HERE) -> Document:
    return feed_key_policy(location, bucket="org-logs", topic="feed", consumers=consumers)


def queue_policy(*consumers: str) -> Document:
    return feed_queue_policy(HERE, queue="feed", topic="feed", consumers=consumers)


def test_the_log_bucket_alone_publishes() -> None:
    policy = statements(feed_topic_policy(HERE, bucket="org-logs", topic="feed"))

    assert list(policy) == ["AllowLogBucket", "DenyInsecureTransport"]
    assert policy["AllowLogBucket"]["Principal"] == {"Service": "s3.amazonaws.com"}
    assert policy["AllowLogBucket"]["Resource"] == TOPIC
    assert policy["AllowLogBucket"]["Condition"] == FROM_BUCKET


@pytest.mark.parametrize(
    ("sid", "service", "condition"),
    [
        ("AllowLogBucket", "s3.amazonaws.com", FROM_BUCKET),
        ("AllowTopic", "sns.amazonaws.com", {"ArnEquals": {"aws:SourceArn": TOPIC}}),
    ],
)
def test_bucket_and_topic_may_use_the_key(
    sid: str, service: str, condition: dict[str, object]
) -> None:
    assert statements(key_policy())[sid] == {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": condition,
    }


def test_the_topic_alone_sends() -> None:
    policy = statements(queue_policy())

    assert list(policy) == ["AllowTopic", "DenyInsecureTransport"]
    assert policy["AllowTopic"]["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}


def test_a_consumer_receives_and_decrypts_and_does_nothing_else() -> None:
    receive = statements(queue_policy(SIEM))["AllowConsumersReceive"]
    decrypt = statements(key_policy(SIEM))["AllowConsumersDecrypt"]

    assert receive["Principal"] == decrypt["Principal"] == {"AWS": SIEM}
    assert receive["Resource"] == QUEUE
    assert not {"sqs:SendMessage", "sqs:PurgeQueue", "sqs:DeleteQueue"} & set(receive["Action"])
    assert decrypt["Action"] == "kms:Decrypt"
    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}
    }


def test_nobody_but_the_account_gets_at_dead_letters() -> None:
    policy = statements(feed_queue_policy(HERE, queue="feed-failures", topic=None))

    assert list(policy) == ["DenyInsecureTransport"]


def test_a_message_is_tried_five_times() -> None:
    assert json.loads(redrive_policy(QUEUE)) == {"deadLetterTargetArn": QUEUE, "maxReceiveCount": 5}


@pytest.mark.parametrize(
    "policy",
    [
        key_policy(SIEM),
        queue_policy(SIEM),
        feed_topic_policy(HERE, bucket="org-logs", topic="feed"),
    ],
)
def test_every_action_is_one_that_aws_knows(policy: Document) -> None:
    named = {action for action in actions(policy) if not action.endswith(":*")}

    assert {action for action in named if not exists(action)} == set()


def test_china_has_its_own_names() -> None:
    china = Location(partition="aws-cn", region="cn-north-1", account="111122223333")
    policy = key_policy("arn:aws-cn:iam::777788889999:role/Siem", location=china)

    assert "arn:aws:" not in str(policy)
    assert "sqs.cn-north-1.amazonaws.com.cn" in str(policy)


@pytest.mark.parametrize("consumer", ["*", "arn:aws:iam::777788889999:role/*"])
def test_a_consumer_that_could_be_anybody_is_refused(consumer: str) -> None:
    with pytest.raises(InvalidValueError, match="feed of log files: principal"):
        key_policy(consumer)
