"""Go binaries of the modules below ``go``, built once for all projects of a user."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from sandbox.engine.gomod import (
    MODULES,
    GoError,
    build_name,
    find_go,
    go_environment,
    read_module,
)
from sandbox.engine.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sandbox.engine.gomod import Go, GoModule

_STAGING = ".building-"

_CAUSES = {
    "no space left on device": "there is no space left",
    "disk quota exceeded": "the disk quota is used up",
    "permission denied": "a file cannot be written",
    "read-only file system": "a file cannot be written",
    "checksum mismatch": "what was fetched is not what go.sum names",
    "GOPROXY": "its modules cannot be fetched",
    "dial tcp": "its modules cannot be fetched",
    "proxyconnect": "its modules cannot be fetched",
    "module lookup disabled": "its modules cannot be fetched",
    "i/o timeout": "its modules cannot be fetched",
    "tls:": "its modules cannot be fetched",
    "reading http": "its modules cannot be fetched",
}
"""What a line of Go's means for the user, by what is in it; the first one counts."""


def go_binary(
    module: str,
    environ: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _: None,
    modules: Path = MODULES,
) -> Path:
    """The binary of one of our Go modules, built if it is not in the cache.

    Args:
        module: the name of its folder.
        environ: the environment to read PATH, HOME, XDG_CACHE_HOME and Go's settings from.
        say: is given the lines that show how a build gets on.
        modules: the folder of the modules.

    Raises:
        GoError: it cannot be built.
    """
    environ = os.environ if environ is None else environ
    source = read_module(modules / module)
    go = find_go(environ, source.minimum)
    place = _place(module, source, go, environ)
    if not place.is_file():
        try:
            with _locked(place.parent.parent, source.title, say):
                if not place.is_file():
                    _build(source, go, place, environ, say)
        except OSError as error:
            raise GoError(_unwritable(place.parent.parent, error)) from None
    return place


def binary_place(
    module: str, environ: Mapping[str, str] | None = None, modules: Path = MODULES
) -> Path:
    """Where ``go_binary`` has the binary of a module, whether it was built yet or not.

    Raises:
        GoError: it cannot be built: Go is missing or too old.
    """
    environ = os.environ if environ is None else environ
    source = read_module(modules / module)
    return _place(module, source, find_go(environ, source.minimum), environ)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The user's cache, as the XDG Base Directory Specification has it."""
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    # The specification: a path that is not absolute is to be ignored.
    if not named.is_absolute():
        named = Path(environ.get("HOME") or Path.home(), ".cache")
    return named / "cloudtrail-guard"


def _place(module: str, source: GoModule, go: Go, environ: Mapping[str, str]) -> Path:
    return cache_folder(environ) / module / build_name(source, go) / source.binary


def _build(
    source: GoModule,
    go: Go,
    place: Path,
    environ: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    """Build into a temporary folder, and rename it in one step."""
    for killed in place.parent.parent.glob(f"{_STAGING}*"):
        shutil.rmtree(killed, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=place.parent.parent))
    try:
        result = staging / "result"
        result.mkdir()
        started = time.monotonic()
        progress = Progress(f"building {source.title} with {go.release}", say)
        problem = _run(source, go, result / source.binary, environ, progress)
        if problem is not None:
            raise GoError(f"{source.title} cannot be built: {problem}")
        _write_through(result / source.binary)
        # A folder without its binary is in no one's way: it was emptied.
        shutil.rmtree(place.parent, ignore_errors=True)
        result.rename(place.parent)
        progress.ended(time.monotonic() - started)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _run(
    source: GoModule, go: Go, target: Path, environ: Mapping[str, str], progress: Progress
) -> str | None:
    """Run ``go build``; what went wrong in one line, or ``None``."""
    temporary = target.parent.with_name("tmp")
    temporary.mkdir()
    command = [go.path, "build", "-v", *source.flags, "-o", target, source.package]
    # A session of its own: Go starts compilers, and all of them are stopped together. Where this
    # process is killed, Go's next line meets a closed pipe, which ends it.
    with subprocess.Popen(
        command,
        cwd=source.folder,
        env=go_environment(environ) | {"GOTMPDIR": str(temporary)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            complaints = progress.follow(cast("IO[str]", process.stderr))
            code = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if code == 0 and target.is_file():
        return None
    return _problem(complaints, code)


def _problem(lines: list[str], code: int) -> str:
    for words, meaning in _CAUSES.items():
        for line in lines:
            if words.lower() in line.lower():
                return f"{meaning} ({line})"
    return lines[0] if lines else f"go build ended with exit code {code}"


def _write_through(file: Path) -> None:
    """See that a file is on the disk before its folder gets the name that counts."""
    with file.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def _locked(folder: Path, title: str, say: Callable[[str], None]) -> Generator[None]:
    """Let one process at a time build."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another process is building {title} already: waiting for that one")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unwritable(folder: Path, error: OSError) -> str:
    return (
        f"the cache folder {folder} cannot be written ({error.strerror}):"
        " let XDG_CACHE_HOME name a folder that can be"
    )
