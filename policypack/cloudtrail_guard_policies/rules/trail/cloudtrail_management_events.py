"""A trail records all management events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import boolean
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.event_selectors import (
    ADVANCED,
    BASIC,
    DATA,
    MANAGEMENT,
    all_recorded,
    has_selectors,
    selected,
)
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_NAME: Final = "Management events selector"

_DATA_ONLY = boolean(
    "allowDataEventTrails",
    "Whether a trail may record data events alone, beside one that records management events.",
    default=True,
)


def _check(trail: Resource, settings: RuleSettings) -> Iterator[Finding]:
    events = selected(trail)
    management = [each for each in events if each.category == MANAGEMENT]
    unknown = [
        each
        for each in events
        if each.category is UNKNOWN or (each in management and each.undecided)
    ]
    if all_recorded(management):
        # Two halves are found by no tool under any name, so that a name is asked of one whole.
        whole = [each for each in management if each.whole]
        named = any(not each.advanced or each.name in (_NAME, UNKNOWN) for each in whole)
        if whole and not named and not unknown:
            yield Violation(
                resource=trail,
                path=f"{whole[0].path}.name",
                problem=f"is not {_NAME!r}: auditors' tools do not see that it records everything",
                remediation=f"name the selector {_NAME!r}",
            )
    elif unknown:
        yield Undecidable(resource=trail, path=unknown[0].path)
    elif management:
        yield Violation(
            resource=trail,
            path=next(path for each in management for path in each.restrictions),
            problem="leaves management events out",
            remediation="remove it, so that reads and writes of every service are recorded",
        )
    elif has_selectors(trail) and not (
        settings[_DATA_ONLY] and any(each.category == DATA for each in events)
    ):
        yield Violation(
            resource=trail,
            path=BASIC if trail.properties.get(BASIC) else ADVANCED,
            problem="records no management events: who changed what is not recorded",
            remediation="add a selector of all management events",
        )


RULE = ResourceRule(
    id="cloudtrail-management-events",
    title="A CloudTrail trail records all management events, reads and writes.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls=controls("cloudtrail_multi_region_enabled", "CloudTrail.1"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
    rationale=(
        "Without selectors a trail records all management events. Selectors can leave out reads,"
        " writes or the calls of KMS and RDS, and with them the traces of a reconnaissance, or of"
        " who uses a key. Prowler recognizes an advanced selector only under the name"
        f" {_NAME!r}. A trail of data events alone is sound beside another trail;"
        " with allowDataEventTrails false, every trail must record management events."
    ),
    remediation="Select all management events, without exclusions, under the expected name.",
    check=_check,
    parameters=(_DATA_ONLY,),
)
