"""SQS: queues keep their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.backends import get_backend

from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call


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
