"""What AWS answered, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from stacks.lookups.found import NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer.

    Attributes:
        call: the operation that was called, such as ``s3:GetBucketVersioning``.
        of: what it was asked about.
        at: when it was answered, in UTC.
        value: what AWS answered; None where it answered that there is none, or did not answer.
        error: why there is no answer; empty where there is one.
    """

    call: str
    of: str
    at: datetime
    value: Any = None
    error: str = ""


NOT_ASKED = Answer(call="", of="", at=datetime.fromtimestamp(0, UTC), error="it was not asked")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The hours of one account and region that a digest file is named for.

    Attributes:
        account: the account, 12 digits.
        region: the region.
        hours: bit n is set where hour n of the period has a digest.
        error: why the digests could not be listed; empty where they were.
    """

    account: str
    region: str
    hours: int = 0
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that AWS answered.

    Attributes:
        started: when the first question was asked.
        start: the first hour of the coverage.
        hours: how many hours it has.
        answers: by what they are about, such as ``bucket.versioning``.
        places: where digests were looked for.
    """

    started: datetime
    start: datetime
    hours: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    places: tuple[Place, ...] = ()

    def __getitem__(self, key: str) -> Answer:
        """An answer; one that says so where it was not asked for."""
        return self.answers.get(key, NOT_ASKED)

    def value(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - what AWS answers
        """The value of an answer, or the default where there is none."""
        found = self[key].value
        return default if found is None else found

    def below(self, prefix: str) -> dict[str, Answer]:
        """The answers whose names begin so, by the rest of their names."""
        return {
            key.removeprefix(prefix): answer
            for key, answer in self.answers.items()
            if key.startswith(prefix)
        }


def ask(
    call: str,
    of: str,
    question: Callable[[], Any],
    absent: Collection[str] = (),
) -> Answer:
    """Ask, and keep the answer or why there is none.

    Args:
        call: the operation that is called.
        of: what it is asked about.
        question: the call.
        absent: error codes by which AWS answers that there is none.
    """
    try:
        value = question()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        why = "" if code in absent else str(error)
        return Answer(call=call, of=of, at=_now(), error=why)
    except NO_ANSWER as error:
        return Answer(call=call, of=of, at=_now(), error=str(error))
    return Answer(call=call, of=of, at=_now(), value=value)


def failed(call: str, of: str, error: object) -> Answer:
    """An answer that says why the question was not even asked."""
    return Answer(call=call, of=of, at=_now(), error=str(error))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
