"""The policies of bucket and key, statement by statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.evaluate.checks import (
    attention,
    bad,
    evidence,
    good,
    listed,
    make,
    off,
    unanswered,
)
from posture.evaluate.meant import differences, many, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from posture.collect.answers import Answer
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.evaluate.meant import Statement
    from posture.report import Check

_READERS = ("AllowLogReadersList", "AllowLogReadersGet", "AllowLogReadersDecrypt")


def statement_checks(
    answer: Answer,
    name: str,
    wanted: Sequence[Sequence[Statement]],
    ours: frozenset[str] | None = None,
    readers: Sequence[str] | None = None,
) -> Iterator[Check]:
    """A check for each statement that the policy must have, and one for those of others.

    Args:
        answer: the policy.
        name: how the checks' ids begin.
        wanted: the statements that the policy may have; empty where it cannot be said.
        ours: Sids of further statements that may be there. None: no one is meant to read.
        readers: ARNs that are meant to read. None: it is not known who.
    """
    title = "The policy is the one that is meant"
    if problem := unanswered(answer):
        yield make(name, title, problem, [evidence(answer)])
        return
    if not wanted:
        says = (
            "No break-glass role is known, by outputs or policy: it cannot be said what is meant."
        )
        yield make(name, title, bad(says), [evidence(answer)])
        return
    found = {str(each.get("Sid")): each for each in statements(answer.value or {})}
    known = {statement["Sid"] for statement in wanted[0]} | (ours or set())
    for n, statement in enumerate(wanted[0]):
        sid = statement["Sid"]
        verdict = _compared([each[n] for each in wanted], found.get(sid))
        saw = [evidence(answer, lambda _, sid=sid: found.get(sid, f"there is no statement {sid}"))]
        yield make(f"{name}.{sid}", f"Statement {sid}", verdict, saw)
    foreign = [
        each
        for each in statements(answer.value or {})
        if str(each.get("Sid")) not in known and each.get("Effect") == "Allow"
    ]
    names = [str(each.get("Sid", "without a Sid")) for each in foreign]
    yield make(
        f"{name}.others",
        "It grants nothing else",
        attention(f"It also has statements that allow, and are not the product's: {listed(names)}.")
        if foreign
        else good("It has no Allow that is not the product's."),
        [evidence(answer, lambda _: foreign or "none")],
    )
    if ours is None:
        return
    reading = sorted(
        {
            str(arn)
            for sid in _READERS
            for arn in many((found.get(sid, {}).get("Principal") or {}).get("AWS", []))
        }
    )
    yield make(
        f"{name}.readers",
        "Who reads the logs",
        _readers(reading, readers),
        [evidence(answer, lambda _: reading or "none")],
    )


def _readers(found: Sequence[str], wanted: Sequence[str] | None) -> Verdict:
    """The verdict on who may read: others than the stack names are not meant to."""
    if wanted is not None and (strangers := [arn for arn in found if arn not in wanted]):
        return bad(f"It lets read {listed(strangers)}, whom the stack does not name.")
    return good(f"Readers are {listed(found)}.") if found else off("It names no reader.")


def _compared(wanted: Sequence[Statement], found: Statement | None) -> Verdict:
    """The verdict on one statement, which may be any of those that are meant."""
    if found is None:
        return bad("The statement is missing.")
    differing = min((differences(each, found) for each in wanted), key=len)
    if differing:
        return bad(f"The statement is not as meant: {'; '.join(differing)}.")
    return good("The statement is as meant.")
