"""Queues keep their policies."""

from typing import Any

import pytest

from sandbox.tests.support import Clients, allow, document


@pytest.fixture
def sqs(clients: Clients) -> Any:
    return clients("sqs")


def attributes(sqs: Any, queue: str) -> dict[str, str]:
    return sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]


def test_another_attribute_leaves_the_policy_as_it_is(sqs: Any, name: str) -> None:
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    policy = document(allow({"Service": "sns.amazonaws.com"}, "sqs:SendMessage"))
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})

    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "60"})

    assert attributes(sqs, queue)["VisibilityTimeout"] == "60"
    assert attributes(sqs, queue)["Policy"] == policy


def test_an_empty_policy_takes_it_away(sqs: Any, name: str) -> None:
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    policy = document(allow({"Service": "sns.amazonaws.com"}, "sqs:SendMessage"))
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})

    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})

    assert not attributes(sqs, queue).get("Policy")


def test_messages_come_with_the_attributes_that_are_asked_for(sqs: Any, name: str) -> None:
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="alert")

    [message] = sqs.receive_message(QueueUrl=queue, AttributeNames=["SentTimestamp"])["Messages"]

    assert message["Attributes"].keys() == {"SentTimestamp"}
