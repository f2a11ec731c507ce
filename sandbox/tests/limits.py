"""How long a test waits for what must come about."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 900.0
"""Seconds after which a test takes a thing for hung.

It says nothing about speed: a machine that is busy with other work may take many times as long as a
free one. What asserts a speed is a benchmark (``bench``)."""


def heed_ctrl_c() -> None:
    """Let tests, and the processes that they start, end by SIGINT.

    What a shell starts in the background ignores it, and so does all that it starts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def runs(process_id: int) -> bool:
    """Whether a process runs; one that was killed may wait for init to reap it."""
    state = Path("/proc", str(process_id), "stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
