"""``pulumi`` as commands in a sandbox have it: stack files stay as they are.

A stack with a passphrase gets a salt, which Pulumi writes into its stack file as soon as the stack
is made. A sandbox's stacks and their passphrase end with it, and the checkout must not change. So
the ``pulumi`` on the sandbox's PATH runs the real one, and takes the salt out again. The engine
finds it in the stack's state (``PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER``).

A salt stays where it was before, and where the file has secrets that were encrypted with it.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sandbox import processes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SALT = "encryptionsalt"
_SALT_LINE = re.compile(rb"^encryptionsalt:.*\n?", re.MULTILINE)
_NAMES = ("Pulumi.yaml", "Pulumi.yml")


def main(pulumi: str, *arguments: str) -> int:
    """Run the real ``pulumi``, and return its exit code."""
    folder = stack_folder(arguments)
    before = _read(folder)
    try:
        return processes.run([pulumi, *arguments], os.environ)
    finally:
        for file, content in _read(folder).items():
            _restore(file, before.get(file), content)


def stack_folder(arguments: Sequence[str]) -> Path | None:
    """The folder of the project's stack files, as Pulumi finds it; none outside of a project."""
    here = Path.cwd() / _directory(arguments)
    for folder in (here, *here.parents):
        for name in _NAMES:
            project = _parsed((folder / name).read_bytes()) if (folder / name).is_file() else None
            if project is not None:
                return folder / str(project.get("stackConfigDir", ""))
    return None


def without_salt(before: bytes | None, after: bytes) -> bytes | None:
    """What a stack file must hold after a command: ``None`` if it must not be there.

    Args:
        before: what it held before the command; ``None`` if it was not there.
        after: what it holds now.
    """
    old, new = _parsed(before or b""), _parsed(after)
    if new is None or old is None or _SALT not in new or _SALT in old or _has_secrets(new):
        return after
    if {key: value for key, value in new.items() if key != _SALT} == old:
        return before
    return _SALT_LINE.sub(b"", after)


def _directory(arguments: Sequence[str]) -> str:
    """The folder that ``--cwd`` names, in any of the forms that Pulumi takes."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument in {"-C", "--cwd"}:
            return following
        for form in ("--cwd=", "-C"):
            if argument.startswith(form):
                return argument.removeprefix(form)
    return ""


def _read(folder: Path | None) -> dict[Path, bytes]:
    files = folder.glob("Pulumi.*.y*ml") if folder else ()
    return {file: file.read_bytes() for file in files if file.is_file()}


def _restore(file: Path, before: bytes | None, after: bytes) -> None:
    wanted = without_salt(before, after)
    if wanted is None:
        file.unlink(missing_ok=True)
    elif wanted != after:
        file.write_bytes(wanted)


def _parsed(content: bytes) -> Mapping[str, Any] | None:
    """A YAML mapping; ``None`` for what is none."""
    try:
        value = yaml.safe_load(content) or {}
    except (yaml.YAMLError, UnicodeError):
        return None
    return value if isinstance(value, dict) else None


def _has_secrets(value: object) -> bool:
    if isinstance(value, dict):
        return "secure" in value or any(_has_secrets(each) for each in value.values())
    return isinstance(value, list) and any(_has_secrets(each) for each in value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
