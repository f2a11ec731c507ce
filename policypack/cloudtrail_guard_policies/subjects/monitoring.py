"""What monitors a trail: its log group, the metric filters on it, their alarms, and the topics.

Only what belongs to a trail of the stack is evaluated: the log group that the trail sends
events to, the filters on that group, the alarms on the metrics of those filters, and the topics
that those alarms, or the trail itself, notify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import at, items
from cloudtrail_guard_policies.subjects.trails import NATIVE_TRAIL, TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudtrail_guard_policies.engine.resources import Resource, Stack

LOG_GROUPS: Final = frozenset({"aws:cloudwatch/logGroup:LogGroup"})
FILTERS: Final = frozenset({"aws:cloudwatch/logMetricFilter:LogMetricFilter"})
ALARMS: Final = frozenset({"aws:cloudwatch/metricAlarm:MetricAlarm"})
TOPICS: Final = frozenset({"aws:sns/topic:Topic"})
JOINED_WITH_GROUPS: Final = TRAILS | LOG_GROUPS
JOINED_WITH_ALARMS: Final = JOINED_WITH_GROUPS | FILTERS | ALARMS
JOINED_WITH_TOPICS: Final = JOINED_WITH_ALARMS | TOPICS


def trail_log_groups(stack: Stack) -> list[Resource]:
    """Return the log groups that trails of the stack send their events to."""
    return _each_once(
        group
        for trail in stack.of_types(TRAILS)
        for group in _named_by(stack, trail, _group_property(trail), LOG_GROUPS)
    )


def trail_filters(stack: Stack) -> list[Resource]:
    """Return the metric filters on those log groups."""
    groups = trail_log_groups(stack)
    return [
        each
        for each in stack.of_types(FILTERS)
        if any(group in groups for group in _named_by(stack, each, "logGroupName", LOG_GROUPS))
    ]


def trail_alarms(stack: Stack) -> list[Resource]:
    """Return the alarms on the metrics of those filters."""
    filters = trail_filters(stack)
    metrics = [at(each.properties, "metricTransformation.name") for each in filters]
    names = [each for each in metrics if isinstance(each, str)]
    return [
        alarm
        for alarm in stack.of_types(ALARMS)
        if alarm.properties.get("metricName") in names
        or any(each in filters for each in stack.referred(alarm, "metricName", FILTERS))
    ]


def trail_topics(stack: Stack) -> list[Resource]:
    """Return the topics that those alarms, or trails of the stack, notify."""
    by_alarms = (
        topic
        for alarm in trail_alarms(stack)
        for topic in _named_by(stack, alarm, "alarmActions", TOPICS)
    )
    by_trails = (
        topic
        for trail in stack.of_types(TRAILS)
        for topic in _named_by(stack, trail, "snsTopicName", TOPICS)
    )
    return _each_once([*by_alarms, *by_trails])


def _group_property(trail: Resource) -> str:
    native = trail.type == NATIVE_TRAIL
    return "cloudWatchLogsLogGroupArn" if native else "cloudWatchLogsGroupArn"


def _named_by(stack: Stack, resource: Resource, name: str, types: frozenset[str]) -> list[Resource]:
    """Return the resources that a property names, by reference, ARN or name."""
    values = (
        # CloudTrail takes a log group's ARN with a star for its streams.
        value.removesuffix(":*")
        for value in items(resource.properties.get(name))
        if isinstance(value, str)
    )
    named = (other for value in values for other in stack.named(value, types))
    return _each_once([*stack.referred(resource, name, types), *named])


def _each_once(resources: Iterable[Resource]) -> list[Resource]:
    return list({each.urn: each for each in resources}.values())
