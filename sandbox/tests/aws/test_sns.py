"""Subscriptions that wait for confirmation, and the policies of topics."""

import json
from typing import Any

import pytest

from sandbox.tests.support import Clients, allow, document, refused


@pytest.fixture
def sns(clients: Clients) -> Any:
    return clients("sns")


@pytest.fixture
def topic(sns: Any, name: str) -> str:
    return sns.create_topic(Name=name)["TopicArn"]


@pytest.mark.parametrize(
    ("protocol", "endpoint", "pending"),
    [
        ("email", "soc@example.com", "true"),
        ("https", "https://soc.example.com", "true"),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:siem", "false"),
    ],
)
def test_people_and_web_servers_must_confirm(
    sns: Any, topic: str, protocol: str, endpoint: str, pending: str
) -> None:
    arn = sns.subscribe(
        TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True
    )["SubscriptionArn"]

    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert found["PendingConfirmation"].lower() == pending
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == ("PendingConfirmation" if pending == "true" else arn)


def test_subscriptions_are_listed_a_hundred_a_page(sns: Any, topic: str) -> None:
    for number in range(101):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"soc-{number}@example.com")

    first = sns.list_subscriptions_by_topic(TopicArn=topic)
    rest = sns.list_subscriptions_by_topic(TopicArn=topic, NextToken=first["NextToken"])

    assert (len(first["Subscriptions"]), len(rest["Subscriptions"])) == (100, 1)
    assert "NextToken" not in rest
    with refused("InvalidParameter", "NextToken"):
        sns.list_subscriptions_by_topic(TopicArn=topic, NextToken="no-page")


def test_what_is_pending_has_no_arn_yet_and_cannot_be_ended(sns: Any, topic: str) -> None:
    mail = {"TopicArn": topic, "Protocol": "email", "Endpoint": "soc@example.com"}
    assert sns.subscribe(**mail)["SubscriptionArn"] == "pending confirmation"

    arn = sns.subscribe(**mail, ReturnSubscriptionArn=True)["SubscriptionArn"]
    with refused("InvalidParameter", "pending confirmation"):
        sns.unsubscribe(SubscriptionArn=arn)

    assert sns.confirm_subscription(TopicArn=topic, Token="t")["SubscriptionArn"] == arn
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
    with refused("InvalidParameter", "Token"):
        sns.confirm_subscription(TopicArn=topic, Token="t")


@pytest.mark.parametrize("policy", ["", "{", json.dumps({"Statement": [{"Effect": "Allow"}]})])
def test_a_topic_takes_no_broken_policy(sns: Any, topic: str, policy: str) -> None:
    with refused("InvalidParameter", "Policy Error"):
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def test_a_topic_takes_a_sound_policy(sns: Any, topic: str) -> None:
    policy = document(allow({"Service": "events.amazonaws.com"}, "sns:Publish", topic))

    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)

    assert json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
