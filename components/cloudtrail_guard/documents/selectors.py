"""Event selectors: which events a trail records.

Advanced selectors throughout, because only they can leave out the log buckets, and because they
have names that auditors' tools look for
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from cloudtrail_guard.documents.arns import object_arn
from cloudtrail_guard.documents.policy import DocumentError, distinct

MANAGEMENT_SELECTOR = "Management events selector"
"""The exact name by which auditors' tools (Prowler) know a selector of all management events."""


INSIGHT_TYPES = ("ApiCallRateInsight", "ApiErrorRateInsight")
"""https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html"""


class FieldSelector(TypedDict):
    """One condition on an event's field; all of a selector's conditions must hold."""

    field: str
    equals: NotRequired[list[str]]
    not_starts_withs: NotRequired[list[str]]


class EventSelector(TypedDict):
    """One advanced event selector."""

    name: str
    field_selectors: list[FieldSelector]


@dataclass(frozen=True, kw_only=True)
class DataEvents:
    """Which data events to record.

    Attributes:
        s3: object-level events of every bucket but the log buckets.
        lambda_: invocations of every function.
        log_buckets: names of the buckets that logs are written to: recording their own writes
            would make every log file the cause of the next one.
    """

    s3: bool = False
    lambda_: bool = False
    log_buckets: Sequence[str] = ()


def advanced_event_selectors(
    partition: str, *, management: bool = True, data: DataEvents | None = None
) -> list[EventSelector]:
    """The selectors of a trail.

    Args:
        partition: the partition of the trail, for the ARNs.
        management: record all management events, read and write, none excluded.
        data: the data events to record.

    Raises:
        DocumentError: there is nothing to record.
    """
    data = data or DataEvents()
    if not (management or data.s3 or data.lambda_):
        raise DocumentError(
            "the trail would record nothing: keep management events, or record data events of S3 "
            "or Lambda"
        )
    selectors: list[EventSelector] = []
    if management:
        selectors.append(
            {
                "name": MANAGEMENT_SELECTOR,
                "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
            }
        )
    if data.s3:
        # The trailing slash keeps a bucket whose name merely begins alike in the log.
        own = [object_arn(partition, bucket, "") for bucket in data.log_buckets]
        selectors.append(_data("S3 data events selector", "AWS::S3::Object", own))
    if data.lambda_:
        selectors.append(_data("Lambda data events selector", "AWS::Lambda::Function", []))
    return selectors


def check_insights(types: Sequence[str]) -> list[str]:
    """The insight types, each once.

    Raises:
        DocumentError: CloudTrail has no such insight type.
    """
    for insight in types:
        if insight not in INSIGHT_TYPES:
            raise DocumentError(
                f"insight type {insight!r} is not one of {', '.join(INSIGHT_TYPES)}"
            )
    return list(distinct(types))


def _data(name: str, resource_type: str, excluded: list[str]) -> EventSelector:
    fields: list[FieldSelector] = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": [resource_type]},
    ]
    if excluded:
        fields.append({"field": "resources.ARN", "not_starts_withs": excluded})
    return {"name": name, "field_selectors": fields}
