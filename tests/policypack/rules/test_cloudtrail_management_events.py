from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_management_events import RULE

from tests.policypack.support import (
    CONTEXT,
    NATIVE_TRAIL,
    NOT_KNOWN,
    TRAIL,
    Case,
    analyzer,
    request,
    said,
)
from tests.policypack.tables import Table, one

if TYPE_CHECKING:
    from collections.abc import Mapping


NAME = "Management events selector"


def advanced(name: str, *fields: Mapping[str, object], category: object = "Management") -> object:
    selected = [{"field": "eventCategory", "equals": [category]}, *fields]
    return {"name": name, "fieldSelectors": selected}


def selectors(*given: object, name: str = "advancedEventSelectors") -> dict[str, object]:
    return {name: list(given)}


def basic(**given: object) -> dict[str, object]:
    return selectors(given, name="eventSelectors")


READS = {"field": "readOnly", "equals": ["true"]}
WRITES = {"field": "readOnly", "equals": ["false"]}
NOT_KMS = {"field": "eventSource", "notEquals": ["kms.amazonaws.com"]}
DATA = advanced("data", category="Data")
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="basic", properties=basic(readWriteType="All"), verdict="pass"),
    Case(name="advanced", properties=selectors(advanced(NAME)), verdict="pass"),
    Case(name="with-data", properties=selectors(DATA, advanced(NAME)), verdict="pass"),
    Case(
        name="partial-beside-whole",
        properties=selectors(advanced("reads", READS), advanced(NAME)),
        verdict="pass",
    ),
    Case(
        name="two-halves",
        properties=selectors(
            {"readWriteType": "ReadOnly"}, {"readWriteType": "WriteOnly"}, name="eventSelectors"
        ),
        verdict="pass",
    ),
    Case(
        name="two-advanced-halves",
        properties=selectors(advanced("reads", READS), advanced("writes", WRITES)),
        verdict="pass",
    ),
    Case(
        name="half-and-less",
        properties=selectors(advanced("reads", READS), advanced("writes", WRITES, NOT_KMS)),
        verdict="fail",
    ),
    Case(
        name="unknown-exclusions",
        properties=basic(excludeManagementEventSources=NOT_KNOWN),
        verdict="undecided",
    ),
    Case(name="unknown-kind", properties=basic(readWriteType=NOT_KNOWN), verdict="undecided"),
    Case(name="unknown-name", properties=selectors(advanced(NOT_KNOWN)), verdict="pass"),
    Case(name="another-name", properties=selectors(advanced("all")), verdict="fail"),
    Case(name="reads", properties=basic(readWriteType="ReadOnly"), verdict="fail"),
    Case(name="not-kms", properties=basic(excludeManagementEventSources=["kms"]), verdict="fail"),
    Case(name="advanced-reads", properties=selectors(advanced(NAME, READS)), verdict="fail"),
    Case(name="advanced-not-kms", properties=selectors(advanced(NAME, NOT_KMS)), verdict="fail"),
    Case(name="data-alone", properties=selectors(DATA), verdict="pass"),
    Case(name="none", properties=basic(includeManagementEvents=False), verdict="fail"),
    Case(name="unknown", properties=selectors(NOT_KNOWN), verdict="undecided"),
    Case(
        name="unknown-list", properties={"advancedEventSelectors": NOT_KNOWN}, verdict="undecided"
    ),
    Case(
        name="unknown-category",
        properties=selectors(advanced(NAME, category=NOT_KNOWN)),
        verdict="undecided",
    ),
    Case(
        name="unknown-basic",
        properties=basic(includeManagementEvents=NOT_KNOWN),
        verdict="undecided",
    ),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)


def test_a_trail_of_data_events_alone_can_be_made_a_violation() -> None:
    service = analyzer(RULE, config={RULE.id: ("MANDATORY", {"allowDataEventTrails": False})})

    def found(properties: dict[str, object]) -> int:
        return len(said(service.Analyze(request(properties), CONTEXT)))

    assert found(selectors(DATA)) == 1
    assert found(selectors(DATA, advanced(NAME))) == 0
