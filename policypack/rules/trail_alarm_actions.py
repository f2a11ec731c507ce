"""A trail's alarms tell somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true, items
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import alarm as alarm_program
from rules._examples import log_group
from rules._monitoring import ALARMS, JOINED_WITH_ALARMS, trail_alarms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for alarm in trail_alarms(stack):
        # Actions that are not known yet are there.
        if not items(alarm.properties.get("alarmActions")):
            yield Violation(
                resource=alarm,
                path="alarmActions",
                problem="is not set: the alarm tells nobody",
                mend="set alarmActions to the ARN of a topic",
            )
        enabled = alarm.properties.get("actionsEnabled")
        if enabled is UNKNOWN:
            yield Undecidable(resource=alarm, path="actionsEnabled")
        elif enabled is not None and not is_true(enabled):
            yield Violation(
                resource=alarm,
                path="actionsEnabled",
                problem="is false: the alarm tells nobody",
                mend="set actionsEnabled to true, or remove it",
            )


RULE = StackRule(
    id="trail-alarm-actions",
    title="An alarm on a trail's events notifies somebody.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=ALARMS,
    joins=JOINED_WITH_ALARMS,
    controls=controls("cloudwatch_alarm_actions_alarm_state_configured", "CloudWatch.15"),
    link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    rationale=(
        "An alarm without an action, or with its actions switched off, changes its colour in a"
        " console that nobody looks at."
    ),
    mend="Set alarmActions to a topic, and leave actionsEnabled true.",
    good=log_group(then=alarm_program()),
    bad=log_group(then=alarm_program("actions_enabled=False,\n")),
    check=_check,
)
