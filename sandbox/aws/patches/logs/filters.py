"""Metric filters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.logs.groups import existing, extras, invalid, of_caller
from sandbox.aws.patches.logs.patterns import problem
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
_MAX_FILTERS, _MAX_DIMENSIONS = 100, 3


@patch(
    "logs",
    "PutMetricFilter",
    "moto adds a second filter of the same name instead of changing the first, to groups that do "
    "not exist, too; it takes any pattern, and a default value together with dimensions",
    limit="filters make no metrics of events",
)
def put_filter(call: Call) -> Answer:
    """Create or change a filter."""
    group, name = existing(call), call.text("filterName")
    if extras(group).log_class != "STANDARD":
        raise AwsError(
            "InvalidOperationException",
            f"Metric filters are not available for log groups of class {extras(group).log_class}.",
        )
    _check(call)
    filters = of_caller(call).filters.metric_filters
    before = _entries(call, group.name, name)
    if not before and len(_entries(call, group.name)) >= _MAX_FILTERS:
        raise AwsError("LimitExceededException", "Resource limit exceeded.")
    reply = call.forward()
    if reply.ok:
        for entry in before:
            filters.remove(entry)
        created = before[0]["creationTime"] if before else int(time.time() * 1000)
        for entry in _entries(call, group.name, name):
            entry["creationTime"] = created
            entry["applyOnTransformedLogs"] = call.flag("applyOnTransformedLogs")
    return reply


@patch(
    "logs",
    "DeleteMetricFilter",
    "moto treats filters and groups that do not exist as deleted",
)
def delete_filter(call: Call) -> None:
    """Refuse to delete what is not there."""
    group, name = existing(call), call.text("filterName")
    if not _entries(call, group.name, name):
        message = "The specified metric filter does not exist."
        raise AwsError("ResourceNotFoundException", message)


@patch("logs", "DescribeMetricFilters", "moto lists no filters of a group that does not exist")
def describe_filters(call: Call) -> None:
    """Refuse to list the filters of a group that is not there."""
    if call.text("logGroupName"):
        existing(call)


def _entries(call: Call, group: str, name: str | None = None) -> list[dict[str, Any]]:
    """The filters of a group, or the one of a name."""
    found = of_caller(call).describe_metric_filters(log_group_name=group)
    return [entry for entry in found if name in (None, entry["filterName"])]


def _check(call: Call) -> None:
    reason = problem(call.text("filterPattern"))
    if reason:
        raise invalid(f"Invalid metric filter pattern: {reason}.")
    for transformation in call.params.get("metricTransformations", []):
        _check_transformation(transformation)


def _check_transformation(transformation: Mapping[str, Any]) -> None:
    value = str(transformation.get("metricValue", ""))
    if not value.startswith("$") and not _is_number(value):
        raise invalid(f"Invalid metric transformation: metricValue {value!r} is no number.")
    dimensions: Mapping[str, str] = transformation.get("dimensions") or {}
    if dimensions and transformation.get("defaultValue") is not None:
        raise invalid(
            "Invalid metric transformation: dimensions and default value are mutually exclusive "
            "properties."
        )
    if len(dimensions) > _MAX_DIMENSIONS:
        raise invalid(
            f"Invalid metric transformation: {len(dimensions)} dimensions; at most "
            f"{_MAX_DIMENSIONS} are allowed."
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
