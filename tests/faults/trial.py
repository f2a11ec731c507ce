"""One `up` that meets one fault, and what follows: each in a copy of the process."""

from __future__ import annotations

import asyncio
import os
import pickle
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from sandbox.faults import ALWAYS, Fault, Faults, Kind, reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.aws.call import Call, Reply
    from sandbox.faults import Asked


class Killed(SystemExit):
    """The process is killed: nothing catches it, nothing is said."""


class Failed(SystemExit):
    """A resource could not be made: a copy need not see how the program ends."""


class Converged(SystemExit):
    """From here on, everything is as in an undisturbed `up`."""


@dataclass(frozen=True)
class Disturbance:
    """What a call meets: a fault, or the end of the process."""

    name: str
    kind: Kind | None = None
    attempts: int = ALWAYS


KILLED = Disturbance("killed")
LOST_ONCE = Disturbance("lost once", Kind.LOST, 1)
DISTURBANCES = (*(Disturbance(kind.value, kind) for kind in Kind), LOST_ONCE, KILLED)


@dataclass(frozen=True)
class Aftermath:
    """What a failed `up` left, and what came of the next one.

    Attributes:
        open: what was open where it stopped.
        adopted: what had to be adopted.
        problems: how the next `up` did not converge.
    """

    open: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What became of an `up`.

    Attributes:
        number: the call that was disturbed, from 1.
        call: what it was.
        disturbance: what it met.
        error: what the `up` failed with; empty if it did not.
        said: what the program logged.
        left: the state it stopped in; empty if it went on as an undisturbed one.
        aftermath: what it left, and what came of the next one.
        seconds: of CPU that all of this took.
    """

    number: int
    call: Asked
    disturbance: Disturbance
    error: str
    said: tuple[str, ...]
    left: str
    aftermath: Aftermath
    seconds: float = field(default_factory=time.process_time)


class Branching(Faults):
    """Copies the process at each call: in every copy the call meets another disturbance."""

    def __init__(self, disturbances: Iterable[Disturbance] = DISTURBANCES) -> None:
        super().__init__()
        self.disturbances = tuple(disturbances)
        self.chosen: Callable[[int, Asked], bool] = lambda _number, _call: True
        """Which calls are disturbed."""
        self.collect: Callable[[Any], None] | None = None
        """What is done with the answer of a copy; None: the process is not copied."""
        self.prepare: Callable[[], object] = lambda: None
        """What is done before copies are made, so that none of them has to."""
        self.disturbance: Disturbance | None = None
        """What this copy's call meets; None in the process itself."""
        self.number = 0
        self.disturbed = False
        """Whether it has met it."""
        self.changes = 0
        """How many requests may have changed something."""
        self._answer = -1

    def __call__(self, call: Call, answer: Callable[[Call], Reply]) -> Reply:
        def carried_out(call: Call) -> Reply:
            self.changes += not reads(call.action)
            return answer(call)

        try:
            return super().__call__(call, carried_out)
        finally:
            self.disturbed |= self.disturbance is not None and self.met > 0

    def before(self, number: int, call: Call) -> None:  # noqa: ARG002 - it was counted
        if self.collect is None or self.disturbance is not None:
            return
        if not self.chosen(number, self.calls[number - 1]):
            return
        self.prepare()
        for each in self.disturbances:
            if self.branch(each, number):
                if each.kind is None:
                    self.disturbed = True
                    raise Killed("killed")
                self.meet(Fault(number, each.kind, each.attempts))
                return

    def branch(self, disturbance: Disturbance, number: int = 0) -> bool:
        """Copy the process; whether this is the copy. The other waits for its answer."""
        reads, writes = os.pipe()
        loop = asyncio.get_running_loop() if _runs() else None
        child = os.fork()
        if child == 0:
            # A copy of a process has no event loop, unless it is given it.
            if loop is not None:
                asyncio.set_event_loop(loop)
                asyncio._set_running_loop(loop)  # noqa: SLF001
            os.close(reads)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where asyncio laments what it lost
            self.disturbance, self.number, self._answer = disturbance, number, writes
            return True
        os.close(writes)
        answer = _answered(reads, child)
        if self.collect is not None:
            self.collect(answer)
        return False

    def answer(self, make: Callable[[], object]) -> NoReturn:
        """End this copy with an answer."""
        _end(self._answer, make)


def _runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def in_copy(act: Callable[[], Any]) -> Any:
    """What an act returns that is done in a copy of the process, and in no other."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _end(writes, act)
    os.close(writes)
    return _answered(reads, child)


def _answered(reads: int, child: int) -> Any:
    """What a copy answers.

    Raises:
        AssertionError: it broke; the message is its traceback.
    """
    with os.fdopen(reads, "rb") as pipe:
        done, answer = pickle.loads(pipe.read())  # noqa: S301 - of this very process
    os.waitpid(child, 0)
    assert done, answer
    return answer


def _end(writes: int, make: Callable[[], object]) -> NoReturn:
    try:
        answer = True, make()
    except BaseException:  # noqa: BLE001 - whatever it is, it goes to the process that waits
        answer = False, traceback.format_exc()
    with os.fdopen(writes, "wb") as pipe:
        pipe.write(pickle.dumps(answer))
    os._exit(0)
