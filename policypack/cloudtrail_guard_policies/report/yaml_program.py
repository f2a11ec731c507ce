"""Where the resources of a program in YAML stand.

Pulumi's YAML host gives the engine no positions. In a YAML program a resource is declared under its
name, so that the name of a URN leads to the line.
https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from cloudtrail_guard_policies.report.positions import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PROJECT: Final = "Pulumi.yaml"
_PROGRAM: Final = "Main.yaml"
"""The program's file where the project file names another directory for it."""


def with_yaml_program(
    positions: Mapping[str, Position], urns: Iterable[str], directory: Path
) -> dict[str, Position]:
    """Return positions, and those of resources that a YAML program declares.

    Args:
        positions: What is known already, by URN.
        urns: The resources that are asked for.
        directory: The project's directory; one without a YAML program adds nothing.

    Returns:
        The positions by URN.
    """
    declared = dict(_declared(directory))
    found = {urn: declared.get(urn.rpartition("::")[2]) for urn in urns}
    return {**{urn: each for urn, each in found.items() if each is not None}, **positions}


def _declared(directory: Path) -> Iterator[tuple[str, Position]]:
    """Yield the names of the resources that the program declares, with their positions."""
    project = _mapping(_node(directory / _PROJECT))
    runtime = project.get("runtime")
    if "yaml" not in (_text(runtime), _text(_mapping(runtime).get("name"))):
        return
    main = _text(project.get("main"))
    file = Path(main, _PROGRAM) if main else Path(_PROJECT)
    program = _mapping(_node(directory / file))
    resources = program.get("resources")
    for key, value in resources.value if isinstance(resources, yaml.MappingNode) else ():
        name = _text(_mapping(value).get("name")) or _text(key)
        yield name, Position(file=file.as_posix(), line=key.start_mark.line + 1)


def _node(file: Path) -> yaml.Node | None:
    """Return what a file holds; None where there is none, or none that can be read as YAML."""
    try:
        return yaml.compose(file.read_text(encoding="utf-8"), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None


def _mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {_text(key): value for key, value in node.value}


def _text(node: yaml.Node | None) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""
