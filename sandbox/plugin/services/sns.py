"""Amazon SNS: topics, their policies, subscriptions.

Sources: `internal/service/sns` of terraform-provider-aws.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import arn, at_least, iam_policy, json_text, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("NotFound", "NotFoundException")


def _changed(call: Call, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Those attributes that are to be written, with the texts that SNS takes."""
    for name in names:
        if call.has_changed(name):
            value = call.inputs.get(name, "")
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield name[:1].upper() + name[1:], text


# Topics

_TOPIC_ATTRIBUTES: Final = (
    *("deliveryPolicy", "displayName", "kmsMasterKeyId", "policy", "tracingConfig"),
)
_FEEDBACK: Final = tuple(
    f"{protocol}{what}"
    for protocol in ("application", "firehose", "http", "lambda", "sqs")
    for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
)
_NOT_FOR_ALERTS: Final = (
    *("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope", "fifoTopic"),
    *("maximumMessageSize", "signatureVersion"),
)
_TOPIC_NAME: Final = matching(r"^[0-9A-Za-z_-]{1,256}$", "invalid topic name: {value}")


def _set_attribute(call: Call, name: str, value: str) -> None:
    call.client("sns").set_topic_attributes(
        TopicArn=call.id, AttributeName=name, AttributeValue=value
    )


def _configure_topic(call: Call) -> None:
    for name, text in _changed(call, _TOPIC_ATTRIBUTES):
        # An empty text resets an attribute in an update, but SNS takes no empty policy.
        if text or (not call.creating and name != "Policy"):
            _set_attribute(call, name, text)


TOPIC = Api(
    service="sns",
    create="CreateTopic",
    read="GetTopicAttributes",
    delete="DeleteTopic",
    made="TopicArn",
    key="TopicArn",
    answer="Attributes",
    names={"arn": "TopicArn"},
    outputs=lambda call, _: {"name": call.id.rsplit(":", maxsplit=1)[-1]},
    gone=_GONE,
    tags=Tags(target="ResourceArn", list="ListTagsForResource"),
).row(
    type="aws:sns/topic:Topic",
    noun="SNS Topic",
    configure=_configure_topic,
    name=AutoName(max_length=80),
    replace={"name"},
    equal={"policy": equivalent_policies, "deliveryPolicy": equal_json},
    validate={
        "name": (_TOPIC_NAME,),
        "namePrefix": (_TOPIC_NAME,),
        "policy": (iam_policy,),
        "deliveryPolicy": (json_text,),
        "tracingConfig": (one_of("Active", "PassThrough"),),
    },
    not_emulated=dict.fromkeys((*_FEEDBACK, *_NOT_FOR_ALERTS), "leave it out"),
)

# Policies


def _reset_policy(call: Call) -> None:
    """Give the topic back the policy that every new one has."""
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
        "Condition": {"StringEquals": {"AWS:SourceOwner": call.account.account_id}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    request = {"AttributeName": "Policy", "AttributeValue": json.dumps(policy)}
    _TOPIC_POLICY.find(call, "SetTopicAttributes", TopicArn=call.id, **request)


_TOPIC_POLICY: Final = Api(
    service="sns",
    create="SetTopicAttributes",
    update="SetTopicAttributes",
    read="GetTopicAttributes",
    id="{arn}",
    answer="Attributes | (Policy && @)",
    names={"arn": "TopicArn"},
    more=lambda call: {
        "AttributeName": "Policy",
        "AttributeValue": compact_json(call.inputs["policy"]),
    },
    gone=_GONE,
)
TOPIC_POLICY = _TOPIC_POLICY.row(
    type="aws:sns/topicPolicy:TopicPolicy",
    noun="SNS Topic Policy",
    put_verb="putting",
    delete=_reset_policy,
    replace={"arn"},
    equal={"policy": equivalent_policies},
    validate={"arn": (arn,), "policy": (iam_policy,)},
)

# Subscriptions

_ATTRIBUTES: Final = (
    *("deliveryPolicy", "filterPolicy", "filterPolicyScope", "rawMessageDelivery"),
    *("redrivePolicy", "subscriptionRoleArn"),
)


def _subscription(call: Call) -> Properties:
    attributes = {name: text for name, text in _changed(call, _ATTRIBUTES) if text}
    return {"Attributes": attributes, "ReturnSubscriptionArn": True}


def _update_subscription(call: Call) -> None:
    for name, text in _changed(call, _ATTRIBUTES):
        empty = {"FilterPolicy": "{}", "RawMessageDelivery": "false"}.get(name, "")
        call.client("sns").set_subscription_attributes(
            SubscriptionArn=call.id, AttributeName=name, AttributeValue=text or empty
        )


def _unsubscribe(call: Call) -> None:
    try:
        _SUBSCRIPTION.remove(call)
    except call.client("sns").exceptions.InvalidParameterException as error:
        # SNS forgets a pending one by itself, after some days.
        if "Cannot unsubscribe a subscription that is pending confirmation" not in str(error):
            raise


_SUBSCRIPTION: Final = Api(
    service="sns",
    create="Subscribe",
    read="GetSubscriptionAttributes",
    delete="Unsubscribe",
    made="SubscriptionArn",
    key="SubscriptionArn",
    answer="Attributes",
    names={"arn": "SubscriptionArn", "ownerId": "Owner", "topic": "TopicArn"},
    more=_subscription,
    # Only the provider knows the timeout.
    outputs=lambda call, _: {
        "confirmationTimeoutInMinutes": call.value("confirmationTimeoutInMinutes") or 1,
    },
    gone=_GONE,
)
SUBSCRIPTION = _SUBSCRIPTION.row(
    type="aws:sns/topicSubscription:TopicSubscription",
    noun="SNS Topic Subscription",
    label="topic",
    update=_update_subscription,
    delete=_unsubscribe,
    replace={"topic", "protocol", "endpoint"},
    defaults={"confirmationTimeoutInMinutes": 1},
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
)
