"""Policies of what carries alerts to another account or region: event bus and forwarding role."""

from collections.abc import Sequence

from cloudtrail_guard.arns import Location, root_arn
from cloudtrail_guard.policies.alerts import EVENTS
from cloudtrail_guard.policies.document import Document, document
from cloudtrail_guard.policies.trust import trust_service


def event_bus_policy(bus_arn: str, *, senders: Sequence[str], rule_prefix: str) -> Document:
    """Who may send to the bus: the forwarding rules of some accounts, and no caller.

    An event that a rule forwards comes with the rule's ARN
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html);
    a caller of PutEvents has none. Rules of the bus are for its own account alone.

    Args:
        bus_arn: ARN of the bus.
        senders: ids of the accounts, at least one.
        rule_prefix: how the names of their rules begin.
    """
    partition = bus_arn.split(":")[1]
    return document(
        [
            {
                "Sid": "AllowForwardedEvents",
                "Effect": "Allow",
                "Principal": {"AWS": [root_arn(partition, account) for account in senders]},
                "Action": "events:PutEvents",
                "Resource": bus_arn,
                "Condition": {
                    "ArnLike": {
                        "aws:SourceArn": [
                            f"arn:{partition}:events:*:{account}:rule/{rule_prefix}*"
                            for account in senders
                        ]
                    }
                },
            }
        ]
    )


def forwarding_trust_policy(location: Location, *, rule_prefix: str) -> Document:
    """Who may assume the forwarding role: EventBridge, for the rules with these names.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
    """
    rules = f"arn:{location.partition}:events:*:{location.account}:rule/{rule_prefix}*"
    return trust_service(EVENTS, account=location.account, source_arn=rules)


def forwarding_policy(bus_arn: str) -> Document:
    """What forwarding takes: putting events on the one bus."""
    return document(
        [
            {
                "Sid": "ForwardEvents",
                "Effect": "Allow",
                "Action": "events:PutEvents",
                "Resource": bus_arn,
            }
        ]
    )
