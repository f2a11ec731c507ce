"""What other projects rely on: the components' schema, and the names of all children.

``python -m generate.snapshots --release`` also writes what later versions are compared with.
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


def files() -> dict[Path, str]:
    """What is written."""
    return {SCHEMA_FILE: text(schema()), CHILDREN_FILE: text(children())}


def main() -> None:
    """Write the snapshots; with ``--release`` also those that later versions are compared with."""
    for file, content in files().items():
        file.write_text(content, encoding="utf-8")
        if sys.argv[1:] == ["--release"]:
            RELEASED.mkdir(exist_ok=True)
            (RELEASED / file.name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
