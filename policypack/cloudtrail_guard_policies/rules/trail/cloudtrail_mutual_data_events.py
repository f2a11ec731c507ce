"""Trails of a stack do not record the writing of each other's log files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.subjects.deliveries import recorded_deliveries, s3_data_events
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

    Edges = Mapping[Resource, Mapping[Resource, tuple[str, bool | None]]]


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    edges = _edges(stack.of_types(TRAILS))
    for trail, others in edges.items():
        for other, (path, recorded) in others.items():
            if recorded and _reaches(edges, other, trail, certain=True):
                yield Violation(
                    resource=trail,
                    path=path,
                    problem=(
                        f"records the log files of trail {other.name!r}, and that one's events lead"
                        " back here: each log file causes another one"
                    ),
                    remediation=(
                        "exclude the log buckets of both trails by a field selector on"
                        " resources.ARN with notStartsWiths of their ARNs and a slash"
                    ),
                )
            elif _reaches(edges, other, trail, certain=False):
                yield Undecidable(resource=trail, path=path)


def _edges(trails: list[Resource]) -> Edges:
    """Return, for each trail, the others whose log files it records, or may turn out to."""
    edges: dict[Resource, dict[Resource, tuple[str, bool | None]]] = {}
    for trail in trails:
        # Read once: most trails of a large stack record no object of S3, and are done here.
        selectors = s3_data_events(trail)
        others = [other for other in trails if other is not trail] if selectors else []
        edges[trail] = {
            other: max(recorded, key=lambda each: each[1] is True)
            for other in others
            if (
                recorded := [
                    (path, state)
                    for path, state in recorded_deliveries(selectors, other)
                    if state is not False
                ]
            )
        }
    return edges


def _reaches(edges: Edges, start: Resource, goal: Resource, *, certain: bool) -> bool:
    """Return whether a log file of one trail leads, over others, to one of another trail."""
    seen, waiting = {start}, [start]
    while waiting:
        for other, (_, state) in edges[waiting.pop()].items():
            if certain and not state:
                continue
            if other is goal:
                return True
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


RULE = StackRule(
    id="cloudtrail-mutual-data-events",
    title="CloudTrail trails do not record the writing of each other's log files.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    rationale=(
        "A trail that leaves out its own log bucket still loops where it records another trail's"
        " bucket and that trail records this one's: each log file is an event for the other trail,"
        " which writes it into the next log file, for ever."
    ),
    remediation="Leave all log buckets out of every trail's data events of S3 objects.",
    check=_check,
)
