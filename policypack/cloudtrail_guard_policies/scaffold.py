"""Write a policy pack into a project."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Final

_PROFILES: Final = Path(__file__).parent / "profiles"

_PROJECT: Final = """\
description: CloudTrail rules that evaluate any Pulumi program, also while values are unknown
version: {version}
runtime:
  name: python
  options:
    # Runs the interpreter of the environment, and installs nothing.
    toolchain: pip
"""

_VIRTUALENV: Final = """\
    # The environment in which cloudtrail-guard-policies is installed, relative to this directory.
    virtualenv: {path}
"""

_MAIN: Final = '''\
"""Serve the rules of cloudtrail-guard-policies to the engine, which runs this directory."""

from cloudtrail_guard_policies.serve import serve

if __name__ == "__main__":
    serve()
'''


class ScaffoldError(Exception):
    """The directory holds something else; the message says what to do."""


def scaffold(directory: Path, version: str, *, force: bool = False) -> None:
    """Write a policy pack that runs the installed rules, and the ready configurations.

    Args:
        directory: Where it goes; it is made where it is missing.
        version: Version of the rules.
        force: Whether to write into a directory that holds files already. Only the pack's own
            files are replaced.

    Raises:
        ScaffoldError: The directory holds files already, and `force` is not given.
    """
    if directory.is_dir() and any(directory.iterdir()) and not force:
        raise ScaffoldError(
            f"{directory} is not empty: name another directory, or give --force to renew the pack"
            " in it"
        )
    directory.mkdir(parents=True, exist_ok=True)
    project = _PROJECT.format(version=version)
    if sys.prefix != sys.base_prefix:
        project += _VIRTUALENV.format(path=_environment(directory))
    (directory / "PulumiPolicy.yaml").write_text(project, encoding="utf-8")
    (directory / "__main__.py").write_text(_MAIN, encoding="utf-8")
    shutil.copytree(_PROFILES, directory / "profiles", dirs_exist_ok=True)


def _environment(directory: Path) -> str:
    """Return the environment's path: relative within the same project, else absolute."""
    environment = Path(sys.prefix).resolve()
    project = directory.resolve().parent
    if environment.is_relative_to(project):
        return Path(os.path.relpath(environment, directory.resolve())).as_posix()
    return environment.as_posix()
