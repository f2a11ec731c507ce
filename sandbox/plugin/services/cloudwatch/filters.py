"""Metric filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import AutoName, ResourceType, split_id
from sandbox.plugin.validators import length, matching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = "ResourceNotFoundException"
_METRIC_NAME: Final = (
    length(0, 255),
    matching(
        r"^[^:*]*$",
        "{value} isn't a valid log metric name (must not contain colon nor asterisk)",
    ),
)


def _create(call: Call) -> str:
    _put(call)
    return str(call.inputs["name"])


def _put(call: Call) -> None:
    wanted = call.inputs
    transformation = {k: v for k, v in wanted["metricTransformation"].items() if v != ""}
    transformation = {f"metric{k[:1].upper()}{k[1:]}": v for k, v in transformation.items()}
    for ours, theirs in (
        ("metricDefaultValue", "defaultValue"),
        ("metricUnit", "unit"),
        ("metricDimensions", "dimensions"),
    ):
        if ours in transformation:
            transformation[theirs] = transformation.pop(ours)
    if "defaultValue" in transformation:
        transformation["defaultValue"] = float(transformation["defaultValue"])
    call.client("logs").put_metric_filter(
        logGroupName=wanted["logGroupName"],
        filterName=wanted["name"],
        filterPattern=wanted["pattern"].strip(),
        metricTransformations=[transformation],
        applyOnTransformedLogs=bool(wanted.get("applyOnTransformedLogs")),
    )


def _read(call: Call) -> Properties | None:
    client = call.client("logs")
    group, name = str(call.value("logGroupName")), str(call.value("name"))
    pages = client.get_paginator("describe_metric_filters").paginate(
        logGroupName=group, filterNamePrefix=name
    )
    found = find(lambda: [each for page in pages for each in page["metricFilters"]], _GONE)
    for each in found or ():
        if each["filterName"] == name:
            return {
                "applyOnTransformedLogs": each.get("applyOnTransformedLogs", False),
                "logGroupName": group,
                "metricTransformation": _transformation(each["metricTransformations"][0]),
                "name": name,
                "pattern": each.get("filterPattern", ""),
            }
    return None


def _transformation(found: Properties) -> Properties:
    default = found.get("defaultValue")
    return {
        "defaultValue": None if default is None else f"{default:g}",
        "dimensions": found.get("dimensions"),
        "name": found["metricName"],
        "namespace": found["metricNamespace"],
        "unit": found.get("unit") or "None",
        "value": found["metricValue"],
    }


def _delete(call: Call) -> None:
    with ignoring(_GONE):
        call.client("logs").delete_metric_filter(
            logGroupName=call.value("logGroupName"), filterName=call.value("name")
        )


def _identify(id_: str) -> Properties:
    group, name = split_id(id_, ":", "log_group_name:name")
    return {"logGroupName": group, "name": name}


def _number(name: str, value: str) -> Iterator[str]:
    try:
        float(value)
    except ValueError:
        yield f'expected {name} to be a number, got "{value}"'


def _same_text(one: str, other: str) -> bool:
    return one.strip() == other.strip()


METRIC_FILTER = ResourceType(
    type="aws:cloudwatch/logMetricFilter:LogMetricFilter",
    noun="CloudWatch Logs Metric Filter",
    put_verb="putting",
    create=_create,
    update=_put,
    read=_read,
    delete=_delete,
    name=AutoName(),
    replace=frozenset({"name", "logGroupName"}),
    defaults={"metricTransformation.unit": "None"},
    computed=frozenset({"applyOnTransformedLogs"}),
    equal={"pattern": _same_text},
    validate={
        "name": (
            length(0, 512),
            matching(r"^[^:*]*$", '"{name}" must not contain colon nor asterisk: "{value}"'),
        ),
        "pattern": (length(0, 1024),),
        "metricTransformation.name": _METRIC_NAME,
        "metricTransformation.namespace": _METRIC_NAME,
        "metricTransformation.value": (length(0, 100),),
        "metricTransformation.defaultValue": (_number,),
    },
    identify=_identify,
    own_id=lambda found: str(found["name"]),
)

RESOURCES = (METRIC_FILTER,)
