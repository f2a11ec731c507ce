"""Making AWS fail, one call at a time.

    faults = Faults()
    with Sandbox(around=faults) as sandbox:
        ...                               # the calls of an undisturbed act are `faults.calls`
        faults.plan(Fault(7, Kind.LOST))  # what the seventh call of the next act meets

A call is what a program asks for once, however often its SDK asks again: the requests of a call
have one `amz-sdk-invocation-id`, as the SDKs of AWS send it.
Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NoReturn

from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIEnvironment

    from sandbox.aws.call import Call, Reply

ALWAYS: Final = 1_000
"""More attempts than any SDK makes."""

_MESSAGE: Final = "made to fail by the sandbox"


class Kind(StrEnum):
    """What a call may meet."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    """AWS answers that it has an error of its own: status 500."""
    DENIED = "denied"
    TIMED_OUT = "timed out"
    """Nothing is done, and no answer comes until the caller hangs up."""
    RESET = "reset"
    """Nothing is done, and the connection is closed without an answer."""
    LOST = "lost"
    """It is done, but the connection is closed before the answer arrives."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that was asked for."""

    service: str
    """The service's signing name, e.g. ``cloudtrail``."""
    action: str
    region: str
    mutates: bool
    """Whether it is none that only reads, as its name says."""

    def __str__(self) -> str:
        """As IAM has it."""
        return f"{self.service}:{self.action}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call of an act meets."""

    number: int
    """Which call, counted from 1."""
    kind: Kind
    attempts: int = ALWAYS
    """How many of its requests meet it: with 1, an SDK that asks again succeeds. Only the first
    request of a call whose answer is lost is carried out before it gets lost."""


class Faults:
    """Stands around AWS, counts the calls of an act, and makes one of them fail."""

    def __init__(self) -> None:
        """Let everything pass."""
        self.calls: list[Asked] = []
        """The calls of the act so far; the SDK's further requests of a call are not counted."""
        self.met = 0
        """How many requests of the act met the fault."""
        self._fault: Fault | None = None
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    def plan(self, fault: Fault | None = None) -> None:
        """Begin an act: count from 1 again, and let one call meet a fault."""
        with self._lock:
            self.calls, self._numbers, self.met = [], {}, 0
            self._fault = fault

    def meet(self, fault: Fault) -> None:
        """Let a call meet a fault that may be the one being asked for, in an act under way."""
        self._fault = fault

    def before(self, number: int, call: Call) -> None:
        """What happens when a call is asked for the first time; for those who extend this class."""

    def __call__(self, call: Call, answer: Callable[[Call], Reply]) -> Reply:
        """Answer a request, or let it meet the fault."""
        number, again = self._count(call)
        if not again:
            self.before(number, call)
        with self._lock:
            fault = self._fault
            if fault is None or number != fault.number or self.met >= fault.attempts:
                fault = None
            else:
                self.met += 1
            first = self.met == 1
        if fault is None:
            return answer(call)
        if fault.kind is Kind.LOST and first:
            answer(call)
        return _fail(fault.kind, call)

    def _count(self, call: Call) -> tuple[int, bool]:
        """A call's number, and whether it was asked for before."""
        invocation = call.header("amz-sdk-invocation-id")
        with self._lock:
            known = self._numbers.get(invocation) if invocation else None
            if known is not None:
                return known, True
            self.calls.append(Asked(call.service, call.action, call.region, not reads(call.action)))
            number = len(self.calls)
            if invocation:
                self._numbers[invocation] = number
            return number, False


def reads(action: str) -> bool:
    """Whether an action only reads, as its name says."""
    return action.startswith(("Get", "List", "Describe", "Head", "Lookup", "Test"))


def _fail(kind: Kind, call: Call) -> Reply:
    if kind is Kind.TIMED_OUT:
        _wait_for_hang_up(call.environ)
        raise TimeoutError(_MESSAGE)
    if kind in {Kind.RESET, Kind.LOST}:
        _hang_up(call.environ)
    code, status = _answer_of(kind, call)
    return call.error(AwsError(code, _MESSAGE, status))


def _answer_of(kind: Kind, call: Call) -> tuple[str, int]:
    """The code and status of a failure, as the service has them.

    Source: the "common errors" of each service's API reference, and for S3
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    by_target = "HTTP_X_AMZ_TARGET" in call.environ
    refused = HTTPStatus.BAD_REQUEST if by_target else HTTPStatus.FORBIDDEN
    if call.service == "s3":
        return {
            Kind.THROTTLED: ("SlowDown", HTTPStatus.SERVICE_UNAVAILABLE),
            Kind.UNAVAILABLE: ("InternalError", HTTPStatus.INTERNAL_SERVER_ERROR),
            Kind.DENIED: ("AccessDenied", HTTPStatus.FORBIDDEN),
        }[kind]
    return {
        Kind.THROTTLED: (
            "Throttling" if call.style == "query" else "ThrottlingException",
            HTTPStatus.BAD_REQUEST,
        ),
        Kind.UNAVAILABLE: ("InternalFailure", HTTPStatus.INTERNAL_SERVER_ERROR),
        Kind.DENIED: (
            "AccessDeniedException" if call.style == "json" else "AccessDenied",
            refused,
        ),
    }[kind]


def _hang_up(environ: WSGIEnvironment) -> NoReturn:
    """Close the connection at once, by a TCP reset where there is one."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.shutdown(socket.SHUT_RDWR)  # the server's files keep it open after a close
    raise ConnectionResetError(_MESSAGE)


def _wait_for_hang_up(environ: WSGIEnvironment) -> None:
    """Wait until the caller closes the connection, where there is one."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        select.select([connection], [], [])
