"""A report in a terminal, or in the log of a CI job."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table
from terminal import make_console, printable

from posture.report import WORST_FIRST, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.compare import Change
    from posture.report import Report

COLOURS = {
    State.GOOD: "green",
    State.ATTENTION: "yellow",
    State.BAD: "red",
    State.UNKNOWN: "magenta",
    State.OFF: "dim",
}
SHOWN = (State.BAD, State.UNKNOWN, State.ATTENTION)
"""The states whose checks are listed; the others are counted."""


def show(report: Report, changed: Sequence[Change] | None = None) -> None:
    """Print the guide's lines, what is not as meant, and what changed."""
    console = make_console()
    guide = Table("step", "the guide asks for", "state", box=None, pad_edge=False)
    for line in report.guide:
        guide.add_row(line.step, line.text, f"[{COLOURS[line.state]}]{line.state}[/]")
    console.print(guide)
    for state in SHOWN:
        for check in report.checks:
            if check.state is state:
                text = (
                    f"\n{printable(check.id)}: {printable(check.title)}\n  {printable(check.says)}"
                )
                console.print(text, style=COLOURS[state], markup=False, soft_wrap=True)
    if changed is not None:
        console.print(f"\n{len(changed)} changes since the other report", markup=False)
        for change in changed:
            before = f"{change.before.state}: {change.before.says}" if change.before else "-"
            after = f"{change.after.state}: {change.after.says}" if change.after else "-"
            lines = [change.check.id, f"  before: {before}", f"  now:    {after}"]
            text = "\n".join(f"  {printable(line)}" for line in lines)
            style = "red" if change.is_worse else "green"
            console.print(text, style=style, markup=False, soft_wrap=True)
    counted = Counter(check.state for check in report.checks)
    console.print(
        "\n" + ", ".join(f"{counted[state]} {state}" for state in WORST_FIRST if counted[state]),
        style=COLOURS[report.state],
        markup=False,
        soft_wrap=True,
    )
