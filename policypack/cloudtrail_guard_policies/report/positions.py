"""Where resources stand in the program's source.

The event stream does not say it. ``pulumi preview --json`` without streaming and ``pulumi stack
export`` do, as ``sourcePosition`` (``project:///__main__.py#7``) and ``stackTrace``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cloudtrail_guard_policies.report.events import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterator

_POSITION: Final = re.compile(r"^project:///(?!\.\./)(?P<file>[^#]+)#(?P<line>[0-9]+)")
_INSTALLED: Final = frozenset({"site-packages", "node_modules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A line of the program.

    Attributes:
        file: Path relative to the directory of Pulumi.yaml.
        line: From 1.
    """

    file: str
    line: int


UNKNOWN_POSITION: Final = Position(file="Pulumi.yaml", line=1)
"""What stands for a resource whose position is not known."""


def read_positions(text: str) -> dict[str, Position]:
    """Read the positions of resources.

    A resource that a library registers, a component's child for instance, stands where the project
    called the library.

    Args:
        text: The output of ``pulumi preview --json`` or ``pulumi stack export``.

    Returns:
        The positions by URN.

    Raises:
        ReportError: It is neither.
    """
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    try:
        found = [(each["urn"], next(_in_project(each), None)) for each in _resources(document)]
    except (AttributeError, KeyError, TypeError):
        raise ReportError(
            "the positions have resources of a form that this version does not read; was the file"
            " cut off or changed?"
        ) from None
    return {urn: position for urn, position in found if position is not None}


def _resources(document: Any) -> list[Any]:  # noqa: ANN401 - what a file holds
    match document:
        case {"steps": [*steps]}:
            return [step["newState"] for step in steps if "newState" in step]
        case {"deployment": {**deployment}}:
            return deployment.get("resources") or []
        case _:
            raise ReportError(
                "the positions are neither the output of `pulumi preview --json` (without"
                " streaming) nor that of `pulumi stack export`"
            )


def _in_project(resource: dict[str, Any]) -> Iterator[Position]:
    frames = [resource, *resource.get("stackTrace", ())]
    for frame in frames:
        position = _POSITION.match(frame.get("sourcePosition", ""))
        # An environment may lie within the project's directory.
        if position and _INSTALLED.isdisjoint(position["file"].split("/")):
            yield Position(file=position["file"], line=int(position["line"]))
