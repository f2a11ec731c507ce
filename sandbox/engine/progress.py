"""How a build with Go gets on, from what Go prints of it."""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 15.0
"""Seconds between two lines."""

_KEPT = 40
"""Lines of Go's that are kept for the message of a build that fails."""


class Progress:
    """Counts what Go says, and says it in a line now and then."""

    def __init__(self, title: str, say: Callable[[str], None]) -> None:
        """Say that it begins."""
        self._title, self._say = title, say
        self._fetched = self._compiled = 0
        say(f"{title}, once for all your projects: it takes minutes")

    def follow(self, stream: IO[str]) -> list[str]:
        """Follow ``go build -v`` until it closes its stderr, and return what it complained of."""
        lines: SimpleQueue[str | None] = SimpleQueue()
        reader = Thread(target=_read, args=(stream, lines), daemon=True)
        reader.start()
        complaints: list[str] = []
        started = said = time.monotonic()
        while True:
            now = time.monotonic()
            if now - said >= EVERY:
                said = now
                self._say(f"{self._title}: {self._counts()}, {duration(now - started)}")
            try:
                line = lines.get(timeout=max(0.0, said + EVERY - now))
            except Empty:
                continue
            if line is None:
                return complaints
            self._count(line, complaints)

    def ended(self, seconds: float) -> None:
        """Say how long it took."""
        self._say(f"{self._title}: done in {duration(seconds)}, {self._counts()}")

    def _count(self, line: str, complaints: list[str]) -> None:
        if line.startswith("go: downloading "):
            self._fetched += 1
        elif " " not in line and line:
            self._compiled += 1
        elif not line.startswith("# ") and line and len(complaints) < _KEPT:
            complaints.append(line)

    def _counts(self) -> str:
        fetched = f"{self._fetched:,} modules fetched, " if self._fetched else ""
        return f"{fetched}{self._compiled:,} packages compiled"


def duration(seconds: float) -> str:
    """A duration for people, such as ``4 min 7 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _read(stream: IO[str], lines: SimpleQueue[str | None]) -> None:
    for line in stream:
        lines.put(line.strip())
    lines.put(None)
