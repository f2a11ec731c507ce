"""Metric alarms over one metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.shapes import to_aws
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import arn, at_least, items, length, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_NAMES: Final = {
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "name": "AlarmName",
    "okActions": "OKActions",
}
"""Where CloudWatch spells otherwise than Pulumi."""

_PLAIN: Final = (
    *("actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator"),
    *("datapointsToAlarm", "evaluateLowSampleCountPercentiles", "evaluationPeriods"),
    *("extendedStatistic", "insufficientDataActions", "metricName", "name", "namespace"),
    *("okActions", "period", "statistic", "threshold", "treatMissingData", "unit"),
)
_ACTIONS: Final = ("alarmActions", "insufficientDataActions", "okActions")
_OTHER_ALARMS: Final = (
    *("evaluationCriteria", "evaluationInterval", "evaluationWindow", "metricQueries"),
    *("thresholdMetricId", "warmUpConfiguration"),
)
_SHORT_PERIODS: Final = (10, 20, 30)
_MINUTE: Final = 60


def _create(call: Call) -> str:
    _put(call)
    return str(call.inputs["name"])


def _put(call: Call) -> None:
    wanted = call.inputs
    request = to_aws({k: wanted[k] for k in _PLAIN if wanted.get(k) not in (None, "")}, _NAMES)
    if wanted.get("dimensions"):
        request["Dimensions"] = tag_list(wanted["dimensions"], "Name")
    if call.creating and call.tags:
        request["Tags"] = tag_list(call.tags)
    call.client("cloudwatch").put_metric_alarm(**request)


def _read(call: Call) -> Properties | None:
    client = call.client("cloudwatch")
    alarms = client.describe_alarms(AlarmNames=[call.id])["MetricAlarms"]
    if not alarms:
        return None
    found = alarms[0]
    tags = client.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    return {
        **{ours: found.get(_theirs(ours)) for ours in _PLAIN},
        "actionsEnabled": found.get("ActionsEnabled", True),
        "arn": found["AlarmArn"],
        "dimensions": tag_map(found.get("Dimensions", []), "Name"),
        "tags": tag_map(tags),
        "treatMissingData": found.get("TreatMissingData") or "missing",
    }


def _theirs(name: str) -> str:
    return _NAMES.get(name, name[:1].upper() + name[1:])


def _delete(call: Call) -> None:
    call.client("cloudwatch").delete_alarms(AlarmNames=[call.id])


_TAG: Final = tagger("cloudwatch", "ResourceARN")


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    arn_ = call.arn("cloudwatch", f"{call.region}:{call.account.account_id}:alarm:{call.id}")
    _TAG(call.at(arn_), new, removed)


def _refuse(_state: Properties, wanted: Properties) -> Iterator[str]:
    """What a traditional alarm must have, by the provider's CustomizeDiff."""
    if not wanted.get("metricName"):
        yield "one of `metric_name`, `metric_query` or `evaluation_criteria` must be specified"
        return
    for name, spelling in (
        ("comparisonOperator", "comparison_operator"),
        ("evaluationPeriods", "evaluation_periods"),
    ):
        if not wanted.get(name):
            yield f"{spelling} is required for traditional metric alarms"
    if not wanted.get("statistic") and not wanted.get("extendedStatistic"):
        yield (
            "One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm"
        )


def _period(name: str, value: int) -> Iterator[str]:
    if value not in _SHORT_PERIODS and (value < _MINUTE or value % _MINUTE):
        yield f'"{name}" must be 10, 20, 30 or a multiple of 60, got {value}'


METRIC_ALARM = ResourceType(
    type="aws:cloudwatch/metricAlarm:MetricAlarm",
    noun="CloudWatch Metric Alarm",
    create=_create,
    update=_put,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(),
    replace=frozenset({"name"}),
    defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    computed=frozenset({"evaluateLowSampleCountPercentiles"}),
    sets=frozenset(_ACTIONS),
    refuse=_refuse,
    validate={
        "name": (length(1, 255),),
        "alarmDescription": (length(0, 1024),),
        "comparisonOperator": (
            one_of(
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanLowerOrGreaterThanUpperThreshold",
                "LessThanLowerThreshold",
                "GreaterThanUpperThreshold",
            ),
        ),
        "evaluationPeriods": (at_least(1),),
        "datapointsToAlarm": (at_least(1),),
        "period": (_period,),
        "statistic": (one_of("SampleCount", "Average", "Sum", "Minimum", "Maximum"),),
        "treatMissingData": (one_of("breaching", "notBreaching", "ignore", "missing"),),
        **{name: (items(0, 5),) for name in _ACTIONS},
        **{f"{name}.*": (arn,) for name in _ACTIONS},
    },
    not_emulated=dict.fromkeys(_OTHER_ALARMS, "watch one metric"),
)

RESOURCES = (METRIC_ALARM,)
