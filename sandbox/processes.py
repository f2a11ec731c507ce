"""Running one command to its end, with everything that it started.

Signals go to the command; nothing that it started outlives it. The second part needs Linux, where
a process can ask to inherit the orphans of its descendants: the Pulumi engine starts its plugins
in process groups of their own, and when it is killed they would stay.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from types import FrameType

    _Handler: TypeAlias = Callable[[int, FrameType | None], None]

_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL for what the command left behind."""

SIGNAL_EXIT = 128
"""What a shell adds to a signal's number to make an exit code of it."""


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command in the current folder, and wait for it.

    Args:
        command: the program and its arguments.
        environment: its whole environment.

    Returns:
        Its exit code; 128 + n when signal n ended it.

    Raises:
        OSError: the program cannot be started.
    """
    _inherit_orphans()
    try:
        with _Forwarding() as forwarding:
            process = subprocess.Popen(command, env=dict(environment))
            forwarding.to(process)
            code = process.wait()
    finally:
        _end_descendants()
    return code if code >= 0 else SIGNAL_EXIT - code


@contextmanager
def exiting_on_signals() -> Generator[None]:
    """Turn SIGTERM and SIGHUP into an orderly exit, so that contexts are left."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(SIGNAL_EXIT + number)

    with _handling({signal.SIGTERM: leave, signal.SIGHUP: leave}):
        yield


class _Forwarding(ExitStack):
    """While it lasts, signals go to the command; those that come before it runs wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[int] = []
        self.enter_context(_handling(dict.fromkeys(_FORWARDED, self._forward)))

    def to(self, process: subprocess.Popen[bytes]) -> None:
        """Name the command."""
        self._process = process
        for number in self._waiting:
            process.send_signal(number)

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        if self._process is None:
            self._waiting.append(number)
        # A terminal sends its signals to the whole foreground group, the command included.
        elif number not in {signal.SIGINT, signal.SIGQUIT} or not _is_foreground():
            self._process.send_signal(number)


@contextmanager
def _handling(handlers: Mapping[signal.Signals, _Handler]) -> Generator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_foreground() -> bool:
    """Whether this process is in the foreground group of a terminal."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _inherit_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_descendants() -> None:
    """End what is left of the command: first politely."""
    deadline = time.monotonic() + _GRACE
    asked: set[int] = set()
    while left := _descendants():
        for process_id in left:
            if time.monotonic() > deadline:
                _send(process_id, signal.SIGKILL)
            elif process_id not in asked:
                _send(process_id, signal.SIGTERM)
                asked.add(process_id)
        time.sleep(0.02)


def _descendants() -> list[int]:
    """The processes below this one that still run; those that ended are reaped on the way."""
    if sys.platform != "linux":
        return []
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # "pid (name) state parent ...", and the name may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found: list[int] = []
    level = [os.getpid()]
    while level:
        level = [child for parent in level for child in children.get(parent, [])]
        found += level
    return found


def _send(process_id: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, number)
