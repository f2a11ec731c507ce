"""The table of attempts in the threat model, from the table of operations."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from cloudtrail_guard.operations import OPERATIONS, Harm, Operation, Target

from generate.operations import CHECKOUT, seen_by

PAGE = CHECKOUT / "docs/threat-model.md"
BEGIN = "<!-- Written by `make generate`: the attempts. -->\n"
END = "<!-- The end of what is written. -->\n"

_EACH_DOCUMENT = "tests/enforcement/test_operations.py::test_each_document_denies_the_operation"
_EACH_KIND = (
    "tests/enforcement/test_worst_calls.py"
    "::test_a_members_administrator_is_refused_by_each_kind_alone"
)
_TRIED_BY: Mapping[Target, str] = {
    Target.TRAIL: _EACH_KIND,
    Target.OBJECTS: _EACH_KIND,
    Target.BUCKET: _EACH_KIND,
    Target.KEY: _EACH_KIND,
    Target.BREAK_GLASS_SESSION: (
        "tests/enforcement/test_worst_calls.py::test_no_deployer_becomes_break_glass"
    ),
    Target.EXEMPT_ROLE: (
        "tests/enforcement/test_worst_calls.py::test_no_administrator_becomes_break_glass"
    ),
}
"""The tests that try calls on a target in the sandbox, besides the one of every operation."""


def attempts() -> str:
    """One row for what is done to one target with one harm, in the table's order."""
    ordered = sorted(OPERATIONS, key=lambda each: (_TARGETS[each.target], _HARMS[each.harm]))
    rows = [
        _row(target, harm, list(found))
        for (target, harm), found in groupby(ordered, key=lambda each: (each.target, each.harm))
    ]
    return "\n".join(
        [
            "| attempt | by calling | denied to everyone but | by | seen by | tried by |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


_TARGETS = {target: place for place, target in enumerate(Target)}
_HARMS = {harm: place for place, harm in enumerate(Harm)}


def _row(target: Target, harm: Harm, found: list[Operation]) -> str:
    cells = (
        f"{target}: {harm}",
        ", ".join(f"`{each.action}`" for each in found),
        ", ".join(dict.fromkeys(each.allowed for each in found)),
        ", ".join(sorted({document for each in found for document in each.denied_in})),
        ", ".join(dict.fromkeys(by for each in found for by in seen_by(each))),
        ", ".join(_link(test) for test in _tests(target)),
    )
    return f"| {' | '.join(cells)} |"


def _tests(target: Target) -> Iterable[str]:
    yield _EACH_DOCUMENT
    if target in _TRIED_BY:
        yield _TRIED_BY[target]


def _link(test: str) -> str:
    path, _, name = test.partition("::")
    return f"[`{name}`](../{path})"


def page() -> str:
    """The page with the table as it is now; the rest of it stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{attempts()}\n{END}{after}"


def files() -> dict[Path, str]:
    """What is written."""
    return {PAGE: page()}
