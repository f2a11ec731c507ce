"""All that AWS has, as plain values: what two deployments made can be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

from moto.core.base_backend import BackendDict, BaseBackend

from sandbox.aws import buckets, event_buses
from sandbox.aws.patches import glue, lambda_
from sandbox.aws.patches.kms import keys
from sandbox.aws.patches.logs import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.support.deployed import State

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"

_BESIDE: tuple[WeakKeyDictionary[Any, Any], ...] = tuple(
    each
    for module in (buckets, event_buses, glue, groups, keys, lambda_)
    for each in vars(module).values()
    if isinstance(each, WeakKeyDictionary)
)
"""What patches keep beside moto's objects."""

_PASSING = {
    "sts",  # sessions
    "aws_managed_policies",
    "Answered",  # answers to client tokens
    "_Deliveries",  # when a trail delivered
    "_Logging",
    "Clock",
    "SigningKey",
    "Failures",
    "last_used",
    "role_last_used",
    "key_material",
    "secret_access_key",
    "_messages",  # S3 tries a queue and a topic with one
    "sent_notifications",
    "_message_public_keys",
    "instances_tracked",
    "code_or_config_updated",  # an import knows no code: it is sent again
    "last_action",  # whether a rule of AWS Config was made or changed by the last call
    "_VersionedKeyStore",  # the objects in a bucket: records of who asked for what
}
"""Services, attributes and classes that are no part of what was made."""

_RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # a UUID
    r"|\bp-[0-9a-z]{8,}"  # an organization policy
    r"|\bA[A-Z0-9]{15,31}\b"  # an IAM id
    r"|(?<=-)[0-9a-f]{7,26}\b"  # behind an automatic name
    r"|\b[0-9a-f]{26,64}\b"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)?")
_RECENT = 1_000_000_000
"""Numbers above are points in time."""


class Known(Protocol):
    """A resource that the engine knows."""

    @property
    def type(self) -> str:
        """Its type token."""
        ...

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> Mapping[str, Any]:
        """Its outputs."""
        ...


def found(known: Mapping[str, Known]) -> Plain:
    """What AWS has in all accounts and regions.

    Args:
        known: the resources whose ids are named for them, by URN.
    """
    used: list[BackendDict[Any]] = vars(BackendDict)["_instances"]
    walk = _Walk(_names(known))
    return walk.plain(
        {
            f"{services.service_name} {account} {region}": backend
            for services in used
            if services.service_name not in _PASSING
            for account, regions in services.items()
            for region, backend in regions.items()
        }
    )


def kept(state: State) -> Plain:
    """What the engine knows of the stack, likewise, but for what it has read from AWS."""
    walk = _Walk(_names(state.resources))
    return walk.plain(
        {
            urn: {
                "id": each.id,
                "inputs": dict(each.inputs),
                "complete": each.complete,
            }
            for urn, each in state.resources.items()
        }
    )


def differences(before: Plain, after: Plain) -> list[str]:
    """What one has and the other lacks, a line each: ``-`` for what is missing, ``+`` for more."""
    old, new = Counter(_lines(before)), Counter(_lines(after))
    missing = [f"- {line}" for line in (old - new).elements()]
    return missing + [f"+ {line}" for line in (new - old).elements()]


def _lines(value: Plain, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _lines(each, f"{path}/{key}")
    elif isinstance(value, list) and value:
        for each in value:
            yield from _lines(each, f"{path}[]")
    else:
        yield f"{path} = {json.dumps(value)}"


def digest(*values: object) -> str:
    """What is the same for the same values."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _names(known: Mapping[str, Known]) -> Mapping[str, str]:
    """The random parts of ids and other outputs, each with the resource that first has it."""
    names: dict[str, str] = {}
    for urn, each in sorted(known.items()):
        title = urn.rpartition("::")[2] + " " + each.type.rpartition(":")[2]
        values = [each.id, *(v for _, v in sorted(each.state.items()) if isinstance(v, str))]
        for value in values:
            for token in _RANDOM.findall(value) if len(value) < 300 else ():
                names.setdefault(token, f"<{title}>")
    return names


class _Walk:
    """One walk over objects."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._open: set[int] = set()

    def plain(self, value: Any) -> Plain:
        """A value without identities, times and orders."""
        if value is None or isinstance(value, (str, bytes, bool, int, float, Enum, date)):
            return self._scalar(value)
        if id(value) in self._open:
            return "<above>"
        self._open.add(id(value))
        try:
            return self._compound(value)
        finally:
            self._open.discard(id(value))

    def _scalar(self, value: str | bytes | float | Enum | date | None) -> Plain:
        if isinstance(value, bytes):
            value = value.decode(errors="replace")
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value)
        if isinstance(value, Enum):
            return str(value)
        if isinstance(value, date):
            return "<time>"
        return "<time>" if isinstance(value, (int, float)) and value > _RECENT else value

    def _compound(self, value: Any) -> Plain:
        if type(value).__name__ in _PASSING:
            return f"<{type(value).__name__}>"
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return sorted((self.plain(each) for each in value), key=_order)
        if isinstance(value, BaseBackend) and len(self._open) > _TOP:
            return "<backend>"
        if callable(value) or not hasattr(value, "__dict__"):
            return f"<{type(value).__name__}>"
        extras = {
            f"beside {number}": beside[value]
            for number, beside in enumerate(_BESIDE)
            if _hashable(value) and value in beside
        }
        return self._mapping({**vars(value), **extras})

    def _mapping(self, value: Mapping[Any, Any]) -> Plain:
        made: dict[str, list[Plain]] = {}
        for key, each in value.items():
            name = key.__name__ if isinstance(key, type) else self._text(str(key))
            if name in _PASSING:
                continue
            plain = self.plain(each)
            if isinstance(key, type) and _is_empty(plain):
                continue  # a part that a patch keeps, made when it was first looked at
            made.setdefault(name, []).append(plain)
        # Several random keys are one name.
        return {
            name: each[0] if len(each) == 1 else sorted(each, key=_order)
            for name, each in sorted(made.items())
        }

    def _text(self, text: str) -> str:
        if _is_fixed(text):
            return text
        named = _RANDOM.sub(lambda found: self._names.get(found[0], "<random>"), text)
        return _TIME.sub("<time>", named)


_TOP = 2


@lru_cache(maxsize=100_000)
def _is_fixed(text: str) -> bool:
    """Whether a text has neither ids nor times: nearly all have none, in each of many walks."""
    return not (_RANDOM.search(text) or _TIME.search(text))


def _is_empty(value: Plain) -> bool:
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    return value in (None, "", [])


def _order(value: Plain) -> str:
    return json.dumps(value, sort_keys=True)


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
