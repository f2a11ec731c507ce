"""What an update changes on resources that were adopted, property by property."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import parse_document, sids_of

from adoption.planned import UNKNOWN, AdoptionError

KNOWN_LATER = "(known after the update)"
HIDDEN = "(secret)"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Marks a secret in the engine's JSON (pulumi/sdk/go/common/resource/sig)."""
LOSSES = ("replace", "delete", "create-replacement", "delete-replaced")


@dataclass(frozen=True)
class Change:
    """A property that an update sets.

    Attributes:
        resource: the resource's type and logical name.
        path: the property.
        before: its value now, as text; empty when it is not set.
        after: what it will be.
    """

    resource: str
    path: str
    before: str
    after: str


def hardening(preview: dict[str, Any]) -> list[Change]:
    """What a preview changes on resources that exist.

    Args:
        preview: what `pulumi preview --json` printed.

    Raises:
        AdoptionError: it would replace or delete one of them.
    """
    steps = preview.get("steps", [])
    lost = [step["urn"].rsplit("::", maxsplit=2)[-1] for step in steps if step["op"] in LOSSES]
    if lost:
        raise AdoptionError(
            f"`pulumi up` would replace {', '.join(sorted(set(lost)))}: do not run it. "
            "For a bucket or key that differs in what cannot be changed, set "
            "cloudtrail-guard:existingBucket or cloudtrail-guard:existingKeyArn, and start over "
            "with a new stack"
        )
    return [change for step in steps if step["op"] == "update" for change in _changes(step)]


def _changes(step: dict[str, Any]) -> Iterator[Change]:
    old = step.get("oldState", {}).get("inputs", {})
    new = step.get("newState", {}).get("inputs", {})
    kind = step["newState"]["type"].rsplit(":", maxsplit=1)[-1]
    name = step["urn"].rsplit("::", maxsplit=1)[-1]
    detailed = (re.split(r"[.\[]", path)[0] for path in step.get("detailedDiff") or {})
    for path in step.get("diffReasons") or sorted(set(detailed)):
        before, after = _text(old.get(path)), _text(new.get(path))
        if path in {"policy", "content"}:
            before, after = _sids(old.get(path)), _sids(new.get(path))
        yield Change(f"{kind} {name}", path, before, after)


def _sids(document: object) -> str:
    """A policy by the names of its statements: a whole document is for `pulumi preview --diff`."""
    try:
        return ", ".join(sids_of(parse_document(str(document))))
    except InvalidValueError:
        return _text(document)


def _text(value: object) -> str:
    shown = _readable(value)
    if shown is None or isinstance(shown, str):
        return shown or ""
    return json.dumps(shown, sort_keys=True)


def _readable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value in words for people: neither the engine's markers nor the provider's notes."""
    if value == UNKNOWN:
        return KNOWN_LATER
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return HIDDEN
        return {k: _readable(v) for k, v in value.items() if k != "__defaults"}
    if isinstance(value, list):
        return [_readable(each) for each in value]
    return value
