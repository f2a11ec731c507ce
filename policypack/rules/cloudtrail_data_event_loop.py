"""A trail does not record the writing of its own log files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from framework.rule import ResourceRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._selectors import S3_OBJECTS, data_events
from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings
    from framework.values import Value

    from rules._selectors import Field, Selected

_ARN: Final = re.compile(r"^arn:[^:]+:s3(:::)?")


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
    for events in data_events(trail, S3_OBJECTS):
        loops = _loops(events, trail.properties.get("s3BucketName"))
        if loops is None:
            yield Undecidable(resource=trail, path=events.path)
        elif loops:
            yield Violation(
                resource=trail,
                path=events.path,
                problem="records the log bucket's own objects: each log file causes another one",
                mend=(
                    "exclude the log bucket by a field selector on resources.ARN with"
                    " notStartsWiths of its ARN and a slash"
                ),
            )


def _loops(events: Selected, bucket: Value) -> bool | None:
    """Return whether events of the log bucket's objects are selected; None if nobody knows yet."""
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
    mend="Leave the log bucket out: resources.ARN, notStartsWiths, its ARN with a slash.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    advanced_event_selectors=[
        {
            "name": "S3 data events selector",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                {
                    "field": "resources.ARN",
                    "not_starts_withs": ["arn:aws:s3:::example-org-cloudtrail-logs/"],
                },
            ],
        }
    ],
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    event_selectors=[
        {
            "read_write_type": "All",
            "data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
        }
    ],
)
""",
    check=_check,
)
