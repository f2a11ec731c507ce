"""A trail's alarms notify somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true, items
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.monitoring import (
    ALARMS,
    COMPOSITES,
    JOINED_WITH_ALARMS,
    notifying_composites,
    trail_alarms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for alarm in trail_alarms(stack):
        # What one alarm leaves to a composite alarm, that notifies.
        if notifying_composites(stack, alarm):
            continue
        # Actions that are not known yet are there.
        if not items(alarm.properties.get("alarmActions")):
            yield Violation(
                resource=alarm,
                path="alarmActions",
                problem="is not set: the alarm notifies no one",
                remediation="set alarmActions to the ARN of a topic",
            )
        enabled = alarm.properties.get("actionsEnabled")
        if enabled is UNKNOWN:
            yield Undecidable(resource=alarm, path="actionsEnabled")
        elif enabled is not None and not is_true(enabled):
            yield Violation(
                resource=alarm,
                path="actionsEnabled",
                problem="is false: the alarm notifies no one",
                remediation="set actionsEnabled to true, or remove it",
            )


RULE = StackRule(
    id="trail-alarm-actions",
    title="An alarm on a trail's events notifies somebody.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=ALARMS,
    joins=JOINED_WITH_ALARMS | COMPOSITES,
    controls=controls("cloudwatch_alarm_actions_alarm_state_configured", "CloudWatch.15"),
    link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    rationale=(
        "An alarm without an action, or with its actions switched off, changes its color in a"
        " console, and no one is notified."
    ),
    remediation="Set alarmActions to a topic, and leave actionsEnabled true.",
    check=_check,
)
