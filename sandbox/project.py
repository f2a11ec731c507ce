"""A working copy of the program for a demo or a test, so that the checkout stays as it is.

Pulumi writes into a project's stack files (the passphrase's salt, `config set`). The copy has stack
files of its own; everything else is the checkout's, by link.
"""

from pathlib import Path

from sandbox.toolchain import CHECKOUT

_LINKED = (".venv", "__main__.py", "components", "policypack", "stacks")


def working_copy(directory: Path) -> Path:
    """Make a working copy of the program in an empty directory, and return it."""
    for name in _LINKED:
        (directory / name).symlink_to(CHECKOUT / name)
    for file in CHECKOUT.glob("Pulumi*.yaml"):
        (directory / file.name).write_text(file.read_text())
    return directory
