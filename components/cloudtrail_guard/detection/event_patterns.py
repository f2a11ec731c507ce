"""Event patterns of EventBridge, over events that CloudTrail recorded.

What AWS refused matches too: it was an attempt.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from cloudtrail_guard.errors import InvalidValueError

MAX_PATTERN = 2_048
"""Characters of a pattern, by default; PutRule itself takes up to 4,096
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""

API_CALL = "AWS API Call via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
NETWORK_ACTIVITY = "AWS Network Activity Event via CloudTrail"
"""Detail types of CloudTrail's events
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html)."""

ALARM_STATE = "CloudWatch Alarm State Change"
"""The detail type of what CloudWatch says of its alarms
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html)."""

SILENCE = "NoEvents"
"""How the name of the alarm ends that rings when a trail's log group gets no events."""

RULES_BUS = "default"
"""The bus with the events of CloudTrail, and so with the rules. A key of the customer's would
encrypt what they look for and where they send
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html)."""

Clause = Mapping[str, Any]
"""A pattern of an event's detail."""

T = TypeVar("T")


def calls(service: str, names: Sequence[object], **detail: object) -> dict[str, Any]:
    """A clause for calls of a service.

    Args:
        service: the service, as the name of its event source begins.
        names: the events' names, or patterns of them.
        detail: what else must fit in the event's detail.
    """
    return {"eventSource": [f"{service}.amazonaws.com"], "eventName": [*names], **detail}


def named_events(pattern: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The calls that a pattern names: the event source, and the names of the events.

    Args:
        pattern: a pattern made here.
    """
    detail = json.loads(pattern)["detail"]
    for clause in [detail] if "eventName" in detail else detail["$or"]:
        if "eventName" in clause:
            (source,) = clause["eventSource"]
            yield source, frozenset(name for name in clause["eventName"] if isinstance(name, str))


def silence_pattern(names: Sequence[str]) -> str:
    """The pattern of an alarm that rings because a log group gets no events.

    Args:
        names: how the names of alarms begin.
    """
    return _json(
        {
            "source": ["aws.cloudwatch"],
            "detail-type": [ALARM_STATE],
            "detail": {
                "alarmName": [{"wildcard": f"{name}*-{SILENCE}"} for name in names],
                "state": {"value": ["ALARM"]},
            },
        }
    )


def services(pattern: str) -> frozenset[str]:
    """The services whose calls alone a pattern fits; none where it fits calls of any.

    Args:
        pattern: a pattern made here.
    """
    detail = json.loads(pattern)["detail"]
    clauses = detail["$or"] if "$or" in detail and "eventSource" not in detail else [detail]
    sources = [clause.get("eventSource") for clause in clauses]
    if None in sources:
        return frozenset()
    return frozenset(each.removesuffix(".amazonaws.com") for (each,) in sources)


def forwarded_calls_pattern(of: Collection[str], *, others: bool = False) -> str:
    """The pattern, on a bus for alerts, of the calls of services that were forwarded to it.

    Args:
        of: the services.
        others: whether it fits the calls of all others instead.
    """
    sources = [f"{service}.amazonaws.com" for service in sorted(of)]
    return _json(
        {
            "source": [{"prefix": "aws."}],
            "detail-type": [API_CALL, SERVICE_EVENT, NETWORK_ACTIVITY],
            "detail": {"eventSource": [{"anything-but": sources}] if others else sources},
        }
    )


def forwarded_alarms_pattern() -> str:
    """The pattern, on a bus for alerts, of every alarm that was forwarded to it."""
    return _json({"source": ["aws.cloudwatch"], "detail-type": [ALARM_STATE]})


def heartbeat_pattern(accounts: Sequence[str]) -> str:
    """The pattern, on a bus for alerts, of the forwarding rules' signs of life.

    Args:
        accounts: ids of the accounts that send them.

    Raises:
        InvalidValueError: the pattern is longer than EventBridge accepts.
    """
    pattern = _json(
        {
            "source": ["aws.events"],
            "detail-type": ["Scheduled Event"],
            "account": [*accounts],
        }
    )
    return _fitting("heartbeat", pattern, "accounts")


def refusal_names(resources: Iterable[str]) -> dict[str, Any]:
    """A pattern for refused calls, whose records have no parameters: the message names what for.

    Args:
        resources: parts of names or ARNs, as they are in the message.
    """
    return {"errorMessage": [{"wildcard": f"*on resource: *{each}*"} for each in resources]}


def in_pieces(
    values: Sequence[T],
    clause: Callable[[Sequence[T]], Clause],
    detail_types: Sequence[str] = (API_CALL,),
) -> list[Clause]:
    """Clauses for any number of values, each of which fits into a pattern by itself.

    Args:
        values: what the clauses look for; the fewest clauses are made, at least one.
        clause: makes the clause of some of the values.
        detail_types: the detail types of the events.
    """
    pieces: list[list[T]] = [[]]
    for value in values:
        longer = [*pieces[-1], value]
        if pieces[-1] and len(_pattern([clause(longer)], detail_types)) > MAX_PATTERN:
            pieces.append([value])
        else:
            pieces[-1] = longer
    return [clause(piece) for piece in pieces]


def packed(
    name: str, clauses: Sequence[Clause], detail_types: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """The clauses in as few patterns as the quota allows, each with a name.

    Args:
        name: the first one's name; the others have a number behind it.
        clauses: patterns of the event's detail, any of which may fit.
        detail_types: the detail types of the events.

    Raises:
        InvalidValueError: a clause alone is too long.
    """
    pack: list[Clause] = []
    number = 1
    for clause in clauses:
        longer = [*pack, clause]
        if pack and len(_pattern(longer, detail_types)) > MAX_PATTERN:
            yield _numbered(name, number), _pattern(pack, detail_types)
            pack, number = [clause], number + 1
        else:
            pack = longer
    pattern = _pattern(pack, detail_types)
    yield _numbered(name, number), _fitting(name, pattern, "keys and roles")


def _fitting(name: str, pattern: str, named: str) -> str:
    """The pattern, if EventBridge accepts it."""
    if len(pattern) > MAX_PATTERN:
        raise InvalidValueError(
            f"the event pattern {name!r} has {len(pattern)} characters, and EventBridge accepts "
            f"{MAX_PATTERN}: name fewer {named}"
        )
    return pattern


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _pattern(clauses: Sequence[Clause], detail_types: Sequence[str]) -> str:
    return _json(
        {
            # Who puts events of their own can give them any detail type, but not this source.
            "source": [{"prefix": "aws."}],
            "detail-type": [*detail_types],
            "detail": clauses[0] if len(clauses) == 1 else {"$or": [*clauses]},
        }
    )


def _json(pattern: Clause) -> str:
    return json.dumps(pattern, separators=(",", ":"), sort_keys=True)
