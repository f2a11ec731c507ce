"""Log groups: names, classes, retention, protection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.logs.keys import check_key
from sandbox.aws.patches.logs.store import bad_value, existing, extras, invalid, of_caller
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.logs.models import LogGroup, LogsBackend

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557),
    *(2922, 3288, 3653),
)
_MAX_PAGE = 50


@patch(
    "logs",
    "CreateLogGroup",
    "moto takes any name and any key, where AWS tries the key's policy out for CloudWatch Logs and "
    "the new group, and drops the group's class and its protection from deletion",
    limit="a key that is disabled or deleted later does not hold events back",
)
def create_group(call: Call) -> Answer:
    """Create a group with all that was asked for."""
    name, log_class = call.text("logGroupName"), call.text("logGroupClass") or "STANDARD"
    if name.startswith("aws/"):
        raise bad_value(name, "logGroupName", "Member must not start with aws/")
    if call.text("kmsKeyId"):
        check_key(call, name)
    reply = call.forward()
    if reply.ok:
        found = extras(existing(call))
        found.log_class, found.protected = log_class, call.flag("deletionProtectionEnabled")
    return reply


@patch(
    "logs",
    "DescribeLogGroups",
    "moto never tells a group's class, protection or number of metric filters, and looks groups up "
    "by prefix only",
    limit="groups of other accounts are not listed",
)
def describe_groups(call: Call) -> Answer:
    """Describe the groups, in the order of their names."""
    if call.params.get("logGroupIdentifiers") or call.flag("includeLinkedAccounts"):
        raise NotImplementedError("logGroupIdentifiers and includeLinkedAccounts")
    found = of_caller(call)
    everything = sorted(found.groups.values(), key=lambda group: group.name)
    groups = [group for group in everything if _is_wanted(call, group)]
    start, size = int(call.text("nextToken") or 0), call.params.get("limit") or _MAX_PAGE
    end = start + size
    answer: dict[str, Any] = {"logGroups": [_describe(found, group) for group in groups[start:end]]}
    return answer if end >= len(groups) else answer | {"nextToken": str(end)}


def _is_wanted(call: Call, group: LogGroup) -> bool:
    wanted = call.text("logGroupClass")
    return (
        group.name.startswith(call.text("logGroupNamePrefix"))
        and call.text("logGroupNamePattern").lower() in group.name.lower()
        and wanted in ("", extras(group).log_class)
    )


def _describe(found: LogsBackend, group: LogGroup) -> dict[str, Any]:
    return group.to_describe_dict() | {
        "metricFilterCount": len(found.describe_metric_filters(log_group_name=group.name)),
        "logGroupClass": extras(group).log_class,
        "deletionProtectionEnabled": extras(group).protected,
    }


@patch(
    "logs", "PutRetentionPolicy", "moto keeps events for any number of days", limit="none expires"
)
def put_retention(call: Call) -> None:
    """Refuse what is no retention of CloudWatch Logs."""
    days = call.params.get("retentionInDays")
    if days not in _RETENTION_DAYS:
        allowed = list(_RETENTION_DAYS)
        raise bad_value(days, "retentionInDays", f"Member must satisfy enum value set: {allowed}")


@patch("logs", "PutLogGroupDeletionProtection", "moto lacks this operation")
def put_deletion_protection(call: Call) -> Answer:
    """Protect a group from being deleted, or let it go."""
    extras(existing(call)).protected = call.flag("deletionProtectionEnabled")
    return {}


@patch(
    "logs",
    "DeleteLogGroup",
    "moto knows no protection from deletion, and keeps the metric filters and tags of a group that "
    "is gone",
)
def delete_group(call: Call) -> Answer:
    """Delete a group with all that belongs to it."""
    group = existing(call)
    if extras(group).protected:
        raise AwsError(
            "ValidationException",
            f"Log group {group.name} cannot be deleted: its deletion protection is enabled.",
        )
    found = of_caller(call)
    reply = call.forward()
    found.tagger.delete_all_tags_for_resource(group.arn)
    found.filters.metric_filters = [
        entry for entry in found.filters.metric_filters if entry["logGroupName"] != group.name
    ]
    return reply


@patch(
    "logs",
    "PutSubscriptionFilter",
    "moto would run a function in Docker for each batch of events",
)
def put_subscription_filter(call: Call) -> None:
    """Refuse functions as destinations."""
    destination = call.text("destinationArn")
    if destination.split(":")[2:3] == ["lambda"]:
        raise NotImplementedError("functions as destinations of subscription filters")
    if not destination.startswith("arn:"):
        raise invalid(f"destinationArn {destination} is no ARN.")
