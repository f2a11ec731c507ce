"""Log groups: names, keys, retention, protection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import may_service
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.paging import page
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.kms.models import Key
    from moto.logs.models import LogGroup, LogsBackend

    from sandbox.aws.call import Answer, Call


@dataclass
class GroupExtras:
    """A log group's settings beside moto's.

    Attributes:
        log_class: ``STANDARD``, ``INFREQUENT_ACCESS`` or ``DELIVERY``.
        protected: whether the group refuses to be deleted.
    """

    log_class: str = "STANDARD"
    protected: bool = False


_EXTRAS: WeakKeyDictionary[LogGroup, GroupExtras] = WeakKeyDictionary()


def extras(group: LogGroup) -> GroupExtras:
    """A group's settings beside moto's; they go when the group goes."""
    return _EXTRAS.setdefault(group, GroupExtras())


def backend(account_id: str, region: str) -> LogsBackend:
    """Moto's CloudWatch Logs of an account in a region."""
    # Few sandboxes have log groups: this part of moto would cost every start.
    from moto.logs.models import logs_backends  # noqa: PLC0415 (see above)

    return logs_backends[account_id][region]


def find_group(name: str, *, account_id: str, region: str) -> LogGroup | None:
    """The log group of a name."""
    return backend(account_id, region).groups.get(name)


def of_caller(call: Call) -> LogsBackend:
    """Moto's CloudWatch Logs of the caller's account in the call's region."""
    return backend(call.signer.account_id, call.region)


def existing(call: Call) -> LogGroup:
    """The log group that a call names, by name or ARN.

    Raises:
        AwsError: there is none.
    """
    named = call.text("logGroupName")
    if not named:
        identifier = call.text("logGroupIdentifier") or call.text("resourceIdentifier")
        named = identifier.removesuffix(":*").rpartition(":")[2]
    group = of_caller(call).groups.get(named)
    if group is None:
        message = "The specified log group does not exist."
        raise AwsError("ResourceNotFoundException", message)
    return group


def invalid(message: str) -> AwsError:
    """The error for a parameter that cannot be."""
    return AwsError("InvalidParameterException", message)


def bad_value(value: object, parameter: str, constraint: str) -> AwsError:
    """The error for a parameter that breaks a constraint of its own."""
    return invalid(
        f"1 validation error detected: Value '{value}' at '{parameter}' failed to satisfy "
        f"constraint: {constraint}"
    )


_NEEDED = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")


@patch("logs", "AssociateKmsKey", "moto lacks this operation")
def associate_key(call: Call) -> Answer:
    """Encrypt a group's new events with a key."""
    group = existing(call)
    check_key(call, group.name)
    group.kms_key_id = call.text("kmsKeyId")
    return {}


@patch("logs", "DisassociateKmsKey", "moto lacks this operation")
def disassociate_key(call: Call) -> Answer:
    """Encrypt a group's new events with a key of CloudWatch Logs."""
    existing(call).kms_key_id = None
    return {}


def check_key(call: Call, name: str) -> None:
    """Check that CloudWatch Logs could use the key of a call for a group.

    Raises:
        AwsError: it could not.
    """
    key_arn = call.text("kmsKeyId")
    account_id, region = call.signer.account_id, call.region
    if not key_arn.startswith("arn:") or ":key/" not in key_arn:
        raise invalid(f"The specified KMS Key Id could not be found: {key_arn} is no ARN of a key.")
    group = f"arn:{call.partition}:logs:{region}:{account_id}:log-group:{name}"
    key = lookups.key(key_arn, account_id=account_id, region=region)
    reason = _refusal(key, of_caller(call).region_name, group, account_id)
    if reason:
        raise AwsError(
            "AccessDeniedException",
            "The specified KMS key does not exist or is not allowed to be used with Arn "
            f"'{group}' ({reason})",
        )


def _refusal(key: Key | None, region: str, group: str, account_id: str) -> str:
    """Why CloudWatch Logs could not use a key for a group; empty if it could."""
    if key is None or key.region != region:
        return f"there is no such key in {region}"
    if key.key_state != "Enabled" or key.key_spec != "SYMMETRIC_DEFAULT":
        return f"it is {key.key_state}, {key.key_spec}"
    service = f"logs.{region}.amazonaws.com"
    context = {"kms:EncryptionContext:aws:logs:arn": group}
    for action in _NEEDED:
        permission = on_key(key, action, context)
        if not may_service(service, permission, source_arn=group, account_id=account_id):
            return f"its policy does not allow {action} to {service} for this log group"
    return ""


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
    shown, token = page(
        groups,
        call.text("nextToken"),
        call.params.get("limit") or _MAX_PAGE,
        refusal=invalid("The specified nextToken is invalid."),
    )
    answer: dict[str, Any] = {"logGroups": [_describe(found, group) for group in shown]}
    return answer | ({"nextToken": token} if token else {})


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
