"""Objects of sns: topics, their policies, subscriptions."""

import json
from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World


def _topic_policy(world: World) -> Inputs:
    topic = world.client("sns").create_topic(Name=world.name)["TopicArn"]
    return {"arn": topic, "policy": _publish("events", topic)}


def _publish(service: str, topic: str) -> str:
    statement = {
        "Sid": "Publish",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _subscription(world: World) -> Inputs:
    topic = world.client("sns").create_topic(Name=world.name)["TopicArn"]
    queue = world.client("sqs").create_queue(QueueName=world.name)["QueueUrl"]
    answer: Any = world.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=["QueueArn"]
    )
    return {"topic": topic, "protocol": "sqs", "endpoint": answer["Attributes"]["QueueArn"]}


def _other_policy(world: World, deployed: Deployed) -> None:
    world.client("sns").set_topic_attributes(
        TopicArn=deployed.id,
        AttributeName="Policy",
        AttributeValue=_publish("lambda", deployed.id),
    )


SCENARIOS = (
    Scenario(
        "aws:sns/topic:Topic",
        given=lambda world: {"name": world.name, "tags": {"owner": "audit"}},
        update={"displayName": "Alerts", "tags": {"owner": "security"}},
        changes=("displayName", "tags.owner", "tagsAll.owner"),
        drift=call(
            "sns",
            "set_topic_attributes",
            TopicArn=id_of,
            AttributeName="DisplayName",
            AttributeValue="Nothing",
        ),
        drifted=("displayName",),
        remove=call("sns", "delete_topic", TopicArn=id_of),
        replace={"name": "another"},
        computed=("arn", "owner"),
    ),
    Scenario(
        "aws:sns/topicPolicy:TopicPolicy",
        given=_topic_policy,
        update={"policy": _publish("cloudwatch", "*")},
        changes=("policy",),
        drift=_other_policy,
        drifted=("policy",),
        remove=call("sns", "delete_topic", TopicArn=id_of),
        replace={"arn": "arn:aws:sns:us-east-1:123456789012:another"},
        computed=("owner",),
    ),
    Scenario(
        "aws:sns/topicSubscription:TopicSubscription",
        given=_subscription,
        update={"rawMessageDelivery": True},
        changes=("rawMessageDelivery",),
        drift=call(
            "sns",
            "set_subscription_attributes",
            SubscriptionArn=id_of,
            AttributeName="RawMessageDelivery",
            AttributeValue="true",
        ),
        drifted=("rawMessageDelivery",),
        remove=call("sns", "unsubscribe", SubscriptionArn=id_of),
        replace={"protocol": "https", "endpoint": "https://example.com"},
        computed=("arn", "ownerId"),
    ),
)
