"""Finding the Pulumi CLI.

The places, in this order:

1. ``pulumi`` on PATH, if it is recent enough;
2. ``.tools/pulumi`` of the checkout, where an earlier search put one;
3. an archive in the layout of the official release: the one that ``PULUMI_ARCHIVE`` names, or the
   newest ``../shared/toolchain/pulumi-v*-<os>-<cpu>.tar.gz`` beside the checkout;
4. the official download.

What is found in places 3 and 4 is put into ``.tools/pulumi``.
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

Version: TypeAlias = tuple[int, int, int]

CHECKOUT = Path(__file__).resolve().parent.parent

MINIMUM: Version = (3, 237, 0)
"""The oldest CLI that will do: the least version of the Python SDK that pyproject.toml asks for.

SDK and CLI are released together, and a CLI starts policy packs and components the way the SDK of
its version expects it (before 3.221, through executables that the packages no longer bring)."""

_DOWNLOAD_TIMEOUT = 60
"""Seconds. The archive has about 90 MB; a network that is closed shall not cost more."""

_DOWNLOAD_PAUSE = 3_600
"""Seconds before a download that failed is tried again: a sandbox must start fast without one."""

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_INSTALL = (
    "import sys; from pulumi.automation import PulumiCommand;"
    "PulumiCommand.install(root=sys.argv[1])"
)


@dataclass(frozen=True)
class PulumiCli:
    """A Pulumi CLI that was found.

    Attributes:
        path: the executable; the language hosts lie beside it.
        version: its version.
        source: where it was found, for people.
    """

    path: Path
    version: Version
    source: str

    def __str__(self) -> str:
        """One line for people."""
        return f"pulumi {_text(self.version)} at {self.path} ({self.source})"


@dataclass(frozen=True)
class NoPulumi:
    """There is no Pulumi CLI.

    Attributes:
        reason: one line that says what was tried.
    """

    reason: str

    def __str__(self) -> str:
        """One line for people."""
        return f"no Pulumi CLI: {self.reason}"


class PulumiRequiredError(Exception):
    """``REQUIRE_PULUMI=1`` was set and there is no Pulumi CLI."""


@dataclass
class _Search:
    """One search, with what it tried in vain."""

    environ: Mapping[str, str]
    checkout: Path
    tell: Callable[[str], None]
    tried: list[str] = field(default_factory=list[str])

    @property
    def tools(self) -> Path:
        return self.checkout / ".tools"

    @property
    def installed(self) -> Path:
        return self.tools / "pulumi"


def find_pulumi(
    environ: Mapping[str, str] | None = None,
    checkout: Path = CHECKOUT,
    tell: Callable[[str], None] = lambda _: None,
) -> PulumiCli | NoPulumi:
    """Find the Pulumi CLI, installing it into the checkout's ``.tools`` when need be.

    Args:
        environ: the environment to read PATH, PULUMI_ARCHIVE and REQUIRE_PULUMI from.
        checkout: the checkout whose ``.tools`` is used.
        tell: is told, in one line, of what will take longer than a moment.

    Raises:
        PulumiRequiredError: there is none, and ``REQUIRE_PULUMI`` is ``1``.
    """
    search = _Search(os.environ if environ is None else environ, checkout, tell)
    found = _on_path(search) or _installed(search, "installed before")
    if found is None:
        try:
            found = _get(search)
        except OSError as error:
            search.tried.append(f"{search.tools} cannot be written ({error})")
    if found:
        return found
    missing = NoPulumi("; ".join(dict.fromkeys(search.tried)))
    if search.environ.get("REQUIRE_PULUMI") == "1":
        raise PulumiRequiredError(f"{missing} (REQUIRE_PULUMI=1 makes this an error)")
    return missing


def _get(search: _Search) -> PulumiCli | None:
    """Install one, or take what another process installed while this one waited."""
    with _locked(search):
        return (
            _installed(search, "installed before")
            or _from_archive(search)
            or _from_download(search)
        )


def _on_path(search: _Search) -> PulumiCli | None:
    executable = shutil.which("pulumi", path=search.environ.get("PATH", ""))
    if executable is None:
        search.tried.append("none on PATH")
        return None
    return _usable(search, Path(executable), "on PATH")


def _installed(search: _Search, source: str) -> PulumiCli | None:
    executable = search.installed / "bin" / "pulumi"
    if not executable.exists():
        search.tried.append("none in .tools/pulumi")
        return None
    return _usable(search, executable, source)


def _from_archive(search: _Search) -> PulumiCli | None:
    archive = _archive(search)
    if archive is None:
        return None
    search.tell(f"unpacking the Pulumi CLI from {archive}, once")
    try:
        with _staging(search) as staging:
            with tarfile.open(archive) as tar:
                # The data filter refuses everything that would land outside.
                tar.extractall(staging / "unpacked", filter="data")
            installation = staging / "installation"
            installation.mkdir()
            (staging / "unpacked" / "pulumi").rename(installation / "bin")
            _install(search, installation)
    except (OSError, tarfile.TarError) as error:
        search.tried.append(f"archive {archive} cannot be unpacked ({error})")
        return None
    return _installed(search, f"unpacked from {archive}")


def _archive(search: _Search) -> Path | None:
    """The archive to unpack: the one that is named, or the newest beside the checkout."""
    named = search.environ.get("PULUMI_ARCHIVE")
    if named:
        if Path(named).is_file():
            return Path(named)
        search.tried.append(f"PULUMI_ARCHIVE names no file: {named}")
        return None
    pattern = f"pulumi-v*-{_platform()}.tar.gz"
    folder = search.checkout.parent / "shared" / "toolchain"
    found = sorted(folder.glob(pattern), key=lambda path: _parse(path.name) or MINIMUM)
    if not found:
        search.tried.append(f"no archive ../shared/toolchain/{pattern}")
        return None
    return found[-1]


def _from_download(search: _Search) -> PulumiCli | None:
    """The official download, in a process of its own that can be stopped."""
    failed = search.tools / "pulumi.download-failed"
    if failed.exists() and time.time() - failed.stat().st_mtime < _DOWNLOAD_PAUSE:
        search.tried.append(f"the download failed less than {_DOWNLOAD_PAUSE // 60} minutes ago")
        return None
    search.tell(f"downloading the Pulumi CLI, once, for at most {_DOWNLOAD_TIMEOUT} s")
    with _staging(search) as staging:
        installation = staging / "installation"
        command = [sys.executable, "-c", _INSTALL, str(installation)]
        problem = _run_download(command, search.environ)
        if problem is None:
            _install(search, installation)
            failed.unlink(missing_ok=True)
            return _installed(search, "downloaded")
    failed.touch()
    search.tried.append(problem)
    return None


def _run_download(command: list[str], environ: Mapping[str, str]) -> str | None:
    """Run the installer; what went wrong, or ``None``."""
    # A session of its own: the installer starts a script that starts curl.
    process = subprocess.Popen(
        command,
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=_DOWNLOAD_TIMEOUT)
    except subprocess.TimeoutExpired:
        return f"the download took more than {_DOWNLOAD_TIMEOUT} s"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return f"the download failed (exit code {code})" if code else None


@contextmanager
def _locked(search: _Search) -> Generator[None]:
    """Let one process at a time install."""
    search.tools.mkdir(parents=True, exist_ok=True)
    with (search.tools / "pulumi.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _staging(search: _Search) -> Generator[Path]:
    """A folder beside the place of installation, on the same file system; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pulumi-", dir=search.tools))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _install(search: _Search, installation: Path) -> None:
    """Put a complete installation into its place in one step, after what was there is gone."""
    if search.installed.exists():
        shutil.rmtree(search.installed)
    installation.rename(search.installed)


def _usable(search: _Search, executable: Path, source: str) -> PulumiCli | None:
    """The CLI, if it runs and is recent enough."""
    try:
        answer = subprocess.run(
            [executable, "version"],
            env={**search.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        search.tried.append(f"{executable} does not run ({error})")
        return None
    version = _parse(answer.stdout)
    if version is None or version < MINIMUM:
        search.tried.append(
            f"{executable} has version {answer.stdout.strip()!r}, {_text(MINIMUM)} is needed"
        )
        return None
    return PulumiCli(executable, version, source)


def _parse(text: str) -> Version | None:
    match = _VERSION.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _platform() -> str:
    """Operating system and processor as the names of the official archives have them."""
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{processor.get(machine, machine)}"
