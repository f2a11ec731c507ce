"""One check: an answer of AWS, and what it means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from posture.report import Check, Evidence, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from posture.collect.answers import Answer, Facts

_AT_MOST = 1_500
"""Characters of an answer that are shown as evidence."""


class Verdict(NamedTuple):
    """What an answer means.

    Attributes:
        state: good or not.
        says: what is, in one sentence. Nothing that changes from hour to hour: reports are compared
            by it.
    """

    state: State
    says: str


def good(says: str) -> Verdict:
    """As meant."""
    return Verdict(State.GOOD, says)


def attention(says: str) -> Verdict:
    """Less than it could be."""
    return Verdict(State.ATTENTION, says)


def bad(says: str) -> Verdict:
    """Not as meant."""
    return Verdict(State.BAD, says)


def unknown(says: str) -> Verdict:
    """AWS did not say."""
    return Verdict(State.UNKNOWN, says)


def off(says: str) -> Verdict:
    """Optional, and not in use."""
    return Verdict(State.OFF, says)


def yes_or(wanted: bool, fine: str, wrong: str) -> Verdict:
    """Good or bad."""
    return good(fine) if wanted else bad(wrong)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A check of one answer.

    Attributes:
        id: the check's id.
        title: what is meant.
        key: the name of the answer.
        decide: what its value means; None is that there is none.
        show: the part of the value that is evidence.
    """

    id: str
    title: str
    key: str
    decide: Callable[[Any], Verdict]
    show: Callable[[Any], Any] = lambda value: value

    def check(self, facts: Facts) -> Check:
        """Apply it. What AWS did not answer is unknown, whatever the rule says."""
        answer = facts[self.key]
        verdict = unanswered(answer) or self.decide(answer.value)
        return make(self.id, self.title, verdict, [evidence(answer, self.show)])


def make(name: str, title: str, verdict: Verdict, saw: Iterable[Evidence] = ()) -> Check:
    """A check whose subject is the first part of its id."""
    return Check(
        id=name,
        subject=name.split(".", maxsplit=1)[0],
        title=title,
        state=verdict.state,
        says=verdict.says,
        evidence=list(saw),
    )


def unanswered(*answers: Answer) -> Verdict | None:
    """That AWS did not answer one of the questions; None if it answered all."""
    failed = next((answer for answer in answers if answer.error), None)
    return failed and unknown(f"AWS did not answer: {failed.error}")


def evidence(answer: Answer, show: Callable[[Any], Any] = lambda value: value) -> Evidence:
    """What was answered, as text."""
    if answer.error:
        saw = answer.error
    elif answer.value is None:
        saw = "AWS answered that there is none"
    else:
        saw = _text(show(answer.value))
    return Evidence(call=answer.call, of=answer.of, at=answer.at, saw=saw)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=1, default=str)
    return text if len(text) <= _AT_MOST else f"{text[:_AT_MOST]} … ({len(text):,} characters)"


def counted(count: int, noun: str) -> str:
    """A number and its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Iterable[object], at_most: int = 6) -> str:
    """Names with commas; the last ones counted where there are many."""
    texts = [str(each) for each in names]
    rest = len(texts) - at_most
    return ", ".join(texts[:at_most]) + (f" and {rest:,} more" if rest > 0 else "")
