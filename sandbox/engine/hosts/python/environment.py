"""The Python environment of a program, as its project file names it, and what is installed in it.

The options of the runtime ``python``:

- ``toolchain``: ``pip`` (also when not given) or ``uv``;
- ``virtualenv``: the environment's folder, relative to the project file's. Without it pip's
  toolchain takes the ``python3`` on PATH, and uv's the ``.venv`` beside ``uv.lock``.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sandbox.engine.hosts.children import Command
from sandbox.engine.hosts.host import HostError, on_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.engine.hosts.host import Program

_QUESTIONS = Path(__file__).with_name("inside.py")
"""The script that answers from inside the environment."""


@dataclass(frozen=True)
class Environment:
    """An environment, made already or not.

    Attributes:
        folder: its folder; ``None`` for the Python on PATH.
        toolchain: what installs into it.
        program: the program that it is for.
    """

    folder: Path | None
    toolchain: Literal["pip", "uv"]
    program: Program

    @classmethod
    def of(cls, program: Program, default: str | None = None) -> Environment:
        """The environment of a program.

        Args:
            program: the program.
            default: the environment of one whose project file names neither toolchain nor
                environment.

        Raises:
            HostError: the toolchain is not known here.
        """
        toolchain = program.option("toolchain")
        named = program.option("virtualenv") or (None if toolchain else default)
        folder = program.root / named if named else None
        if toolchain == "uv":
            return cls(folder or _beside_uv_lock(program.directory), "uv", program)
        if toolchain in {None, "pip"}:
            return cls(folder, "pip", program)
        raise HostError(
            f"runtime option `toolchain` is {toolchain!r}: this language host knows pip and uv"
        )

    @property
    def python(self) -> Path:
        """Its interpreter.

        Raises:
            HostError: the environment was not made yet, or there is no Python.
        """
        if self.folder is None:
            return _ambient_python()
        python = _interpreter(self.folder)
        if not python.exists():
            raise HostError(
                f"the Python environment {os.path.normpath(self.folder)} does not exist: run "
                f"`pulumi install` in {self.program.directory}"
            )
        return python

    def variables(self, base: Mapping[str, str]) -> dict[str, str]:
        """The variables of a process in it: those of `base`, with the environment activated."""
        if self.folder is None:
            return dict(base)
        folder = os.path.normpath(self.folder)
        path = os.pathsep.join(filter(None, (f"{folder}/bin", base.get("PATH"))))
        kept = {name: value for name, value in base.items() if name != "PYTHONHOME"}
        return {**kept, "PATH": path, "VIRTUAL_ENV": folder}

    def ask(self, question: str) -> Any:  # noqa: ANN401 (JSON)
        """The answer of the script inside it.

        Raises:
            HostError: it does not run.
        """
        done = subprocess.run(
            [self.python, "-P", _QUESTIONS, question],
            cwd=self.program.directory,
            env=self.variables(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise HostError(f"{self.python} does not run:\n{done.stderr.strip()}")
        return json.loads(done.stdout)

    def installation(self) -> Sequence[Command]:
        """The commands that make it where it is missing, and install what the program needs.

        Raises:
            HostError: there is no Python, or no uv.
        """
        directory = self.program.directory
        if self.toolchain == "uv":
            uv = on_path("uv")
            # uv's own variable for the environment; without a lock file it makes one.
            variables = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(self.folder)}
            return [Command([uv, "sync"], directory, variables)]
        commands: list[Command] = []
        python = _interpreter(self.folder) if self.folder else _ambient_python()
        if self.folder and not python.exists():
            making = [_ambient_python(), "-m", "venv", self.folder]
            commands.append(Command(making, directory, os.environ))
        if (directory / "requirements.txt").exists():
            wanted = ["-r", "requirements.txt"]
        elif (directory / "pyproject.toml").exists():
            wanted = ["."]
        else:
            return commands
        pip = [python, "-m", "pip", "install", "--disable-pip-version-check", *wanted]
        return [*commands, Command(pip, directory, self.variables(os.environ))]


def _interpreter(folder: Path) -> Path:
    # As written: resolving the links would leave the environment.
    return Path(os.path.normpath(folder)) / "bin" / "python"


def _beside_uv_lock(directory: Path) -> Path:
    """The environment that uv makes for a folder: of the workspace that it belongs to."""
    for folder in (directory, *directory.parents):
        if (folder / "uv.lock").exists():
            return folder / ".venv"
    return directory / ".venv"


def _ambient_python() -> Path:
    named = os.environ.get("PULUMI_PYTHON_CMD")
    return on_path(named) if named else on_path("python3", "python")
