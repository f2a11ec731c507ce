"""The page of drift: each act of tampering, what sees it, and what undoes it."""

from collections.abc import Iterator
from pathlib import Path

from cloudtrail_guard.operations import OPERATIONS, Operation, Target

from generate.operations import CHECKOUT, seen_by
from tests.drift.act import Act
from tests.drift.acts import ACTS
from tests.drift.untried import UNTRIED

PAGE = CHECKOUT / "docs/drift.md"

_ADMINISTRATORS = "administrators of the management account"


def files() -> dict[Path, str]:
    """The page, by its path."""
    return {PAGE: page()}


def page() -> str:
    """The page in Markdown."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_summary(),
            *(line for target in Target for line in _section(target)),
            _UNTRIED,
            *_untried(),
            "",
        ]
    )


def _summary() -> Iterator[str]:
    yield "| acts on | acts | a preview shows | `up` undoes | people, then `up` | `up` does not |"
    yield "|---|---|---|---|---|---|"
    counted = [(target, [act for act in ACTS if act.on is target]) for target in Target]
    for name, acts in [*((target, acts) for target, acts in counted if acts), ("**all**", ACTS)]:
        counts = (
            len(acts),
            sum(bool(act.shows) for act in acts),
            sum(bool(act.shows and not act.undo) for act in acts),
            sum(bool(act.shows and act.undo) for act in acts),
            sum(not act.shows for act in acts),
        )
        yield f"| {name} | {' | '.join(map(str, counts))} |"
    yield ""


def operations_of(act: Act) -> list[Operation]:
    """The entries of the table of operations that an act takes."""
    return [each for each in OPERATIONS if each.target is act.on and each.action in act.actions]


def _section(target: Target) -> Iterator[str]:
    acts = [act for act in ACTS if act.on is target]
    if not acts:
        return
    yield f"## {target[0].upper()}{target[1:]}\n"
    heads = ("act", "by calling", "who could", "preview shows", "rules and alarms", "posture")
    yield f"| {' | '.join(heads)} | undone by |"
    yield "|---|---|---|---|---|---|---|"
    for act in acts:
        yield f"| {' | '.join(_cells(act))} |"
    yield ""


def _cells(act: Act) -> Iterator[str]:
    of = operations_of(act)
    yield f"{act.name} ({act.note})" if act.note else act.name
    yield ", ".join(f"`{action}`" for action in act.actions)
    allowed = dict.fromkeys(str(each.allowed) for each in of)
    yield ", ".join([*allowed, *([_ADMINISTRATORS] if act.stack == "management" else [])])
    yield f"`{act.shows.removesuffix('-{root}')}`" if act.shows else "nothing"
    yield ", ".join(dict.fromkeys(by for each in of for by in seen_by(each)))
    yield ", ".join(f"`{check}`" for check in act.posture.split())
    yield _undone(act, answered=any(each.undone for each in of))


def _undone(act: Act, *, answered: bool) -> str:
    response = "the tamper response" if answered else ""
    if not act.shows:
        return f"{response or 'nothing'}: {act.why}"
    if act.undo:
        return f"people, then `up`: {act.why}"
    return ", ".join(filter(None, ("`up`", response)))


def _untried() -> Iterator[str]:
    yield "| why a preview shows nothing | actions |"
    yield "|---|---|"
    for why, targets in UNTRIED.items():
        actions = dict.fromkeys(each for listed in targets.values() for each in listed.split())
        yield f"| {why} | {', '.join(f'`{action}`' for action in actions)} |"


_INTRODUCTION = """\
<!-- Written by `make generate`. -->

# Drift

What is done to a deployed stack out of band, by those whom no document stops: what
`pulumi preview --refresh` shows of it, what else sees it, and whether `pulumi up --refresh` undoes
it. Without a refresh Pulumi compares the program with its own state and shows nothing of the kind;
the workflow `drift.yml` refreshes [every night](workflows.md).

Each act is done in the sandbox, on both stacks with everything that the settings switch on:
`make test-slow` makes every line again
([`test_an_act_is_seen_and_undone_as_the_table_says`](../tests/drift/test_acts.py)). The resource
named under "preview shows" is the one that differs; "posture" has the checks of the
[report](how-to/posture.md) that change; rules, alarms and the tamper response are those of
[Detection](detection.md). What a stack does not switch on (Security Hub, the tamper response) it
neither shows nor undoes.
"""

_UNTRIED = """\
## Without an act

Actions of the [table of operations](operations.md) that no act above takes, each with the reason
why a preview would show nothing. Event rules, alarms and queries see most of them: that table says
which.
"""
