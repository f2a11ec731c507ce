"""Amazon CloudWatch: log groups, metric filters, alarms.

Sources: `internal/service/logs` and `internal/service/cloudwatch` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import arn, length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = "ResourceNotFoundException"

# Log groups

_RETENTION: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192),
    *(2557, 2922, 3288, 3653),
)
_GROUP_NAME: Final = matching(
    r"^[0-9A-Za-z_./#-]+$",
    '"{name}" isn\'t a valid log group name (alphanumeric characters, underscores, hyphens, '
    'slashes, hash signs and dots are allowed): "{value}"',
)


def _configure_group(call: Call) -> None:
    client, group = call.client("logs"), {"logGroupName": call.id}
    if call.has_changed("retentionInDays"):
        if days := call.inputs.get("retentionInDays"):
            client.put_retention_policy(**group, retentionInDays=days)
        elif not call.creating:
            client.delete_retention_policy(**group)
    if call.creating:
        return
    if call.has_changed("kmsKeyId"):
        if key := call.inputs.get("kmsKeyId"):
            client.associate_kms_key(**group, kmsKeyId=key)
        else:
            client.disassociate_kms_key(**group)
    if call.has_changed("deletionProtectionEnabled"):
        client.put_log_group_deletion_protection(
            logGroupIdentifier=call.id,
            deletionProtectionEnabled=bool(call.inputs.get("deletionProtectionEnabled")),
        )


def _retention(name: str, value: int) -> Iterator[str]:
    if value not in _RETENTION:
        offered = " ".join(map(str, _RETENTION))
        yield f"expected {name} to be one of [{offered}], got {value}"


LOG_GROUP = Api(
    service="logs",
    create="CreateLogGroup",
    read="DescribeLogGroups",
    delete="DeleteLogGroup",
    id="{name}",
    names={"name": "logGroupName"},
    answer="logGroups",
    arn="log-group:{name}",
    outputs=lambda _, group: {
        "deletionProtectionEnabled": group.get("deletionProtectionEnabled", False),
        "retentionInDays": group.get("retentionInDays", 0),
    },
    gone=(_GONE,),
    tags=Tags(target="resourceArn", list="ListTagsForResource"),
).row(
    type="aws:cloudwatch/logGroup:LogGroup",
    noun="CloudWatch Logs Log Group",
    configure=_configure_group,
    name=AutoName(),
    replace={"logGroupClass"},
    validate={
        "name": (length(0, 512), _GROUP_NAME),
        "namePrefix": (length(0, 483), _GROUP_NAME),
        "retentionInDays": (_retention,),
    },
)

# Metric filters

_METRIC_NAME: Final = (
    length(0, 255),
    matching(
        r"^[^:*]*$",
        "{value} isn't a valid log metric name (must not contain colon nor asterisk)",
    ),
)


def _number(name: str, value: str) -> Iterator[str]:
    try:
        float(value)
    except ValueError:
        yield f'expected {name} to be a number, got "{value}"'


METRIC_FILTER = Api(
    service="logs",
    create="PutMetricFilter",
    update="PutMetricFilter",
    read="DescribeMetricFilters",
    delete="DeleteMetricFilter",
    id="{name}",
    within=("logGroupName",),
    imported="{logGroupName}:{name}",
    form="log_group_name:name",
    names={
        "name": "filterName",
        "pattern": "filterPattern",
        "metricTransformation.name": "metricName",
        "metricTransformation.namespace": "metricNamespace",
        "metricTransformation.value": "metricValue",
    },
    more=lambda call: {"filterPattern": call.inputs["pattern"].strip()},
    answer="metricFilters",
    gone=(_GONE,),
).row(
    type="aws:cloudwatch/logMetricFilter:LogMetricFilter",
    noun="CloudWatch Logs Metric Filter",
    put_verb="putting",
    name=AutoName(),
    defaults={"metricTransformation.unit": "None"},
    equal={"pattern": lambda one, other: one.strip() == other.strip()},
    validate={
        "name": (
            length(0, 512),
            matching(r"^[^:*]*$", '"{name}" must not contain colon nor asterisk: "{value}"'),
        ),
        "metricTransformation.name": _METRIC_NAME,
        "metricTransformation.namespace": _METRIC_NAME,
        "metricTransformation.defaultValue": (_number,),
    },
)

# Alarms

_ACTIONS: Final = ("alarmActions", "insufficientDataActions", "okActions")
_OTHER_ALARMS: Final = (
    *("evaluationCriteria", "evaluationInterval", "evaluationWindow", "metricQueries"),
    *("thresholdMetricId", "warmUpConfiguration"),
)
_SHORT_PERIODS: Final = (10, 20, 30)
_MINUTE: Final = 60


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


METRIC_ALARM = Api(
    service="cloudwatch",
    create="PutMetricAlarm",
    update="PutMetricAlarm",
    read="DescribeAlarms",
    delete="DeleteAlarms",
    id="{name}",
    names={"arn": "AlarmArn", "name": "AlarmName"},
    answer="MetricAlarms",
    outputs=lambda _, alarm: {
        "actionsEnabled": alarm.get("ActionsEnabled", True),
        "treatMissingData": alarm.get("TreatMissingData") or "missing",
    },
    tags=Tags(target="ResourceARN", list="ListTagsForResource"),
).row(
    type="aws:cloudwatch/metricAlarm:MetricAlarm",
    noun="CloudWatch Metric Alarm",
    name=AutoName(),
    defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    sets=set(_ACTIONS),
    refuse=_refuse,
    validate={
        "name": (length(1, 255),),
        "period": (_period,),
        "treatMissingData": (one_of("breaching", "notBreaching", "ignore", "missing"),),
        **{f"{name}.*": (arn,) for name in _ACTIONS},
    },
    not_emulated=dict.fromkeys(_OTHER_ALARMS, "watch one metric"),
)


# Composite alarms

_SUPPRESSOR: Final = {
    "alarm": "ActionsSuppressor",
    "extensionPeriod": "ActionsSuppressorExtensionPeriod",
    "waitPeriod": "ActionsSuppressorWaitPeriod",
}
"""One object of the real provider's, three members of CloudWatch's."""


def _suppress(call: Call, request: Properties) -> None:
    request.pop("ActionsSuppressor", None)
    wanted = call.inputs.get("actionsSuppressor") or {}
    request |= {theirs: wanted[ours] for ours, theirs in _SUPPRESSOR.items() if ours in wanted}


def _suppressor(_call: Call, alarm: Properties) -> Properties:
    found = {ours: alarm.get(theirs) for ours, theirs in _SUPPRESSOR.items()}
    return {"actionsSuppressor": found if found["alarm"] else None}


COMPOSITE_ALARM = Api(
    service="cloudwatch",
    create="PutCompositeAlarm",
    update="PutCompositeAlarm",
    read="DescribeAlarms",
    delete="DeleteAlarms",
    id="{alarmName}",
    asking={"AlarmTypes": ["CompositeAlarm"]},
    answer="CompositeAlarms",
    names={"arn": "AlarmArn"},
    refine=_suppress,
    outputs=_suppressor,
    tags=Tags(target="ResourceARN", list="ListTagsForResource"),
).row(
    type="aws:cloudwatch/compositeAlarm:CompositeAlarm",
    noun="CloudWatch Composite Alarm",
    replace={"actionsEnabled"},
    defaults={"actionsEnabled": True},
    sets=set(_ACTIONS),
    validate={
        "alarmRule": (length(1, 10_240),),
        **{f"{name}.*": (arn,) for name in _ACTIONS},
    },
)
