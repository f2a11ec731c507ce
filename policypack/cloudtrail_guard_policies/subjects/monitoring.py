"""What monitors a trail: its log group, the metric filters on it, their alarms, and the topics.

Only what belongs to a trail of the stack is evaluated: the log group that the trail sends
events to, the filters on that group, the alarms on the metrics of those filters, and the topics
that those alarms, or the trail itself, notify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN, at
from cloudtrail_guard_policies.subjects.trails import NATIVE_TRAIL, TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloudtrail_guard_policies.engine.resources import Resource, Stack

LOG_GROUPS: Final = frozenset({"aws:cloudwatch/logGroup:LogGroup"})
FILTERS: Final = frozenset({"aws:cloudwatch/logMetricFilter:LogMetricFilter"})
ALARMS: Final = frozenset({"aws:cloudwatch/metricAlarm:MetricAlarm"})
COMPOSITES: Final = frozenset({"aws:cloudwatch/compositeAlarm:CompositeAlarm"})
TOPICS: Final = frozenset({"aws:sns/topic:Topic"})
JOINED_WITH_GROUPS: Final = TRAILS | LOG_GROUPS
JOINED_WITH_ALARMS: Final = JOINED_WITH_GROUPS | FILTERS | ALARMS
JOINED_WITH_TOPICS: Final = JOINED_WITH_ALARMS | TOPICS


def trail_log_groups(stack: Stack) -> list[Resource]:
    """Return the log groups that trails of the stack send their events to."""
    return _each_once(
        group
        for trail in stack.of_types(TRAILS)
        for group in stack.references(trail, _group_property(trail), LOG_GROUPS).certain
    )


def trail_filters(stack: Stack) -> list[Resource]:
    """Return the metric filters on those log groups."""
    groups = trail_log_groups(stack)
    return [
        each
        for each in stack.of_types(FILTERS)
        if any(
            group in groups for group in stack.references(each, "logGroupName", LOG_GROUPS).certain
        )
    ]


def trail_alarms(stack: Stack) -> list[Resource]:
    """Return the alarms on the metrics of those filters."""
    filters = trail_filters(stack)
    return [
        alarm
        for alarm in stack.of_types(ALARMS)
        if any(_is_of_metric(alarm, each) for each in filters)
        or any(each in filters for each in stack.references(alarm, "metricName", FILTERS).certain)
    ]


def notifying_composites(stack: Stack, alarm: Resource) -> list[Resource]:
    """Return the composite alarms with actions that watch an alarm.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
    """
    names = {f'"{each}"' for each in alarm.identifiers} | {
        f"({each})" for each in alarm.identifiers
    }
    return [
        composite
        for composite in stack.of_types(COMPOSITES)
        if composite.properties.get("alarmActions")
        and (
            any(name in str(composite.properties.get("alarmRule")) for name in names)
            or alarm in stack.origins(composite, "alarmRule", ALARMS)
            or composite.properties.get("alarmRule") is UNKNOWN
        )
    ]


def _is_of_metric(alarm: Resource, metric_filter: Resource) -> bool:
    """Return whether an alarm is on the metric of a filter: name and namespace are the same."""
    own = [alarm.properties.get(name) for name in ("metricName", "namespace")]
    of_filter = [
        at(metric_filter.properties, f"metricTransformation.{name}")
        for name in ("name", "namespace")
    ]
    return own == of_filter and isinstance(own[0], str) and own[1] is not UNKNOWN


def trail_topics(stack: Stack) -> list[Resource]:
    """Return the topics that those alarms, or trails of the stack, notify."""
    by_alarms = (
        topic
        for alarm in trail_alarms(stack)
        for topic in stack.references(alarm, "alarmActions", TOPICS).certain
    )
    by_trails = (
        topic
        for trail in stack.of_types(TRAILS)
        for topic in stack.references(trail, "snsTopicName", TOPICS).certain
    )
    return _each_once([*by_alarms, *by_trails])


def _group_property(trail: Resource) -> str:
    native = trail.type == NATIVE_TRAIL
    return "cloudWatchLogsLogGroupArn" if native else "cloudWatchLogsGroupArn"


def _each_once(resources: Iterable[Resource]) -> list[Resource]:
    return list({each.urn: each for each in resources}.values())
