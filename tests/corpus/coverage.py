"""What sees each operation of the table: event rules, alarms, the response, the named queries.

Each record of the corpus is evaluated, in the account and region in which CloudTrail writes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.detection.event_rules import Watched, tamper_rules
from cloudtrail_guard.detection.metric_filters import (
    BREAK_GLASS_USE,
    METRIC_FILTERS,
    TOPIC_CHANGES,
    break_glass_pattern,
    topic_changes_pattern,
)
from cloudtrail_guard.detection.queries import QUESTIONS, sql
from cloudtrail_guard.operations import OPERATIONS, Target
from cloudtrail_guard.tamper_response_function.handler import Watch, plan
from cloudtrail_guard.trails.event_selectors import (
    WatchedObjects,
    advanced_event_selectors,
    as_api_value,
)

from sandbox.aws.patches.cloudtrail.selection import selects
from sandbox.aws.patches.events.matching import matches
from sandbox.aws.patches.logs import patterns
from sandbox.aws.queries.engine import answers
from tests.corpus.events import event
from tests.corpus.logs import TABLE, TYPES, rows
from tests.corpus.operations import cases
from tests.corpus.parameters import NAMES
from tests.corpus.records import (
    BREAK_GLASS,
    BREAK_GLASS_USER,
    BUCKET,
    GLOBAL_REGION,
    KEY,
    MANAGEMENT,
    REGION,
    SECURITY,
    TRAIL,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloudtrail_guard.detection.event_rules import TamperRule
    from cloudtrail_guard.operations import Operation

    from tests.corpus.operations import Case
    from tests.corpus.records import Record

    Selectors = Sequence[Mapping[str, Any]]

WATCH = Watch(
    trail=TRAIL,
    selectors=[],
    settings={"S3BucketName": BUCKET},
    not_undone={},
    policies=list(NAMES["organizations"]["policyId"]),
    targets=list(NAMES["organizations"]["targetId"]),
    topic="",
    own_role=f"arn:aws:iam::{MANAGEMENT}:role/cloudtrail-guard-response",
    dry_run=False,
)


@dataclass(frozen=True)
class Seen:
    """What sees a record, by name."""

    rules: frozenset[str]
    alarms: frozenset[str]
    responses: frozenset[str]
    queries: frozenset[str]


_NAMES: dict[str, Any] = {"names": ["cloudtrail-guard"]}
WATCHED: Mapping[str, Watched] = {
    SECURITY: Watched(
        bucket=BUCKET,
        key_arns=[KEY],
        member=True,
        role_arns=[BREAK_GLASS, BREAK_GLASS_USER],
        break_glass_arns=[BREAK_GLASS],
        **_NAMES,
    ),
    MANAGEMENT: Watched(
        key_arns=[KEY], organization=True, log_groups=["/aws/cloudtrail/"], **_NAMES
    ),
}
"""What the stacks watch, by account."""


FILTERS: Mapping[str, str] = {
    **{each.name: each.pattern for each in METRIC_FILTERS},
    TOPIC_CHANGES: topic_changes_pattern(["cloudtrail-guard"]),
    BREAK_GLASS_USE: break_glass_pattern(BREAK_GLASS),
}
"""The patterns of the metric filters by name."""


def rules_at(account: str, region: str) -> list[TamperRule]:
    """The tamper rules of an account and region."""
    rules = tamper_rules(WATCHED[account]) if account in WATCHED else []
    return [rule for rule in rules if region == (GLOBAL_REGION if rule.is_global else REGION)]


@cache
def patterns_by_place() -> dict[tuple[str, str], dict[str, Any]]:
    """The patterns of the tamper rules by name, by account and region."""
    return {
        (account, region): {
            rule.name: json.loads(rule.pattern) for rule in rules_at(account, region)
        }
        for account in (SECURITY, MANAGEMENT)
        for region in (REGION, GLOBAL_REGION)
    }


SELECTORS = as_api_value(advanced_event_selectors("aws", watched=WatchedObjects(log_bucket=BUCKET)))
"""What the organization's trail records."""


def is_recorded(record: Mapping[str, Any]) -> bool:
    """Whether the organization's trail records an event."""
    return selects([], SELECTORS, record)


@cache
def corpus() -> list[Case]:
    """The corpus, recorded an hour ago."""
    return cases(datetime.now(UTC) - timedelta(hours=1))


@cache
def seen() -> Mapping[Operation, list[tuple[Case, Seen]]]:
    """What sees each record of each operation."""
    queries = asked([case.record for case in corpus()])
    found: dict[Operation, list[tuple[Case, Seen]]] = {each: [] for each in OPERATIONS}
    for case in corpus():
        found[case.operation].append((case, seen_by(case.record, queries, SELECTORS)))
    return found


def asked(records: Sequence[Record]) -> dict[str, set[str]]:
    """The queries that find a record, by its id."""
    found: dict[str, set[str]] = {}
    queries = {each.name: sql(each, TABLE) for each in QUESTIONS}
    for name, answer in answers(queries, rows(records), TYPES).items():
        for row in answer:
            found.setdefault(row.get("event_id", ""), set()).add(name)
    return found


def seen_by(record: Record, queries: Mapping[str, set[str]], selectors: Selectors) -> Seen:
    """What sees a record.

    Args:
        record: the record.
        queries: what `asked` answers of it.
        selectors: the trail's selectors.
    """
    here = patterns_by_place().get((record["recipientAccountId"], record["awsRegion"]), {})
    recorded = selects([], selectors, record)
    return Seen(
        rules=frozenset(
            re.sub(r"-\d+$", "", name)
            for name, each in here.items()
            if recorded and matches(each, event(record))
        ),
        alarms=frozenset(
            name
            for name, pattern in FILTERS.items()
            if recorded and patterns.matches(pattern, record)
        ),
        responses=frozenset(each.call for each in plan(record, WATCH)),
        queries=frozenset(queries.get(record["eventID"], ())),
    )


@dataclass(frozen=True)
class Cell:
    """What of one kind sees an operation.

    Attributes:
        catches: what sees any record of it.
        reasons: why it does not see others; empty if it sees all.
        unexplained: records that it does not see, and no reason is known why.
    """

    catches: tuple[str, ...]
    reasons: tuple[str, ...]
    unexplained: tuple[str, ...]


KINDS: Mapping[str, Callable[[Seen], frozenset[str]]] = {
    "event rule": lambda found: found.rules,
    "alarm": lambda found: found.alarms,
    "response": lambda found: found.responses,
    "query": lambda found: found.queries,
}

REASONS: Mapping[str, str] = {
    "no event": "the action authorizes a part of other calls, which are recorded under their names",
    "refused": (
        "a refused call: nothing was changed. Of KMS and Organizations its record names the "
        "resource in the error message alone"
    ),
    "member": "recorded in the member account, where there is no rule",
    "own writes": (
        "PutObject is how CloudTrail writes: recorded, each log file would cause another one. The "
        "bucket's policy denies it to all others, and the query finds it if a trail records it"
    ),
    "no rule": (
        "no rule names it: where the guardrails deny it, the attempt raises `UnauthorizedApiCalls`"
    ),
    "CIS": (
        "no filter names the call: the benchmark's are kept to its words; an event rule sees it"
    ),
    "manual": (
        "nothing undoes it: the response starts the trail, restores it and its selectors and "
        "attaches guardrails again; the rest is for a person who has the query's answer"
    ),
}
"""Why something does not see an operation, by the word that stands for it."""


def cell(operation: Operation, kind: str) -> Cell:
    """What of a kind sees an operation."""
    records = seen()[operation]
    if not records:
        return Cell((), ("no event",), ())
    caught = [(case, KINDS[kind](found)) for case, found in records]
    missed = [case for case, names in caught if not names]
    why = {case.id: _reason(case, kind) for case in missed}
    return Cell(
        catches=tuple(sorted({name for _, names in caught for name in names})),
        reasons=tuple(sorted({reason for reason in why.values() if reason})),
        unexplained=tuple(name for name, reason in why.items() if not reason),
    )


def _reason(case: Case, kind: str) -> str:
    operation = case.operation
    if kind in ("event rule", "alarm") and not is_recorded(case.record):
        return "own writes"
    match kind:
        case "event rule":
            return _no_rule(case)
        case "alarm":
            return "" if case.is_refused else "CIS"
        case "response":
            return "refused" if case.is_refused and operation.undone else "manual"
        case _:
            return ""


def _no_rule(case: Case) -> str:
    if case.operation.target is Target.MEMBERSHIP:
        return "member"
    return "no rule" if case.operation.target in _NO_RULE else ""


_NO_RULE = (Target.GUARDED_GROUP, Target.SECURITY_SERVICES)
