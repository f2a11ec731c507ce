"""Metric filters over a trail's events: those of the CIS benchmark, and further ones of our own.

What the benchmark's fifteen miss is in filters beside them, so that they stay as they are.
"""

from collections.abc import Sequence

from cloudtrail_guard.detection.cis_metric_filters import (
    CIS_METRIC_FILTERS,
    MetricFilter,
    events_pattern,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Target, events_on

MAX_PATTERN = 1_024
"""Characters (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html)."""

_SEEN_BY_CIS = ("DeleteTrail", "StopLogging", "UpdateTrail")
_LEAVING = "AccountDepartedOrganization CloseAccount"
_PEOPLE = '(($.userIdentity.type = "IAMUser") || ($.userIdentity.type = "Root"))'

FURTHER_METRIC_FILTERS: tuple[MetricFilter, ...] = (
    MetricFilter(
        name="EndpointDenials",
        description="A VPC endpoint refused calls, which filter 4.1 does not match",
        pattern='{ $.errorCode = "VpceAccessDenied" }',
    ),
    MetricFilter(
        name="RequesterPaysChanges",
        description="A bucket's payer was changed: CloudTrail cannot deliver to Requester Pays",
        pattern=events_pattern("PutBucketRequestPayment", source="s3.amazonaws.com"),
    ),
    MetricFilter(
        name="RootSignIns",
        description="A root user signed in, recorded with invokedBy, which filter 4.3 leaves out",
        pattern=(
            '{ ($.userIdentity.type = "Root") && '
            '($.userIdentity.invokedBy = "signin.amazonaws.com") && '
            '($.eventType != "AwsServiceEvent") }'
        ),
    ),
    MetricFilter(
        name="SignInsWithoutMfaRecord",
        description="Someone signed in, recorded without MFAUsed, which filter 4.2 does not match",
        pattern=(
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed NOT EXISTS) && '
            f'{_PEOPLE} && ($.responseElements.ConsoleLogin = "Success") }}'
        ),
    ),
    MetricFilter(
        name="RootSessions",
        description="A root session in a member account was started or used",
        pattern=(
            '{ ($.eventName = AssumeRoot) || ($.userIdentity.sessionContext.assumedRoot = "true") }'
        ),
    ),
    MetricFilter(
        name="TrailTampering",
        description="A trail's selectors, or an event data store, were changed",
        pattern=events_pattern(
            " ".join(
                name
                for name in events_on(Target.TRAIL, Target.CLOUDTRAIL)
                if name not in _SEEN_BY_CIS
            ),
            source="cloudtrail.amazonaws.com",
        ),
    ),
    MetricFilter(
        name="KeyChanges",
        description="A key's policy was changed, or its material deleted: 4.7 has neither call",
        pattern=events_pattern(
            "PutKeyPolicy DeleteImportedKeyMaterial", source="kms.amazonaws.com"
        ),
    ),
    MetricFilter(
        name="Departures",
        description="An account left the organization, or was closed",
        pattern=events_pattern(_LEAVING),
    ),
)

METRIC_FILTERS = (*CIS_METRIC_FILTERS, *FURTHER_METRIC_FILTERS)
"""Those that need to know nothing of what is watched."""

TOPIC_CHANGES = "AlertTopicChanges"
BREAK_GLASS_USE = "BreakGlassUse"
WATCHING = {
    TOPIC_CHANGES: "A topic of alerts, or a subscription to one, was changed or deleted",
    BREAK_GLASS_USE: "A break-glass role was used, in any region",
}
"""What their alarms say of those that look for names or ARNs."""

ALARMS = (*(each.name for each in METRIC_FILTERS), *WATCHING)
"""The names of all metrics, and so of all alarms."""


def topic_changes_pattern(names: Sequence[str]) -> str:
    """The pattern of what silences topics of alerts.

    An event rule cannot tell: the topic that it sends to is silent when the event comes. The log
    group of an organization's trail has the events of the other accounts' topics.

    Args:
        names: how the names of the topics begin.

    Raises:
        InvalidValueError: the pattern is longer than CloudWatch Logs accepts.
    """
    events = events_on(Target.MONITORING, Target.ACCOUNT_MONITORING, service="sns")
    called = " || ".join(f"($.eventName = {event})" for event in events)
    named = " || ".join(
        f'($.requestParameters.{parameter} = "*:{name}*")'
        for parameter in ("topicArn", "resourceArn", "subscriptionArn")
        for name in names
    )
    pattern = f"{{ ($.eventSource = sns.amazonaws.com) && ({named}) && ({called}) }}"
    return _fitting(TOPIC_CHANGES, pattern, "fewer watched_names")


def break_glass_pattern(role: str) -> str:
    """The pattern of every use of a role: who assumes it, in any region, and what it then calls.

    Args:
        role: the role's ARN.

    Raises:
        InvalidValueError: the pattern is longer than CloudWatch Logs accepts.
    """
    pattern = (
        f'{{ ($.requestParameters.roleArn = "{role}") || '
        f'($.userIdentity.sessionContext.sessionIssuer.arn = "{role}") }}'
    )
    return _fitting(BREAK_GLASS_USE, pattern, "a role with a shorter path")


def _fitting(metric: str, pattern: str, remedy: str) -> str:
    if len(pattern) > MAX_PATTERN:
        raise InvalidValueError(
            f"the pattern of {metric} has {len(pattern):,} characters, and CloudWatch Logs "
            f"accepts {MAX_PATTERN:,}: name {remedy}"
        )
    return pattern
