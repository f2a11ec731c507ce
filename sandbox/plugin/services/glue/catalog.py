"""What databases and tables of the catalog have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import length, not_matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call

GONE: Final = "EntityNotFoundException"

AUTO_NAME: Final = AutoName(separator="_", digits=8, lower=True)
"""The real provider's eight characters are letters, these are hex digits."""

NAME: Final = (
    length(1, 255),
    not_matching("[A-Z]", "invalid value for {name} (uppercase characters cannot be used)"),
)

_MAPS: Final = frozenset({"parameters", "skewedColumnValueLocationMaps"})
_NAMES: Final = {"serDeInfo": "SerdeInfo"}
_BACK: Final = {theirs: ours for ours, theirs in _NAMES.items()}


def catalog_id(call: Call) -> str:
    """The catalog that the program names, or that of the account."""
    return str(call.value("catalogId") or call.account.account_id)


def to_glue(value: Any) -> Any:  # noqa: ANN401 - JSON-like
    """A structure for a request: as `shapes.to_aws`, but maps keep their keys."""
    if isinstance(value, Mapping):
        return {
            _NAMES.get(key, key[:1].upper() + key[1:]): item if key in _MAPS else to_glue(item)
            for key, item in value.items()
            if item is not None
        }
    return [to_glue(item) for item in value] if isinstance(value, list) else value


def from_glue(value: Any) -> Any:  # noqa: ANN401 - JSON-like
    """The opposite of `to_glue`."""
    if isinstance(value, Mapping):
        pairs = ((_BACK.get(key, key[:1].lower() + key[1:]), item) for key, item in value.items())
        return {
            key: item if key in _MAPS else from_glue(item)
            for key, item in pairs
            if item is not None
        }
    return [from_glue(item) for item in value] if isinstance(value, list) else value
