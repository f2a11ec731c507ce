"""Ids by their templates: `{role}:{name}`, made of properties; in brackets what may be missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.plugin.resource import ResourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.values import Properties


def properties_of(template: str) -> list[str]:
    """The properties of which ids are made."""
    return re.findall(r"\{(\w+)\}", template)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The id of the object with these properties."""
    present = re.sub(
        r"\[([^\]]*\{(\w+)\}[^\]]*)\]",
        lambda part: part[1] if values.get(part[2]) else "",
        template,
    )
    return present.format_map(values)


def parse(template: str, id_: str, form: str = "") -> Properties:
    """The properties that an id says.

    Args:
        template: the template.
        id_: the id.
        form: what an id looks like, in the message about one that does not; the template if empty.

    Raises:
        ResourceError: the id has not the form that it should have.
    """
    match = re.fullmatch(_expression(template), id_, re.DOTALL)
    if match is None:
        raise ResourceError(f"unexpected format of ID ({id_}), expected {form or template}")
    return {name: text for name, text in match.groupdict().items() if text is not None}


def _expression(template: str) -> str:
    """The regular expression of the ids that a template makes."""
    parts = re.split(r"(\{\w+\}|[\[\]])", template)
    brackets = {"[": "(?:", "]": ")?"}
    last = max(index for index, part in enumerate(parts) if part.startswith("{"))
    return "".join(
        f"(?P<{part[1:-1]}>.+{'' if index == last else '?'})"
        if part.startswith("{")
        else brackets.get(part, re.escape(part))
        for index, part in enumerate(parts)
    )
