"""Amazon SNS: topics, their policies, subscriptions.

Sources: `internal/service/sns` of terraform-provider-aws.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, conflict
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import arn, at_least, iam_policy, json_text, matching, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call, Function
    from sandbox.plugin.values import Properties

_GONE: Final = ("NotFound", "NotFoundException")

# Topics

_TEXTS: Final = {
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "tracingConfig": "TracingConfig",
}
_FEEDBACK: Final = tuple(
    f"{protocol}{what}"
    for protocol in ("application", "firehose", "http", "lambda", "sqs")
    for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
)
_NOT_FOR_ALERTS: Final = (
    *("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope", "fifoTopic"),
    *("maximumMessageSize", "signatureVersion"),
)


def _create_topic(call: Call) -> str:
    made = call.client("sns").create_topic(Name=given_name(call.inputs), Tags=tag_list(call.tags))
    return str(made["TopicArn"])


def _configure_topic(call: Call) -> None:
    for ours, theirs in _TEXTS.items():
        value = call.inputs.get(ours) or ""
        # Nothing is a value of its own for an update, but SNS takes no empty policy.
        if call.has_changed(ours) and (value or (not call.creating and ours != "policy")):
            call.client("sns").set_topic_attributes(
                TopicArn=call.id, AttributeName=theirs, AttributeValue=value
            )


def _read_topic(call: Call) -> Properties | None:
    client = call.client("sns")
    found = find(lambda: client.get_topic_attributes(TopicArn=call.id)["Attributes"], *_GONE)
    if found is None:
        return None
    return {
        **{ours: found.get(theirs) for ours, theirs in _TEXTS.items()},
        "arn": call.id,
        "name": call.id.rsplit(":", maxsplit=1)[-1],
        "owner": found["Owner"],
        "tags": tag_map(client.list_tags_for_resource(ResourceArn=call.id)["Tags"]),
    }


def _delete_topic(call: Call) -> None:
    with ignoring(*_GONE):
        call.client("sns").delete_topic(TopicArn=call.id)


def _by_arn(id_: str) -> Properties:
    for problem in arn("id", id_):
        raise ResourceError(f"{problem}: it is imported by its ARN")
    return {"region": id_.split(":")[3]}


_TOPIC_NAME: Final = matching(r"^[0-9A-Za-z_-]{1,256}$", "invalid topic name: {value}")

TOPIC = ResourceType(
    type="aws:sns/topic:Topic",
    noun="SNS Topic",
    create=_create_topic,
    configure=_configure_topic,
    read=_read_topic,
    delete=_delete_topic,
    tag=tagger("sns", "ResourceArn"),
    name=AutoName(max_length=80),
    replace=frozenset({"name", "namePrefix"}),
    computed=frozenset({"name", "namePrefix", "policy", "tracingConfig"}),
    equal={"policy": equivalent_policies, "deliveryPolicy": equal_json},
    state_only={"namePrefix": "AWS knows the whole name only"},
    validate={
        "name": (_TOPIC_NAME,),
        "namePrefix": (_TOPIC_NAME,),
        "policy": (iam_policy,),
        "deliveryPolicy": (json_text,),
        "tracingConfig": (one_of("Active", "PassThrough"),),
    },
    relations=(conflict("name", "namePrefix"),),
    not_emulated=dict.fromkeys((*_FEEDBACK, *_NOT_FOR_ALERTS), "leave it out"),
    identify=_by_arn,
)

# Policies


def _create_policy(call: Call) -> str:
    topic = str(call.inputs["arn"])
    _put_policy(call.at(topic))
    return topic


def _put_policy(call: Call) -> None:
    _set_policy(call, compact_json(call.inputs["policy"]))


def _set_policy(call: Call, policy: str) -> None:
    call.client("sns").set_topic_attributes(
        TopicArn=call.id, AttributeName="Policy", AttributeValue=policy
    )


def _read_policy(call: Call) -> Properties | None:
    client = call.client("sns")
    found = find(lambda: client.get_topic_attributes(TopicArn=call.id)["Attributes"], *_GONE)
    if not found or not found.get("Policy"):
        return None
    return {"arn": call.id, "owner": found["Owner"], "policy": compact_json(found["Policy"])}


def _delete_policy(call: Call) -> None:
    """Give the topic back the policy that every new one has."""
    owner = {"StringEquals": {"AWS:SourceOwner": call.account.account_id}}
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [
            *("SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission"),
            *("SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe"),
            *("SNS:ListSubscriptionsByTopic", "SNS:Publish"),
        ],
        "Resource": call.id,
        "Condition": owner,
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    with ignoring(*_GONE):
        _set_policy(call, json.dumps(policy))


TOPIC_POLICY = ResourceType(
    type="aws:sns/topicPolicy:TopicPolicy",
    noun="SNS Topic Policy",
    put_verb="putting",
    label="arn",
    create=_create_policy,
    update=_put_policy,
    read=_read_policy,
    delete=_delete_policy,
    replace=frozenset({"arn"}),
    equal={"policy": equivalent_policies},
    validate={"arn": (arn,), "policy": (iam_policy,)},
    identify=_by_arn,
)

# Subscriptions

_ATTRIBUTES: Final = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


def _subscribe(call: Call) -> str:
    wanted = call.inputs
    attributes = {theirs: wanted[ours] for ours, theirs in _ATTRIBUTES.items() if wanted.get(ours)}
    if wanted.get("rawMessageDelivery"):
        attributes["RawMessageDelivery"] = "true"
    made = call.client("sns").subscribe(
        TopicArn=wanted["topic"],
        Protocol=wanted["protocol"],
        Endpoint=wanted["endpoint"],
        Attributes=attributes,
        ReturnSubscriptionArn=True,
    )
    return str(made["SubscriptionArn"])


def _update_subscription(call: Call) -> None:
    for ours, theirs in _ATTRIBUTES.items():
        if call.has_changed(ours):
            empty = "{}" if ours == "filterPolicy" else ""
            _set_attribute(call, theirs, call.inputs.get(ours) or empty)
    if call.has_changed("rawMessageDelivery"):
        raw = "true" if call.inputs.get("rawMessageDelivery") else "false"
        _set_attribute(call, "RawMessageDelivery", raw)


def _set_attribute(call: Call, name: str, value: str) -> None:
    call.client("sns").set_subscription_attributes(
        SubscriptionArn=call.id, AttributeName=name, AttributeValue=value
    )


def _read_subscription(call: Call) -> Properties | None:
    client = call.client("sns")
    found = find(
        lambda: client.get_subscription_attributes(SubscriptionArn=call.id)["Attributes"], *_GONE
    )
    return found and {
        **{ours: found.get(theirs) for ours, theirs in _ATTRIBUTES.items()},
        "arn": found["SubscriptionArn"],
        # Only for the provider; AWS never tells it.
        "confirmationTimeoutInMinutes": call.value("confirmationTimeoutInMinutes") or 1,
        "confirmationWasAuthenticated": found.get("ConfirmationWasAuthenticated") == "true",
        "endpoint": found["Endpoint"],
        "ownerId": found["Owner"],
        "pendingConfirmation": found.get("PendingConfirmation") == "true",
        "protocol": found["Protocol"],
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
        "topic": found["TopicArn"],
    }


def _unsubscribe(call: Call) -> None:
    try:
        with ignoring(*_GONE):
            call.client("sns").unsubscribe(SubscriptionArn=call.id)
    except call.client("sns").exceptions.InvalidParameterException as error:
        # SNS forgets a pending one by itself, after some days.
        if "Cannot unsubscribe a subscription that is pending confirmation" not in str(error):
            raise


SUBSCRIPTION = ResourceType(
    type="aws:sns/topicSubscription:TopicSubscription",
    noun="SNS Topic Subscription",
    label="topic",
    create=_subscribe,
    update=_update_subscription,
    read=_read_subscription,
    delete=_unsubscribe,
    replace=frozenset({"topic", "protocol", "endpoint"}),
    defaults={"confirmationTimeoutInMinutes": 1},
    computed=frozenset({"filterPolicyScope"}),
    equal=dict.fromkeys(("deliveryPolicy", "filterPolicy", "redrivePolicy"), equal_json),
    state_only={"endpointAutoConfirms": "only for the provider"},
    validate={
        "topic": (arn,),
        "protocol": (
            one_of(
                *("application", "email", "email-json", "firehose", "http", "https", "lambda"),
                *("sms", "sqs"),
            ),
        ),
        "confirmationTimeoutInMinutes": (at_least(1),),
        "deliveryPolicy": (json_text,),
        "filterPolicy": (json_text,),
        "filterPolicyScope": (one_of("MessageAttributes", "MessageBody"),),
        "redrivePolicy": (json_text,),
        "subscriptionRoleArn": (arn,),
    },
    not_emulated={"replayPolicy": "leave it out"},
    identify=_by_arn,
)

RESOURCES = (TOPIC, TOPIC_POLICY, SUBSCRIPTION)
FUNCTIONS: Final[tuple[Function, ...]] = ()
