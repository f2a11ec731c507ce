"""Between Pulumi's and AWS's spelling of the same structure: `kmsKeyId` and `KmsKeyId`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

_NO_NAMES: Final[Mapping[str, str]] = {}


def to_aws(value: Any, names: Mapping[str, str] = _NO_NAMES) -> Any:  # noqa: ANN401 - JSON-like
    """A structure for an AWS request: keys begin with a capital, nulls are left out.

    Args:
        value: in Pulumi's spelling. Not for maps, whose keys are not names.
        names: AWS's spelling where it is another, by Pulumi's.
    """
    if isinstance(value, Mapping):
        return {
            names.get(key, key[:1].upper() + key[1:]): to_aws(item, names)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [to_aws(item, names) for item in value]
    return value


def from_aws(value: Any, names: Mapping[str, str] = _NO_NAMES) -> Any:  # noqa: ANN401 - JSON-like
    """A structure of an AWS answer in Pulumi's spelling; times become RFC 3339 texts.

    Args:
        value: in AWS's spelling. Not for maps, whose keys are not names.
        names: as in `to_aws`.
    """
    back = {theirs: ours for ours, theirs in names.items()}
    if isinstance(value, Mapping):
        return {
            back.get(key, key[:1].lower() + key[1:]): from_aws(item, names)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [from_aws(item, names) for item in value]
    return rfc3339(value) if isinstance(value, datetime) else value


def rfc3339(time: datetime) -> str:
    """A time as `2030-01-31T00:00:00Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
