"""``.tools/pulumi`` of a project: installed in one step, from whatever place."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

HOSTS = ("nodejs", "python", "yaml")
"""The languages of our own hosts: ``pulumi-language-<language>`` beside an engine that we built."""

PAUSE = 3_600
"""Seconds before what failed is tried again: a sandbox must start fast without an engine."""

_HOST = """\
#!/bin/sh
exec {python} -P -m sandbox.engine.hosts.{language} "$@"
"""


@dataclass(frozen=True)
class Tools:
    """The ``.tools`` folder of a project.

    Attributes:
        folder: the folder.
    """

    folder: Path

    @property
    def installed(self) -> Path:
        """The installation: its executables are in ``bin``."""
        return self.folder / "pulumi"

    @property
    def pulumi(self) -> Path:
        """The installed CLI."""
        return self.installed / "bin" / "pulumi"

    @property
    def built_from(self) -> str | None:
        """The name of the build that is installed, or ``None`` if it is none of ours."""
        marker = self.installed / "built-from"
        return marker.read_text(encoding="utf-8").strip() if marker.is_file() else None

    @contextmanager
    def locked(self) -> Generator[None]:
        """Let one process at a time install."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "pulumi.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def staging(self) -> Generator[Path]:
        """A folder beside the place of installation, on the same file system; gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="pulumi-", dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def install(self, installation: Path) -> None:
        """Put a complete installation into its place in one step, after what was there is gone."""
        if self.installed.exists():
            shutil.rmtree(self.installed)
        installation.rename(self.installed)

    def install_built(self, binary: Path) -> None:
        """Install an engine from the cache of builds, with our language hosts beside it."""
        with self.staging() as staging:
            installation = staging / "installation"
            executables = installation / "bin"
            executables.mkdir(parents=True)
            _link(binary, executables / "pulumi")
            write_hosts(executables)
            (installation / "built-from").write_text(f"{binary.parent.name}\n", encoding="utf-8")
            self.install(installation)

    def failed(self, what: str) -> str | None:
        """Why something failed less than ``PAUSE`` seconds ago, or ``None``."""
        marker = self._marker(what)
        if not marker.is_file() or time.time() - marker.stat().st_mtime >= PAUSE:
            return None
        reason = marker.read_text(encoding="utf-8").strip()
        when = f"{what} failed less than {PAUSE // 60} minutes ago"
        return f"{when} ({reason})" if reason else when

    def remember(self, what: str, reason: str | None) -> None:
        """Remember that something failed, and why; or, with no reason, that it went well."""
        if reason is None:
            self._marker(what).unlink(missing_ok=True)
        else:
            self._marker(what).write_text(f"{reason}\n", encoding="utf-8")

    def _marker(self, what: str) -> Path:
        return self.folder / f"pulumi.{what.rpartition(' ')[2]}-failed"


def write_hosts(executables: Path) -> None:
    """Write the language hosts that are missing, or that another interpreter runs."""
    for language in HOSTS:
        script = executables / f"pulumi-language-{language}"
        content = _HOST.format(python=shlex.quote(sys.executable), language=language)
        if script.is_file() and script.read_text(encoding="utf-8") == content:
            continue
        # Renamed in one step: an engine may be starting the host.
        written, name = tempfile.mkstemp(prefix=f".{script.name}-", dir=executables)
        with os.fdopen(written, "w", encoding="utf-8") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o755)
        Path(name).rename(script)


def _link(source: Path, target: Path) -> None:
    """Link a file, or copy it where links are not possible, as between file systems."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
