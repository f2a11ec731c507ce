"""A working copy of the program for a demo or a test, so that the checkout stays as it is.

Pulumi writes into a project's stack files (the passphrase's salt, `config set`). The copy has stack
files of its own; everything else is the checkout's, by link.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from demo.checkout import CHECKOUT

_LINKED = (".venv", "__main__.py", "components", "policypack", "stacks")


def working_copy(directory: Path) -> Path:
    """Make a working copy of the program in an empty directory, and return it."""
    for name in _LINKED:
        (directory / name).symlink_to(CHECKOUT / name)
    for file in CHECKOUT.glob("Pulumi*.yaml"):
        (directory / file.name).write_text(file.read_text())
    return directory


def configure(directory: Path, stack: str, values: Mapping[str, object]) -> None:
    """Set config values of the program in a working copy's stack file, by key."""
    file = directory / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(file.read_text()) if file.exists() else {}
    config = content.setdefault("config", {})
    config.update({f"cloudtrail-guard:{key}": value for key, value in values.items()})
    # As JSON, which is YAML: an account id may look like a number, and PyYAML quotes only what it
    # takes for one itself.
    file.write_text(json.dumps(content))
