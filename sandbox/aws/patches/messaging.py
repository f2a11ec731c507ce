"""SNS and SQS: pending subscriptions, and the policies of topics and queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.backends import get_backend

from sandbox.aws.call import AwsError
from sandbox.aws.paging import page
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_CONFIRMED_BY_RECIPIENT = {"email", "email-json", "http", "https"}
_PENDING = "PendingConfirmation"
_PAGE = 100
"""https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html"""
_REASON = (
    "moto confirms every subscription at once; AWS waits until the recipient of the mails or "
    "requests agrees"
)
_LIMIT = (
    "any token confirms; what is published to a pending https endpoint is sent there all the same"
)


@patch("sns", "Subscribe", _REASON, limit=_LIMIT)
def subscribe(call: Call) -> Answer:
    """Subscribe, and wait for a confirmation where one is needed."""
    topic, endpoint = call.text("TopicArn"), call.text("Endpoint")
    known = set(_subscriptions(call))
    reply = call.forward()
    found = _subscriptions(call)
    for arn in found.keys() - known:
        if call.text("Protocol") in _CONFIRMED_BY_RECIPIENT:
            found[arn].attributes |= {_PENDING: True, "ConfirmationWasAuthenticated": False}
    mine = (each for each in found.values() if (each.topic_arn, each.endpoint) == (topic, endpoint))
    pending = reply.ok and any(each.attributes[_PENDING] for each in mine)
    if pending and not call.flag("ReturnSubscriptionArn"):
        return {"SubscriptionArn": "pending confirmation"}
    return reply


@patch("sns", "ConfirmSubscription", _REASON, limit=_LIMIT)
def confirm(call: Call) -> Answer:
    """Agree to what is pending on a topic."""
    topic = call.text("TopicArn")
    pending = [
        each
        for each in _subscriptions(call).values()
        if each.topic_arn == topic and each.attributes[_PENDING]
    ]
    if not pending:
        raise AwsError("InvalidParameter", "Invalid parameter: Token")
    for each in pending:
        each.attributes[_PENDING] = False
    return {"SubscriptionArn": pending[-1].arn}


@patch("sns", "Unsubscribe", _REASON, limit=_LIMIT)
def unsubscribe(call: Call) -> None:
    """Refuse for what is pending: AWS forgets it by itself."""
    found = _subscriptions(call).get(call.text("SubscriptionArn"))
    if found is not None and found.attributes[_PENDING]:
        message = "Cannot unsubscribe a subscription that is pending confirmation"
        raise AwsError("InvalidParameter", f"Invalid parameter: SubscriptionArn Reason: {message}")


@patch("sns", ("ListSubscriptions", "ListSubscriptionsByTopic"), _REASON, limit=_LIMIT)
def list_subscriptions(call: Call) -> Answer:
    """List them, a hundred a page; what is pending has no ARN yet."""
    topic = call.text("TopicArn")
    found = [each for each in _subscriptions(call).values() if topic in ("", each.topic_arn)]
    refusal = AwsError("InvalidParameter", "Invalid parameter: NextToken")
    shown, token = page(found, call.text("NextToken"), _PAGE, refusal=refusal)
    listed = [
        {
            "SubscriptionArn": _PENDING if each.attributes[_PENDING] else each.arn,
            "Owner": each.owner,
            "Protocol": each.protocol,
            "Endpoint": each.endpoint,
            "TopicArn": each.topic_arn,
        }
        for each in shown
    ]
    return {"Subscriptions": listed, **({"NextToken": token} if token else {})}


@patch(
    "sns",
    "SetTopicAttributes",
    "moto breaks over a policy that is no JSON, and accepts any other",
)
def check_policy(call: Call) -> None:
    """Check a topic's policy before it is stored."""
    if call.text("AttributeName") != "Policy":
        return
    try:
        parse(call.text("AttributeValue"), RESOURCE_POLICY)
    except GrammarError as error:
        message = f"Invalid parameter: Policy Error: {error}"
        raise AwsError("InvalidParameter", message) from None


@patch(
    "sns",
    "SetSubscriptionAttributes",
    "moto keeps an empty filter policy as one; AWS takes it for the removal of the policy",
)
def remove_filter_policy(call: Call) -> Answer | None:
    """Remove a filter policy where an empty one is given.

    https://docs.aws.amazon.com/sns/latest/dg/message-filtering-apply.html
    """
    empty = call.text("AttributeValue").replace(" ", "") in ("", "{}")
    found = _subscriptions(call).get(call.text("SubscriptionArn"))
    if call.text("AttributeName") != "FilterPolicy" or not empty or found is None:
        return None
    reply = call.forward()
    found.attributes.pop("FilterPolicy", None)
    return reply


def _subscriptions(call: Call) -> dict[str, Any]:
    """Subscriptions by ARN; asked for late, as loading moto's SNS would cost every start."""
    return get_backend("sns")[call.signer.account_id][call.region].subscriptions


@patch(
    "sqs",
    "SetQueueAttributes",
    "moto forgets a queue's policy when any other attribute is set",
    limit="values out of range, unknown attributes and malformed policies are moto's affair",
)
def keep_policy(call: Call) -> Answer | None:
    """Set what is given, and leave the policy as it is where none is."""
    if "Policy" in (call.params.get("Attributes") or {}):
        return None
    # Asked for late: loading moto's SQS would cost every start.
    queues = get_backend("sqs")[call.signer.account_id][call.region].queues
    queue = queues.get(call.text("QueueUrl").rpartition("/")[2])
    if queue is None:
        return None
    policy = queue.policy
    reply = call.forward()
    queue.policy = policy
    return reply
