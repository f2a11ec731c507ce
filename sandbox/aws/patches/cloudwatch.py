"""CloudWatch: composite alarms, and the events of EventBridge about an alarm."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from moto.backends import get_backend

from sandbox.aws.call import AwsError
from sandbox.aws.patches.events.delivery import emit
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_REASON: Final = "moto has no PutCompositeAlarm, and answers none of what is special to one"
_LIMIT: Final = "the state of a composite alarm is never evaluated: it stays OK"

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
_STATE_OF: Final = re.compile(
    r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(\"[^\"]+\"|[^()\"\s]+)\s*\)"
)
_CONNECTIVES: Final = re.compile(r"(?:\b(?:AND|OR|NOT|TRUE|FALSE|AT_LEAST)\b|[()\s])*")
_SUPPRESSION: Final = (
    *("ActionsSuppressor", "ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod"),
)


@patch("monitoring", "PutCompositeAlarm", _REASON, limit=_LIMIT)
def put_composite_alarm(call: Call) -> Answer:
    """Store a composite alarm whose rule names alarms that are there."""
    params, alarms = call.params, _backend(call).alarms
    name, rule = call.text("AlarmName"), call.text("AlarmRule")
    named = {found.strip('"').rpartition(":alarm:")[2] for found in _STATE_OF.findall(rule)}
    if not rule or not _CONNECTIVES.fullmatch(_STATE_OF.sub("TRUE", rule)):
        raise AwsError("ValidationError", f"AlarmRule is not a valid rule expression: {rule}")
    missing = sorted(named - alarms.keys() | named & {name})
    if missing:
        raise AwsError(
            "ValidationError",
            f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm "
            "rule do not exist",
        )
    _backend(call).put_metric_alarm(
        name=name,
        **dict.fromkeys(
            ("namespace", "metric_name", "comparison_operator", "evaluation_periods"), None
        ),
        **dict.fromkeys(("period", "threshold", "statistic"), None),
        description=call.text("AlarmDescription"),
        dimensions=[],
        alarm_actions=params.get("AlarmActions", []),
        ok_actions=params.get("OKActions", []),
        insufficient_data_actions=params.get("InsufficientDataActions", []),
        actions_enabled=params.get("ActionsEnabled", True),
        rule=rule,
        tags=params.get("Tags", []),
    )
    alarms[name].suppression = {key: params[key] for key in _SUPPRESSION if key in params}
    return {}


@patch("monitoring", "DescribeAlarms", _REASON, limit=_LIMIT)
def describe_alarms(call: Call) -> Answer | None:
    """Describe composite alarms, where a call asks for these alone."""
    if call.params.get("AlarmTypes") != ["CompositeAlarm"]:
        return None
    names, prefix = call.params.get("AlarmNames"), call.text("AlarmNamePrefix")
    return {
        "CompositeAlarms": [
            {
                "AlarmName": alarm.name,
                "AlarmArn": alarm.alarm_arn,
                "AlarmRule": alarm.rule,
                "AlarmDescription": alarm.description,
                "ActionsEnabled": alarm.actions_enabled,
                "AlarmActions": alarm.alarm_actions,
                "OKActions": alarm.ok_actions,
                "InsufficientDataActions": alarm.insufficient_data_actions,
                "StateValue": alarm.state_value,
                **vars(alarm).get("suppression", {}),
            }
            for alarm in _backend(call).alarms.values()
            if alarm.rule is not None
            and (not names or alarm.name in names)
            and alarm.name.startswith(prefix)
        ]
    }


@patch(
    "monitoring",
    "SetAlarmState",
    "moto tells EventBridge nothing of an alarm's state",
    limit="no metric is evaluated: a state changes by this call alone, and runs no action",
)
def set_alarm_state(call: Call) -> Answer:
    """Set a state, and tell EventBridge if it is another one.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    before = _state(call)
    reply = call.forward()
    after = _state(call)
    if reply.ok and before["value"] != after["value"]:
        name = call.text("AlarmName")
        arn = _backend(call).alarms[name].alarm_arn
        emit(
            call.signer.account_id,
            {
                "detail-type": "CloudWatch Alarm State Change",
                "source": "aws.cloudwatch",
                "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "region": call.region,
                "resources": [arn],
                "detail": {"alarmName": name, "state": after, "previousState": before},
            },
        )
    return reply


def _state(call: Call) -> dict[str, str]:
    alarm = _backend(call).alarms.get(call.text("AlarmName"))
    if alarm is None:
        return {"value": "", "reason": ""}
    return {"value": alarm.state_value, "reason": alarm.state_reason}


def _backend(call: Call) -> Any:  # noqa: ANN401 - moto's
    return get_backend("cloudwatch")[call.signer.account_id][call.region]
