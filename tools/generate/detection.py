"""The page of what sees each operation of the table, evaluated over the corpus of records."""

from collections.abc import Iterator
from pathlib import Path

from cloudtrail_guard.operations import OPERATIONS, Operation, Target

# Where the evaluation is too: it is of the corpus.
from tests.corpus.coverage import KINDS, REASONS, cell, corpus

PAGE = Path(__file__).parents[2] / "docs" / "detection.md"


def detection_page() -> str:
    """By operation: event rules, alarms, response and queries that see it, or why not."""
    return "\n".join(
        [
            "<!-- Written by `make generate`. -->\n",
            "# Detection\n",
            "What sees each operation of [the table](operations.md), found out by evaluation:",
            f"{len(corpus())} records, each operation allowed and refused, by name and by ARN as",
            "its API takes them, are matched with the patterns of the event rules (those of the",
            "security and the management account) and of the CIS alarms, given to the tamper",
            "response, and searched by the named queries. A test fails where something is not seen",
            "and no reason is known. AWS's own matcher and Trino agree, in `make test-slow`.\n",
            *_summary(),
            "## Why not\n",
            *_reasons(),
            *(line for target in Target for line in _section(target)),
        ]
    )


def _summary() -> Iterator[str]:
    yield "| | sees every record | some | none |"
    yield "|---|---|---|---|"
    recorded = [each for each in OPERATIONS if each.events]
    for kind in KINDS:
        cells = [cell(each, kind) for each in recorded]
        all_of = sum(not each.reasons for each in cells)
        none = sum(not each.catches for each in cells)
        yield f"| {kind} | {all_of} | {len(cells) - all_of - none} | {none} |"
    yield ""


def _reasons() -> Iterator[str]:
    yield "| in the tables | means |"
    yield "|---|---|"
    for word, reason in REASONS.items():
        yield f"| {word} | {reason} |"
    yield ""


def _section(target: Target) -> Iterator[str]:
    yield f"## {target[0].upper()}{target[1:]}\n"
    yield f"| action | {' | '.join(KINDS)} |"
    yield "|---|" + "---|" * len(KINDS)
    for operation in OPERATIONS:
        if operation.target is target:
            yield f"| `{operation.action}` | {' | '.join(_text(operation, k) for k in KINDS)} |"
    yield ""


def _text(operation: Operation, kind: str) -> str:
    found = cell(operation, kind)
    catches = ", ".join(f"`{each}`" for each in found.catches)
    missed = f"not: {', '.join(found.reasons)}" if found.reasons else ""
    return "; ".join(part for part in (catches, missed) if part)


def files() -> dict[Path, str]:
    """What is written."""
    return {PAGE: detection_page()}
