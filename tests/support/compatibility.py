"""What breaks the programs of others, by two schemas or two lists of children."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = dict[str, Any]

_NOTHING: Schema = {}


def broken_schema(before: Schema, after: Schema) -> list[str]:
    """What of a schema a program could have used that is not there any more, or not the same.

    Gone: a component, a type, a property, an enum's value. Not the same: a property's type; an
    input that must now be given; an output that may now be absent.

    Returns:
        One line for each, which begins with the thing in backticks, e.g. ```LogBucket.kmsKeyArn```.
    """
    return sorted({*_objects("resources", before, after), *_objects("types", before, after)})


def broken_children(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """The children that a stack of before would have to replace.

    Args:
        before: the children of each component.
        after: the same later, with the names that they are known by through aliases.
    """
    return sorted(
        f"`{component}: {child}` is gone, and no alias says where"
        for component, children in before.items()
        if component in after
        for child in set(children) - set(after[component])
    )


def changelog() -> str:
    """The changelog of this checkout."""
    return (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")


def named_breaking(text: str) -> set[str]:
    """What the changelog names, in backticks, as breaking in the version to come."""
    unreleased = re.search(r"^## Unreleased$(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    section = re.search(
        r"^### Breaking$(.*?)(?=^### |\Z)",
        unreleased[1] if unreleased else "",
        re.DOTALL | re.MULTILINE,
    )
    return set(re.findall(r"`([^`]+)`", section[1])) if section else set()


def unnamed(broken: list[str], text: str) -> list[str]:
    """What is broken without being named in the changelog."""
    named = named_breaking(text)
    return [line for line in broken if line.split("`")[1] not in named]


def _objects(kind: str, before: Schema, after: Schema) -> Iterator[str]:
    for token, old in before.get(kind, _NOTHING).items():
        name = token.rsplit(":", maxsplit=1)[-1]
        new = after.get(kind, _NOTHING).get(token)
        if new is None:
            yield f"`{name}` is gone"
            continue
        yield from _properties(name, "inputProperties", old, new)
        yield from _properties(name, "properties", old, new)
        takes, gives = ("requiredInputs", "required") if kind == "resources" else ("required", "")
        for key in set(new.get(takes, ())) - set(old.get(takes, ())):
            yield f"`{name}.{key}` must now be given"
        for key in set(old.get(gives, ())) - set(new.get(gives, ())):
            yield f"`{name}.{key}` may now be absent"
        kept = {member["value"] for member in new.get("enum", ())}
        for member in old.get("enum", ()):
            if member["value"] not in kept:
                yield f"`{name}.{member['value']}` is gone"


def _properties(name: str, part: str, old: Schema, new: Schema) -> Iterator[str]:
    for key, value in old.get(part, _NOTHING).items():
        now = new.get(part, _NOTHING).get(key)
        if now is None:
            yield f"`{name}.{key}` is gone"
        elif _shape(now) != _shape(value):
            yield f"`{name}.{key}` has another type"


def _shape(value: Any) -> Any:
    """A type without the descriptions in it, at any depth."""
    if not isinstance(value, dict):
        return value
    members = cast("Schema", value).items()
    return {key: _shape(item) for key, item in members if key != "description"}
