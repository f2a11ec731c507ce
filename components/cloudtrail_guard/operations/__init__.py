"""The table: every API operation that can harm the record of events.

Policies, event rules and queries are made from it, so that what one of them names the others name
too. What is not here is harmless, and `harmless` says why.
"""

from cloudtrail_guard.operations.cloudtrail import CLOUDTRAIL
from cloudtrail_guard.operations.iam import IAM
from cloudtrail_guard.operations.kms import KMS
from cloudtrail_guard.operations.model import Allowed, Document, Harm, Operation, Target
from cloudtrail_guard.operations.monitoring import MONITORING
from cloudtrail_guard.operations.organizations import NOT_UNDONE, ORGANIZATIONS
from cloudtrail_guard.operations.s3 import S3
from cloudtrail_guard.operations.security_services import SECURITY_SERVICES

__all__ = [
    "NOT_UNDONE",
    "OPERATIONS",
    "Allowed",
    "Document",
    "Harm",
    "Operation",
    "Target",
    "actions_on",
    "events_by_source",
    "events_on",
    "undone_events",
]

OPERATIONS: tuple[Operation, ...] = (
    *CLOUDTRAIL,
    *S3,
    *KMS,
    *IAM,
    *MONITORING,
    *ORGANIZATIONS,
    *SECURITY_SERVICES,
)
"""Every operation, each action once for each target."""


def actions_on(
    target: Target, allowed: Allowed | None = None, *, harm: Harm | None = None
) -> list[str]:
    """The IAM actions that act on a target.

    Args:
        target: what they act on.
        allowed: only those that these may call; None: all.
        harm: only those that do this; None: all.
    """
    return [
        operation.action
        for operation in OPERATIONS
        if operation.target is target
        and allowed in (None, operation.allowed)
        and harm in (None, operation.harm)
    ]


def events_on(*targets: Target, service: str | None = None, data_events: bool = False) -> list[str]:
    """The names of the events of operations on these targets, sorted.

    Args:
        targets: what they act on.
        service: only those of the service with this IAM prefix; None: all.
        data_events: data events; by default management events.
    """
    return sorted(
        {
            event
            for operation in OPERATIONS
            if operation.target in targets and service in (None, operation.service)
            for event in operation.events
            if operation.is_data_event is data_events
        }
    )


def undone_events(service: str) -> list[str]:
    """The names of a service's events that the tamper response undoes, in the table's order.

    Args:
        service: the service's IAM prefix.
    """
    return [
        event
        for operation in OPERATIONS
        if operation.undone and operation.service == service
        for event in operation.events
    ]


def events_by_source(*targets: Target, data_events: bool = False) -> dict[str, list[str]]:
    """The names of the events of operations on these targets, sorted, by event source.

    Args:
        targets: what they act on.
        data_events: those that are data events, in place of the management events.
    """
    names: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        if operation.target in targets and operation.is_data_event is data_events:
            names.setdefault(operation.event_source, set()).update(operation.events)
    return {source: sorted(events) for source, events in sorted(names.items()) if events}
