"""The processes that a host starts; none outlives the call that it was started for, or the host."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import grpc

_GRACE = 1.0
"""Seconds that a plugin may run on when its call was cancelled."""

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_stopping = threading.Event()


@dataclass(frozen=True)
class Command:
    """What to start.

    Attributes:
        arguments: the program and its arguments.
        directory: where it runs.
        environment: its whole environment.
    """

    arguments: Sequence[str | Path]
    directory: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Output:
    """Bytes that a process wrote."""

    stream: Literal["stdout", "stderr"]
    data: bytes


class Child:
    """A process in a group of its own, ended when the engine cancels the call."""

    def __init__(
        self, command: Command, context: grpc.ServicerContext, *, captured: bool = True
    ) -> None:
        """Start it.

        Args:
            command: what to start.
            context: the call that it works for.
            captured: whether its output is read here; otherwise it goes where the host's goes.

        Raises:
            OSError: it cannot be started.
        """
        pipe = subprocess.PIPE if captured else None
        self._process = subprocess.Popen(
            [str(argument) for argument in command.arguments],
            cwd=command.directory,
            env=dict(command.environment),
            stdin=subprocess.PIPE,
            stdout=pipe,
            stderr=pipe,
            process_group=0,
        )
        with _lock:
            _running.add(self._process)
        # The engine cancels the call of a plugin while it still says goodbye to the plugin itself:
        # one that is gone by then is reported to the user as a bug of its author.
        end = self._end_soon if captured else self.end
        if not context.add_callback(end):
            self.end()  # the call was cancelled before

    def end(self) -> None:
        """End it and what it started, if it still runs."""
        _kill(self._process)

    def _end_soon(self) -> None:
        timer = threading.Timer(_GRACE, self.end)
        timer.daemon = True
        timer.start()

    def send(self, data: bytes) -> None:
        """Write its whole standard input."""
        stdin = self._process.stdin
        # One that ended without reading says why by its exit code.
        with suppress(BrokenPipeError):
            if stdin:
                with stdin:
                    stdin.write(data)

    def wait(self) -> int:
        """Wait for its end; the exit code, or -n if signal n ended it.

        It never comes back for one that ends because the host does: the engine would tell the user
        of a plugin that ended too early.
        """
        code = self._process.wait()
        if _stopping.is_set():
            threading.Event().wait()
        with _lock:
            _running.discard(self._process)
        return code

    def output(self) -> Iterator[Output]:
        """What it writes, as it comes, until both of its streams end."""
        written: queue.Queue[Output | None] = queue.Queue()
        open_streams = 0
        for name, stream in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            threading.Thread(target=_read, args=(name, stream, written), daemon=True).start()
            open_streams += 1
        while open_streams:
            item = written.get()
            if item is None:
                open_streams -= 1
            else:
                yield item


def end_all() -> None:
    """End every process that was started and still runs, because the host ends."""
    _stopping.set()
    with _lock:
        left = list(_running)
    for process in left:
        _kill(process)


def signal_name(code: int) -> str:
    """The name of the signal that ended a process, from its negative exit code."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _read(
    name: Literal["stdout", "stderr"],
    stream: IO[bytes],
    written: queue.Queue[Output | None],
) -> None:
    """Hand on what comes, in the pieces in which it comes."""
    with stream:
        while data := os.read(stream.fileno(), 65_536):
            written.put(Output(name, data))
    written.put(None)
