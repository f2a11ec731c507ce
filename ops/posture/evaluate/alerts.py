"""Alarms, event rules and their receivers: does anyone hear of it?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import partition_of_region
from cloudtrail_guard.detection.cis_metric_filters import CIS_METRIC_FILTERS
from cloudtrail_guard.detection.event_rules import GLOBAL_REGIONS, Watched, Where, tamper_rules

from posture.evaluate.checks import (
    attention,
    bad,
    counted,
    evidence,
    good,
    listed,
    make,
    unanswered,
    unknown,
)
from posture.report import Alert
from stacks.names import ALARM_LOG_GROUPS, PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cloudtrail_guard.detection.cis_metric_filters import MetricFilter
    from cloudtrail_guard.detection.event_rules import TamperRule

    from posture.collect.answers import Answer, Facts
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.evaluate.meant import Meant
    from posture.report import Check

_RETENTION_DAYS = 365


def alert_checks(facts: Facts, meant: Meant) -> Iterator[tuple[Check, Alert | None]]:
    """The checks of alarms, rules and topics, each with its row."""
    trail = facts["trail"].value
    if trail is None:
        return
    if trail.get("CloudWatchLogsLogGroupArn"):
        yield _log_group(facts), None
        for wanted in CIS_METRIC_FILTERS:
            yield _alarm(facts, wanted, meant)
    for account, region, rule in _expected_rules(meant, facts.value("bucket.region")):
        yield _rule(facts[f"rules.{account}.{region}"], rule, account, region)
    for arn, answer in facts.below("topic.").items():
        yield _topic(arn, answer), None
        for each in (answer.value or {}).get("subscriptions", ()):
            yield _subscription(arn, each, answer)


def _log_group(facts: Facts) -> Check:
    answer = facts["log-group"]
    group = answer.value or {}
    days = group.get("retentionInDays")
    if problem := unanswered(answer):
        verdict = problem
    elif not group:
        verdict = bad("The trail's log group is gone.")
    elif not group.get("kmsKeyId"):
        verdict = attention("The log group is not encrypted with a key of its own.")
    elif days and days < _RETENTION_DAYS:
        verdict = attention(f"The log group keeps events for {days} days.")
    else:
        verdict = good(f"The log group keeps events {f'for {days} days' if days else 'for ever'}.")
    shown = ("logGroupName", "retentionInDays", "kmsKeyId")
    saw = evidence(answer, lambda value: {key: value.get(key) for key in shown})
    return make("alerts.log-group", "The trail's log group keeps events", verdict, [saw])


def _alarm(facts: Facts, wanted: MetricFilter, meant: Meant) -> tuple[Check, Alert]:
    """One of the benchmark's filters: is it there, with an alarm that reaches a topic?"""
    filters, alarms = facts["filters"], facts["alarms"]
    matching = [
        metric
        for each in filters.value or ()
        if _same_pattern(each["pattern"], wanted.pattern)
        for metric in each["metrics"]
    ]
    ringing = [
        alarm
        for alarm in alarms.value or ()
        if [alarm["Namespace"], alarm["MetricName"]] in [list(metric) for metric in matching]
    ]
    alarm: Mapping[str, Any] = ringing[0] if ringing else {}
    if problem := unanswered(filters, alarms):
        verdict = problem
    elif not matching:
        verdict = bad("No metric filter has its pattern.")
    elif not ringing:
        verdict = bad("No alarm is on its metric.")
    elif not alarm["ActionsEnabled"]:
        verdict = bad("Its alarm is silent: its actions are disabled.")
    elif not alarm["AlarmActions"]:
        verdict = bad("Its alarm notifies no one.")
    else:
        topics = listed(arn.rsplit(":", maxsplit=1)[-1] for arn in alarm["AlarmActions"])
        verdict = good(f"It notifies {topics}.")
    check = make(
        f"alerts.alarm.{wanted.name}",
        f"CIS {wanted.control}: {wanted.description}",
        verdict,
        [evidence(alarms, lambda _: alarm or "no such alarm")],
    )
    row = Alert(
        kind="alarm",
        name=alarm.get("AlarmName", wanted.name),
        where=f"{meant.account} {meant.region}",
        state=check.state,
        says=check.says + (" It is ringing now." if alarm.get("StateValue") == "ALARM" else ""),
        last_fired=alarm.get("lastFired"),
    )
    return check, row


def _same_pattern(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _expected_rules(
    meant: Meant, bucket_region: str | None
) -> Iterator[tuple[str, str, TamperRule]]:
    """The rules for tampering, where they must be."""
    home = GLOBAL_REGIONS.get(partition_of_region(meant.region), meant.region)
    together = meant.log_account == meant.account
    region = bucket_region or meant.region
    keys = [meant.key_arn] if meant.key_arn else []
    of_logs: dict[str, Any] = {"bucket": meant.bucket, "key_arns": keys}
    if meant.log_account is not None and not together:
        for rule in tamper_rules(Watched(**of_logs, names=[PREFIX], at_home=region == home)):
            # Those of other regions are forwarded: their patterns are looked for there.
            if rule.where is Where.HERE:
                yield meant.log_account, region, rule
    own = Watched(
        organization=bool(meant.organization_id),
        names=[PREFIX],
        log_groups=[ALARM_LOG_GROUPS],
        at_home=meant.region == home,
        **(of_logs if together else {}),
    )
    for rule in tamper_rules(own):
        if rule.where is Where.HERE or meant.organization_id:
            yield meant.account, home if rule.is_global else meant.region, rule


def _rule(answer: Answer, wanted: TamperRule, account: str, region: str) -> tuple[Check, Alert]:
    rules = [each for each in answer.value or () if covers(each["EventPattern"], wanted.pattern)]
    enabled = [each for each in rules if each["State"].startswith("ENABLED")]
    rule: Mapping[str, Any] = (*enabled, *rules, {})[0]
    if problem := unanswered(answer):
        verdict = problem
    elif not rules:
        verdict = bad("No event rule sees all of it.")
    elif len(enabled) < len(rules):
        verdict = bad("A rule of it is disabled.")
    elif not rule["Targets"]:
        verdict = bad("Its rule has no target.")
    else:
        targets = listed(arn.rsplit(":", maxsplit=1)[-1] for arn in rule["Targets"])
        verdict = good(f"It notifies {targets}.")
    check = make(
        f"alerts.rule.{wanted.name}.{account}",
        wanted.description,
        verdict,
        [evidence(answer, lambda _: rule or "no such rule")],
    )
    row = Alert(
        kind="rule",
        name=rule.get("Name", wanted.name),
        where=f"{account} {region}",
        state=check.state,
        says=check.says,
        last_fired=rule.get("lastFired"),
    )
    return check, row


def covers(found: str, wanted: str) -> bool:
    """Whether an event pattern sees at least what another one does."""
    try:
        return _covers(json.loads(found), json.loads(wanted))
    except ValueError:
        return False


def _covers(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    """A key that is not there asks for nothing; a list passes any of its values."""
    if isinstance(found, dict):
        return isinstance(wanted, dict) and all(
            key in wanted and _covers(value, wanted[key]) for key, value in found.items()
        )
    if isinstance(found, list):
        return isinstance(wanted, list) and all(
            any(_covers(one, each) for one in found) for each in wanted
        )
    return found == wanted


def _topic(arn: str, answer: Answer) -> Check:
    """Whether a topic has receivers who confirmed."""
    topic = answer.value or {}
    subscriptions = topic.get("subscriptions", [])
    waiting = [each for each in subscriptions if not each["confirmed"]]
    confirmed = len(subscriptions) - len(waiting)
    if problem := unanswered(answer):
        verdict = problem
    elif answer.value is None:
        verdict = bad("The topic is gone.")
    elif not topic.get("key"):
        verdict = attention("The topic is not encrypted.")
    elif not subscriptions:
        verdict = attention("No one receives its alerts: set alerts, or subscribe.")
    elif waiting:
        says = f"{counted(len(waiting), 'subscription')} not confirmed"
        verdict = attention(f"{says}: {listed(each['endpoint'] for each in waiting)}.")
    else:
        verdict = good(f"{counted(confirmed, 'receiver')}, confirmed.")
    name = arn.split(":", maxsplit=3)[-1]
    return make(f"alerts.topic.{name}", f"Topic {name} reaches people", verdict, [evidence(answer)])


def _subscription(arn: str, found: Mapping[str, Any], answer: Answer) -> tuple[Check, Alert]:
    name = f"{found['protocol']} {found['endpoint']}"
    verdict: Verdict = (
        good("It is confirmed.")
        if found["confirmed"]
        else attention("It is not confirmed, and receives nothing.")
    )
    if not found["endpoint"]:
        verdict = unknown("AWS does not say who it is.")
    topic = arn.split(":", maxsplit=3)[-1]
    check = make(
        f"alerts.subscription.{topic}.{name}",
        f"{name} receives alerts",
        verdict,
        [evidence(answer, lambda _: dict(found))],
    )
    return check, Alert(
        kind="subscription", name=name, where=topic, state=check.state, says=check.says
    )
