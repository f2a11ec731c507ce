"""Property values between protobuf and plain Python.

The wire format is the one of Pulumi's SDKs (`pulumi.runtime.rpc`): a protobuf `Struct` in which
unknown values are sentinel strings, and secrets, assets, archives, resource references and output
values are objects that carry a signature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final, TypeAlias

from google.protobuf import json_format, struct_pb2


class Unknown(Enum):
    """The type of the one value that stands for "not known before the deployment"."""

    UNKNOWN = auto()


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's content: exactly one of text, local path and URI."""

    text: str | None = None
    path: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """A directory or zip file: exactly one of members by name, local path and URI.

    `hash` is that of its content, where the engine says it.
    """

    assets: tuple[tuple[str, Asset | Archive], ...] | None = None
    path: str | None = None
    uri: str | None = None
    hash: str | None = field(default=None, compare=False)


Scalar: TypeAlias = bool | int | float | str | Unknown | Asset | Archive | None
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value]"

# What rows and AWS answers are written in: JSON-like data whose shape the SDK's schema, not Python,
# describes. Everything that came in through `check` has that shape.
Properties: TypeAlias = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, no password
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"

_UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi: one sentinel for each type of value.
_UNKNOWN_SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        _UNKNOWN_SENTINEL,  # string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Plain values of a protobuf struct: nulls are left out, secrets unwrapped, integers `int`."""
    return from_json(json_format.MessageToDict(struct))


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """A protobuf struct of plain values. None is left out."""
    return json_format.ParseDict(_to_json(properties), struct_pb2.Struct())


def contains_unknown(value: Value) -> bool:
    """Whether a value, or anything inside it, is unknown."""
    if isinstance(value, Mapping):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(contains_unknown(item) for item in value)
    return value is UNKNOWN


def is_zero(value: Value) -> bool:
    """Whether Terraform takes a value for unset: null, false, 0, "", and what holds only these."""
    if isinstance(value, Mapping):
        return all(is_zero(item) for key, item in value.items() if key != "__defaults")
    return not value and value is not UNKNOWN


def from_json(value: Any) -> Any:  # noqa: ANN401 - see Properties
    """Plain values of the wire format as JSON; see `from_struct`."""
    match value:
        case str() if value in _UNKNOWN_SENTINELS:
            return UNKNOWN
        case float() if value.is_integer():
            return int(value)
        case list():
            return [from_json(item) for item in value]
        case dict():
            items = ((key, from_json(item)) for key, item in value.items())
            return _from_object({key: item for key, item in items if item is not None})
        case _:
            return value


def _from_object(properties: Properties) -> Any:  # noqa: ANN401 - see Properties
    match properties.get(_SIGNATURE):
        case None:
            return properties
        case signature if signature in {_SECRET, _OUTPUT}:
            # An output value without a value is one that is not known yet.
            return properties.get("value", UNKNOWN if signature == _OUTPUT else None)
        case signature if signature == _RESOURCE:
            return properties.get("id", properties.get("urn"))
        case signature if signature == _ASSET:
            return Asset(*(properties.get(key) for key in ("text", "path", "uri")))
        case signature if signature == _ARCHIVE:
            assets = properties.get("assets")
            members = None if assets is None else tuple(sorted(assets.items()))
            return Archive(members, *(properties.get(key) for key in ("path", "uri", "hash")))
        case signature:
            raise ValueError(f"an object with the unknown signature {signature!r}")


def _to_json(value: Value) -> Any:  # noqa: ANN401 - see Properties
    match value:
        case Unknown():
            return _UNKNOWN_SENTINEL
        case Asset():
            parts = {"text": value.text, "path": value.path, "uri": value.uri}
            return _to_json({_SIGNATURE: _ASSET, **parts})
        case Archive():
            assets = None if value.assets is None else dict(value.assets)
            parts = {"assets": assets, "path": value.path, "uri": value.uri, "hash": value.hash}
            return _to_json({_SIGNATURE: _ARCHIVE, **parts})
        case Mapping():
            return {key: _to_json(item) for key, item in value.items() if item is not None}
        case Sequence() if not isinstance(value, str):
            return [_to_json(item) for item in value]
        case _:
            return value
