"""A program of a deployed stack's resources alone: what Pulumi's engine, SDK and plugin cost.

It registers what a stack's state has, under the same names and parents, every input as it is: it
asks and checks nothing, has no outputs, and changes nothing. No program that makes these resources
with Pulumi's SDK for Python costs less.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PROGRAM: Final = """\
import json
import re
from pathlib import Path

import pulumi
import pulumi_aws as aws

made = {}
for each in json.loads(Path("resources.json").read_text()):
    _, module, kind = each["type"].split(":")
    options = pulumi.ResourceOptions(
        parent=made.get(each.get("parent")),
        protect=each.get("protect"),
        ignore_changes=each.get("ignoreChanges"),
    )
    name = each["urn"].rsplit("::", 1)[-1]
    if not each["custom"]:
        made[each["urn"]] = pulumi.ComponentResource(each["type"], name, None, options)
        continue
    inputs = {
        re.sub("([A-Z])", r"_\\1", key).lower(): value
        for key, value in each["inputs"].items()
        if key not in ("__defaults", "tagsAll")
    }
    type_ = getattr(getattr(aws, module.split("/")[0]), kind)
    made[each["urn"]] = type_(name, **inputs, opts=options)
"""


def write_flat(directory: Path, program: Path, stack: str, environment: Mapping[str, str]) -> Path:
    """Write the program into a folder of its own, and return it.

    Args:
        directory: The folder that has it.
        program: The program, whose stack is deployed; the project is the same.
        stack: The stack.
        environment: The sandbox's.
    """
    exported = subprocess.run(
        ["pulumi", "stack", "export", "--show-secrets", "--stack", stack],
        cwd=program,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    resources = [
        each
        for each in json.loads(exported.stdout)["deployment"]["resources"]
        if not each["type"].startswith("pulumi:")
    ]
    flat = directory / f"{stack}-flat"
    flat.mkdir()
    for file in program.glob("Pulumi*.yaml"):
        (flat / file.name).write_text(file.read_text())
    (flat / ".venv").symlink_to(program / ".venv")
    (flat / "resources.json").write_text(json.dumps(resources))
    (flat / "__main__.py").write_text(_PROGRAM)
    return flat
