"""Whether a trail's selectors record the writing of log files.

CloudTrail writes them with PutObject, which is a data event of the bucket.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.subjects.event_selectors import DATA, S3_OBJECTS, data_events
from cloudtrail_guard_policies.subjects.trails import log_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Unknown, Value
    from cloudtrail_guard_policies.subjects.event_selectors import Field, Selected

_EVENT: Final = {
    "eventCategory": DATA,
    "eventName": "PutObject",
    "eventSource": "s3.amazonaws.com",
    "eventType": "AwsApiCall",
    "readOnly": "false",
    "resources.type": S3_OBJECTS,
}
"""What an event says by which S3 records that CloudTrail wrote a log file.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html"""

_ARN: Final = re.compile(r"^arn:[^:]+:s3(:::)?")
_LOG_FILE: Final = ".json.gz"
"""How log files and digest files end."""


def s3_data_events(trail: Resource) -> list[Selected]:
    """Return the data events of S3 objects that a trail's selectors choose, or may."""
    return data_events(trail, S3_OBJECTS)


def recorded_deliveries(
    selectors: Iterable[Selected], of: Resource
) -> Iterator[tuple[str, bool | None]]:
    """Yield, for each selector of S3 data events, whether it records log files being written.

    Args:
        selectors: What `s3_data_events` has of a trail.
        of: The trail whose log files are written; the same one, or another.

    Yields:
        The selector's path, and None while it is not known.
    """
    bucket, prefix = of.properties.get("s3BucketName"), log_prefix(of)
    logs = f"{bucket}/{prefix}" if isinstance(bucket, str) and prefix is not UNKNOWN else UNKNOWN
    for events in selectors:
        yield events.path, _records(events, logs)


def _records(events: Selected, logs: str | Unknown) -> bool | None:
    """Return whether the writing of log files is recorded; None while that is not known.

    Args:
        events: The selected events.
        logs: Bucket and prefix of the log files, such as ``logs/AWSLogs/``.
    """
    if UNKNOWN in (events.category, events.resource_type):
        return None
    if not events.advanced:
        kind = events.reads_and_writes
        written = None if kind is UNKNOWN else kind != "ReadOnly"
        return _all([written, _any(_reaches(prefix, logs) for prefix in events.arns)])
    return _all(_admits(field, logs) for field in events.fields)


def _admits(field: Field, logs: str | Unknown) -> bool | None:
    """Return whether a condition lets the event of a log file through.

    It does unless one of its negative operators fits, if one of the others fits, or there is none.
    """
    if not isinstance(field.name, str):
        return None
    if field.name == "resources.ARN":
        return _admits_object(field, logs)
    text = _EVENT.get(field.name)
    excluded, wanted = [], []
    for operator, values in field.operators.items():
        name = operator.removeprefix("not")
        fits = _fits(text, name[0].lower() + name[1:], values)
        (wanted if name == operator else excluded).append(fits)
    left_out = _any(excluded)
    return _all([_any(wanted) if wanted else True, None if left_out is None else not left_out])


def _admits_object(field: Field, logs: str | Unknown) -> bool | None:
    """Return whether a condition on the object's ARN lets some log file through."""
    wanted = [
        *(_reaches(each, logs) for each in field.operators.get("startsWith", [])),
        *(_ends(each) for each in field.operators.get("endsWith", [])),
        # An ARN in full is one object: a new log file has a new name.
        *(False for _ in field.operators.get("equals", [])),
    ]
    excluded = [
        *(_holds_all(each, logs) for each in field.operators.get("notStartsWith", [])),
        *(_ends(each, all_of_them=True) for each in field.operators.get("notEndsWith", [])),
    ]
    left_out = _any(excluded)
    return _all([_any(wanted) if wanted else True, None if left_out is None else not left_out])


def _reaches(pattern: Value, logs: str | Unknown) -> bool | None:
    """Return whether an ARN prefix covers some log files."""
    if not isinstance(pattern, str):
        return None
    start = _ARN.sub("", pattern)
    if not start or start.startswith("*"):
        return True
    return None if logs is UNKNOWN else logs.startswith(start) or start.startswith(logs)


def _holds_all(pattern: Value, logs: str | Unknown) -> bool | None:
    """Return whether an ARN prefix covers every log file."""
    if not isinstance(pattern, str):
        return None
    start = _ARN.sub("", pattern)
    return not start or (None if logs is UNKNOWN else logs.startswith(start))


def _ends(suffix: Value, *, all_of_them: bool = False) -> bool | None:
    """Return whether some log files, or all of them, end in a suffix."""
    if not isinstance(suffix, str):
        return None
    return _LOG_FILE.endswith(suffix) or (not all_of_them and suffix.endswith(_LOG_FILE))


def _fits(text: str | None, operator: str, values: list[Value]) -> bool | None:
    """Return whether one of the values fits; none does where the event has no such field."""
    if text is None:
        # A service has no ARN, and no session of the console.
        return False
    compare = {"equals": str.__eq__, "startsWith": str.startswith, "endsWith": str.endswith}
    return _any(compare[operator](text, each) if isinstance(each, str) else None for each in values)


def _any(values: Iterable[bool | None]) -> bool | None:
    seen = list(values)
    return True if True in seen else None if None in seen else False


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = list(values)
    return False if False in seen else None if None in seen else True
