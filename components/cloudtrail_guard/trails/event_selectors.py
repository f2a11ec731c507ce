"""Event selectors: which events a trail records.

Advanced selectors throughout, because only they can leave out the log buckets, and because they
have names that auditors' tools look for
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from cloudtrail_guard.arns import object_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.choices import InsightType, ReadWriteType
from cloudtrail_guard.operations import Target, events_on
from cloudtrail_guard.policies.document import distinct

MANAGEMENT_SELECTOR = "Management events selector"
"""The exact name by which auditors' tools (Prowler) know a selector of all management events."""

INSIGHT_TYPES = tuple(InsightType)

_API_NAMES = {
    "equals": "Equals",
    "starts_withs": "StartsWith",
    "not_starts_withs": "NotStartsWith",
}


class FieldSelector(TypedDict):
    """One condition on an event's field; all of a selector's conditions must hold."""

    field: str
    equals: NotRequired[list[str]]
    starts_withs: NotRequired[list[str]]
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
        s3_buckets: only of these buckets, by name; empty: of all.
        lambda_: invocations of every function.
        resource_types: all events of further resource types, e.g. ``AWS::DynamoDB::Table``.
        read_write: ``All``, ``ReadOnly`` or ``WriteOnly`` events.
        log_buckets: names of the buckets that logs are written to: recording their own writes
            would make every log file the cause of the next one.
    """

    s3: bool = False
    s3_buckets: Sequence[str] = ()
    lambda_: bool = False
    resource_types: Sequence[str] = ()
    read_write: str = "All"
    log_buckets: Sequence[str] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to record."""
        return self.s3 or self.lambda_ or bool(self.resource_types)


@dataclass(frozen=True, kw_only=True)
class WatchedObjects:
    """The log files whose deletion, retention and planting is recorded.

    Attributes:
        log_bucket: the log bucket's name; None: nothing is watched.
        replicas: names of buckets with copies, which S3 writes: what is put there is not recorded.
    """

    log_bucket: str | None = None
    replicas: Sequence[str] = ()


def advanced_event_selectors(
    partition: str,
    *,
    management: bool = True,
    data: DataEvents | None = None,
    network_sources: Sequence[str] = (),
    watched: WatchedObjects | None = None,
) -> list[EventSelector]:
    """The selectors of a trail.

    Args:
        partition: the partition of the trail, for the ARNs.
        management: record all management events, read and write, none excluded.
        data: the data events to record.
        network_sources: services whose VPC endpoint activity is recorded, by event source, e.g.
            ``s3.amazonaws.com``.
        watched: the log files that are watched.

    Raises:
        InvalidValueError: there is nothing to record, or something that CloudTrail does not have.
    """
    data = data or DataEvents()
    _check(data, network_sources)
    if not (management or data.any or network_sources):
        raise InvalidValueError(
            "the trail would record nothing: keep management events, or record data events or "
            "network activity"
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
        selectors.append(_s3(partition, data))
    if data.lambda_:
        selectors.append(_data("Lambda", "AWS::Lambda::Function", data))
    selectors += [_data(t.removeprefix("AWS::"), t, data) for t in distinct(data.resource_types)]
    selectors += [_network(source) for source in distinct(network_sources)]
    if watched is not None and watched.log_bucket is not None:
        selectors += _log_files(partition, watched.log_bucket, watched.replicas)
    return selectors


def as_api_value(selectors: Sequence[EventSelector]) -> list[dict[str, Any]]:
    """Selectors as PutEventSelectors and CloudFormation take them, where Pulumi has its own names.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
    """
    return [
        {
            "Name": selector["name"],
            "FieldSelectors": [
                {
                    "Field": field["field"],
                    **{_API_NAMES[key]: value for key, value in field.items() if key in _API_NAMES},
                }
                for field in selector["field_selectors"]
            ],
        }
        for selector in selectors
    ]


def check_insights(types: Sequence[str], *, management: bool = True) -> list[str]:
    """The insight types, each once.

    Raises:
        InvalidValueError: CloudTrail has no such insight type, or the trail records no management
            events, of which Insights are made.
    """
    for insight in types:
        if insight not in INSIGHT_TYPES:
            raise InvalidValueError(
                f"insight type {insight!r} is not one of {', '.join(INSIGHT_TYPES)}"
            )
    if types and not management:
        raise InvalidValueError(
            f"insights {', '.join(types)} are made of management events, which this trail does not "
            "record"
        )
    return list(distinct(types))


def _check(data: DataEvents, network_sources: Sequence[str]) -> None:
    if data.read_write not in tuple(ReadWriteType):
        raise InvalidValueError(
            f"read_write {data.read_write!r} is not one of {', '.join(ReadWriteType)}"
        )
    if data.s3_buckets and not data.s3:
        raise InvalidValueError("s3_buckets are named, but S3 data events are not recorded: set s3")
    inside = sorted(set(data.s3_buckets) & set(data.log_buckets))
    if inside:
        raise InvalidValueError(
            f"s3_buckets has the log bucket {inside[0]!r}: recording its own writes would make "
            "every log file the cause of the next one"
        )
    for resource_type in data.resource_types:
        if not re.fullmatch(r"AWS::\w+::\w+", resource_type):
            raise InvalidValueError(
                f"resource type {resource_type!r} must be like AWS::DynamoDB::Table"
            )
        if resource_type in ("AWS::S3::Object", "AWS::Lambda::Function"):
            raise InvalidValueError(
                f"resource type {resource_type!r} has an argument of its own: s3, lambda_functions"
            )
    for source in network_sources:
        if not re.fullmatch(r"[a-z0-9-]+\.amazonaws\.com", source):
            raise InvalidValueError(
                f"event source {source!r} must be a service's, like s3.amazonaws.com"
            )


def _s3(partition: str, data: DataEvents) -> EventSelector:
    selector = _data("S3", "AWS::S3::Object", data)
    # The trailing slash keeps a bucket whose name merely begins alike apart.
    if data.s3_buckets:
        wanted = [object_arn(partition, bucket, "") for bucket in data.s3_buckets]
        selector["field_selectors"].append({"field": "resources.ARN", "starts_withs": wanted})
    elif data.log_buckets:
        own = [object_arn(partition, bucket, "") for bucket in data.log_buckets]
        selector["field_selectors"].append({"field": "resources.ARN", "not_starts_withs": own})
    return selector


def _log_files(partition: str, bucket: str, replicas: Sequence[str]) -> list[EventSelector]:
    """What is done to log files, without what writes them: no log file is the cause of another.

    CloudTrail writes with PutObject. A selector could tell its writes by ``userIdentity.arn``,
    which they lack, and pulumi-aws accepts no such field; so others' PutObject, which the bucket's
    policy denies, is not recorded either. In a replica S3 writes, in ways that are not documented,
    so nothing that is put there is recorded.
    """
    own = [object_arn(partition, bucket, "")]
    copies = [object_arn(partition, each, "") for each in distinct(replicas)]
    planted = [
        name for name in events_on(Target.LOG_PREFIX, data_events=True) if name != "PutObject"
    ]

    def selector(name: str, events: list[str], objects: list[str]) -> EventSelector:
        return {
            "name": name,
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                {"field": "eventName", "equals": events},
                {"field": "resources.ARN", "starts_withs": objects},
            ],
        }

    return [
        selector(
            "Log files selector", events_on(Target.OBJECTS, data_events=True), [*own, *copies]
        ),
        selector("Planted log files selector", planted, own),
    ]


def _data(label: str, resource_type: str, data: DataEvents) -> EventSelector:
    fields: list[FieldSelector] = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": [resource_type]},
    ]
    if data.read_write != "All":
        only_reads = "true" if data.read_write == "ReadOnly" else "false"
        fields.append({"field": "readOnly", "equals": [only_reads]})
    return {"name": f"{label} data events selector", "field_selectors": fields}


def _network(source: str) -> EventSelector:
    return {
        "name": f"{source.split('.', maxsplit=1)[0]} network activity selector",
        "field_selectors": [
            {"field": "eventCategory", "equals": ["NetworkActivity"]},
            {"field": "eventSource", "equals": [source]},
        ],
    }
