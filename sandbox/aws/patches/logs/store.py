"""Which log groups there are, and what moto has no place for in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from moto.logs.models import LogGroup, LogsBackend

    from sandbox.aws.call import Call


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
