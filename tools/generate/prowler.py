"""The page of the policy pack and Prowler: what is about the same, and where they differ."""

from collections.abc import Iterator
from pathlib import Path

from tests.oracle.pairs import PAIRS
from tests.oracle.pairs.pair import Difference, Pair
from tests.oracle.pairs.unpaired import UNPAIRED
from tests.oracle.scanning import VERSION

PAGE = Path(__file__).parents[2] / "docs/prowler.md"


def files() -> dict[Path, str]:
    """The page, by its path."""
    return {PAGE: page()}


def page() -> str:
    """The page in Markdown."""
    return "\n".join(
        [
            _INTRODUCTION.format(version=VERSION),
            *(_row(_rules(pair), _code(pair.checks)) for pair in PAIRS),
            _DIFFERENCES,
            *(line for pair in PAIRS for line in _differences(pair)),
            _UNPAIRED,
            *(_row(f"`{check}`", why) for check, why in UNPAIRED.items()),
            _FILTERS,
        ]
    )


def _differences(pair: Pair) -> Iterator[str]:
    for each in pair.differences:
        yield _row(_code(pair.checks), _where(each), each.pack, each.prowler, _why(each))


def _where(difference: Difference) -> str:
    return "; ".join(
        f"{part}: {' or '.join(f'*{each}*' for each in choices)}"
        for part, choices in difference.where.items()
    )


def _why(difference: Difference) -> str:
    link = f" [AWS]({difference.source})" if difference.source else ""
    return f"{difference.because}{link}"


def _rules(pair: Pair) -> str:
    return ", ".join(f"[{rule}](policies.md#{rule})" for rule in pair.rules)


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


_INTRODUCTION = """\
<!-- Written by `make generate`. -->

# The policy pack and Prowler

Both look at the same settings: the pack at a program, before anything is made, and
[Prowler](https://github.com/prowler-cloud/prowler) at an account, afterwards. Every night programs
of many shapes are evaluated by the pack, deployed in the sandbox, each to an account of its own,
and checked there by Prowler {version} (`.venv/bin/pytest -n 0 -m slow tests/oracle`). The two say
the same but for the differences below: one that is not listed here, or is listed and not found,
fails the test.

## The same subject

All rules of a row pass where all its checks do.

| rules | checks |
|---|---|"""

_DIFFERENCES = """
## Where they differ

| check | where a program says | pack | Prowler | why |
|---|---|---|---|---|"""

_UNPAIRED = """
## What only Prowler checks

| check of CloudTrail, S3 or KMS | why no rule does |
|---|---|"""

_FILTERS = """
Prowler's checks of CloudWatch metric filters are not compared here: they look for patterns in the
text of a filter. One of them wants its two clauses in one order, though either is the same filter:
`findings/prowler-filter-order.sh` shows it.
"""
