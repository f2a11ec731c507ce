"""CloudTrail Lake: the event data stores, which are optional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.evaluate.checks import (
    Rule,
    attention,
    bad,
    counted,
    evidence,
    good,
    make,
    off,
    yes_or,
)
from posture.evaluate.trail import management_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from posture.collect.answers import Facts
    from posture.evaluate.checks import Verdict
    from posture.evaluate.meant import Meant
    from posture.report import Check

_YEAR = 365


def lake_checks(facts: Facts, meant: Meant) -> Iterator[Check]:
    """The checks of each store that records management events, or that the stack made."""
    answer = facts["lake"]
    ours = meant.outputs.get("eventDataStoreArn")
    stores = [
        each
        for each in answer.value or ()
        if each["EventDataStoreArn"] == ours or _is_of_management(each)
    ]
    yield Rule(
        id="lake.stores",
        title="Event data stores of CloudTrail Lake",
        key="lake",
        decide=lambda _: (
            good(f"{counted(len(stores), 'event data store')} of management events.")
            if stores
            else bad("The event data store is gone.")
            if ours
            else off("No event data store has management events.")
        ),
        show=lambda found: [each["EventDataStoreArn"] for each in found] or "none",
    ).check(facts)
    for store in stores:
        # Names are not unique over time: a store that is deleted keeps its own for a week.
        identifier = store["EventDataStoreArn"].rsplit("/", maxsplit=1)[-1]
        name = store.get("Name", identifier)
        for each, (title, decide, keys) in _CHECKS.items():
            saw = evidence(
                answer, lambda _, store=store, keys=keys: {k: store.get(k) for k in keys}
            )
            title_of = f"Event data store {name} {title}"
            yield make(f"lake.{each}.{identifier}", title_of, decide(store, meant), [saw])


def _is_of_management(store: Mapping[str, Any]) -> bool:
    return any(
        field.get("Field") == "eventCategory" and field.get("Equals") == ["Management"]
        for selector in store.get("AdvancedEventSelectors") or ()
        for field in selector["FieldSelectors"]
    )


def _ingests(store: Mapping[str, Any], _: Meant) -> Verdict:
    status = store.get("Status")
    return yes_or(
        status in ("ENABLED", "STARTING_INGESTION"),
        "It takes in events.",
        f"It takes in no event: its status is {status}.",
    )


def _protected(store: Mapping[str, Any], _: Meant) -> Verdict:
    return yes_or(
        bool(store.get("TerminationProtectionEnabled")),
        "Termination protection is on.",
        "Termination protection is off: one call deletes it.",
    )


def _everywhere(store: Mapping[str, Any], meant: Meant) -> Verdict:
    if not store.get("MultiRegionEnabled"):
        return bad("It records its own region alone.")
    if meant.organization_id and not store.get("OrganizationEnabled"):
        return bad("It records its own account alone.")
    return good("It records every region of what the trail records.")


def _keeps(store: Mapping[str, Any], _: Meant) -> Verdict:
    days = int(store.get("RetentionPeriod") or 0)
    says = f"It keeps events for {days:,} days"
    return good(f"{says}.") if days >= _YEAR else attention(f"{says}, less than a year.")


_CHECKS: Mapping[
    str, tuple[str, Callable[[Mapping[str, Any], Meant], Verdict], tuple[str, ...]]
] = {
    "ingestion": ("takes in events", _ingests, ("Status",)),
    "protection": ("cannot be deleted by one call", _protected, ("TerminationProtectionEnabled",)),
    "scope": (
        "records every region and account",
        _everywhere,
        ("MultiRegionEnabled", "OrganizationEnabled"),
    ),
    "management-events": (
        "records all management events",
        lambda store, _: management_events(store),
        ("AdvancedEventSelectors",),
    ),
    "retention": ("keeps events for a year", _keeps, ("RetentionPeriod", "KmsKeyId")),
}
"""By name: what a store is meant to do, whether it does, and what shows it."""
