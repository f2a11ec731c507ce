"""A trail does not record the writing of its own log files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.subjects.event_selectors import S3_OBJECTS, data_events
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.subjects.event_selectors import Field, Selected

_ARN: Final = re.compile(r"^arn:[^:]+:s3(:::)?")


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    for events in data_events(trail, S3_OBJECTS):
        loops = _loops(events, trail.properties.get("s3BucketName"))
        if loops is None:
            yield Undecidable(resource=trail, path=events.path)
        elif loops:
            yield Violation(
                resource=trail,
                path=events.path,
                problem="records the log bucket's own objects: each log file causes another one",
                remediation=(
                    "exclude the log bucket by a field selector on resources.ARN with"
                    " notStartsWiths of its ARN and a slash"
                ),
            )


def _loops(events: Selected, bucket: Value) -> bool | None:
    """Return whether events of the log bucket's objects are selected; None while unknown."""
    if UNKNOWN in (events.category, events.resource_type):
        return None
    if not events.advanced:
        reads_only = any(path.endswith("readWriteType") for path in events.restrictions)
        return not reads_only and _any(_covers(prefix, bucket) for prefix in events.arns)
    if any(_reads(field) for field in events.conditions("readOnly")):
        return False
    return _all(_admits(field, bucket) for field in events.conditions("resources.ARN"))


def _reads(field: Field) -> bool:
    return field.operators.get("equals") == ["true"]


def _admits(field: Field, bucket: Value) -> bool | None:
    """Return whether a condition on the object's ARN lets the log bucket's objects through."""
    wanted = [*field.operators.get("startsWith", []), *field.operators.get("equals", [])]
    excluded = _any(_covers(each, bucket) for each in field.operators.get("notStartsWith", []))
    included = _any(_covers(each, bucket) for each in wanted) if wanted else True
    return _all([included, None if excluded is None else not excluded])


def _covers(prefix: Value, bucket: Value) -> bool | None:
    """Return whether an ARN prefix covers the objects of a bucket."""
    if not isinstance(prefix, str):
        return None
    rest = _ARN.sub("", prefix)
    if not rest or rest.startswith("*"):
        return True
    if not isinstance(bucket, str):
        return None
    log_files = f"{bucket}/AWSLogs/"
    return log_files.startswith(rest) or rest.startswith(log_files)


def _any(values: Iterator[bool | None]) -> bool | None:
    seen = list(values)
    return True if True in seen else None if None in seen else False


def _all(values: Iterator[bool | None] | list[bool | None]) -> bool | None:
    seen = list(values)
    return False if False in seen else None if None in seen else True


RULE = ResourceRule(
    id="cloudtrail-data-event-loop",
    title="A CloudTrail trail does not record the writing of its own log files.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    rationale=(
        "A trail that records data events of its own log bucket records each log file that it"
        " writes, in the next log file, for ever. One organization paid for some 1.5 billion such"
        " events (https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/1192)."
        " Only advanced selectors can leave a bucket out."
    ),
    remediation="Leave the log bucket out: resources.ARN, notStartsWiths, its ARN with a slash.",
    check=_check,
)
