"""What an update changes on resources that were adopted, property by property."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adoption.planned import AdoptionError

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
            "cloudtrail-guard:existingBucket or cloudtrail-guard:existingKeyArn, and begin anew "
            "with a new stack"
        )
    return [change for step in steps if step["op"] == "update" for change in _changes(step)]


def _changes(step: dict[str, Any]) -> Iterator[Change]:
    old = step.get("oldState", {}).get("inputs", {})
    new = step.get("newState", {}).get("inputs", {})
    kind = step["newState"]["type"].rsplit(":", maxsplit=1)[-1]
    name = step["urn"].rsplit("::", maxsplit=1)[-1]
    for path in step.get("diffReasons") or sorted(step.get("detailedDiff") or {}):
        before, after = _text(old.get(path)), _text(new.get(path))
        if path in {"policy", "content"}:
            before, after = _sids(old.get(path)), _sids(new.get(path))
        yield Change(f"{kind} {name}", path, before, after)


def _sids(document: object) -> str:
    """A policy by the names of its statements: a whole document is for `pulumi preview --diff`."""
    try:
        statements = json.loads(str(document))["Statement"]
    except (ValueError, KeyError, TypeError):
        return _text(document)
    return ", ".join(str(each.get("Sid", "(no Sid)")) for each in statements)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(_without_defaults(value), sort_keys=True)


def _without_defaults(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value without the provider's own notes on which defaults it filled in."""
    if isinstance(value, dict):
        return {k: _without_defaults(v) for k, v in value.items() if k != "__defaults"}
    if isinstance(value, list):
        return [_without_defaults(each) for each in value]
    return value
