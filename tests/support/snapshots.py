"""What other projects rely on, written down: the schema, and the names of all children.

``python -m tests.support.snapshots`` writes both as they are now, ``--release`` also as what later
versions are held to.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.plugin import ComponentHost

from tests.support.checkout import CHECKOUT
from tests.support.deployment import deploy
from tests.support.samples import REGION, sample_inputs

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "cloudtrail-guard:index:"

SCHEMA_FILE = CHECKOUT / "components" / "schema.json"
CHILDREN_FILE = CHECKOUT / "tests" / "components" / "children.json"
RELEASED = CHECKOUT / "tests" / "components" / "released"
"""The same two of the last release."""

Children = dict[str, list[str]]
"""By component: the parent's type, the type and the name of everything it makes, which is what its
URN has of it."""


def schema() -> dict[str, Any]:
    """The schema that the plugin serves."""
    return json.loads(ComponentHost().schema or "")


def children(*, with_aliases: bool = False) -> Children:
    """What each component makes, for a component with the name ``it``.

    Args:
        with_aliases: whether to name also what the children were called before.
    """
    host, found = ComponentHost(), dict[str, list[str]]()
    for token, definition in schema()["resources"].items():
        component = token.removeprefix(PREFIX)
        inputs = sample_inputs(component, definition)
        deployment = deploy(
            lambda token=token, inputs=inputs: host.construct("it", token, inputs), region=REGION
        )
        paths = {made.path for made in deployment.resources}
        if with_aliases:
            paths |= {alias for made in deployment.resources for alias in made.aliases}
        found[component] = sorted(paths)
    return found


def text(snapshot: object) -> str:
    """A snapshot as it is committed."""
    return json.dumps(snapshot, indent=2, sort_keys=True) + "\n"


def write(schema_file: Path, children_file: Path) -> None:
    """Write both snapshots."""
    schema_file.write_text(text(schema()), encoding="utf-8")
    children_file.write_text(text(children()), encoding="utf-8")


def main() -> None:
    """Write the snapshots; with ``--release`` also those that later versions are held to."""
    write(SCHEMA_FILE, CHILDREN_FILE)
    if sys.argv[1:] == ["--release"]:
        RELEASED.mkdir(exist_ok=True)
        write(RELEASED / "schema.json", RELEASED / "children.json")


if __name__ == "__main__":
    main()
