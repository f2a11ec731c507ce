"""Event buses, and what moto has no place for in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.backends import get_backend

if TYPE_CHECKING:
    from moto.events.models import EventBus


@dataclass
class _Extras:
    """The text of a bus's policy; empty when there is none but that of moto's statements."""

    policy: str = ""


_EXTRAS: WeakKeyDictionary[EventBus, _Extras] = WeakKeyDictionary()


def bus(account_id: str, region: str, name: str) -> EventBus | None:
    """A bus; asked for late, as loading moto's EventBridge would cost every start."""
    return get_backend("events")[account_id][region].event_buses.get(name or "default")


def policy_of(found: EventBus | None) -> str:
    """The text of a bus's policy; empty when there is none."""
    return _EXTRAS[found].policy if found is not None and found in _EXTRAS else ""


def set_policy(found: EventBus, policy: str) -> None:
    """Give a bus a policy; an empty one takes it away."""
    _EXTRAS[found] = _Extras(policy)
