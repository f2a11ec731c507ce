"""The page and the drawing of how what users wait for has changed, from what the gate recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHECKOUT = Path(__file__).parents[2]
HISTORY = CHECKOUT / "bench/history.json"
PAGE = CHECKOUT / "docs/speed.md"
DRAWING = CHECKOUT / "docs/drawings/speed.svg"

_LEFT, _RIGHT, _TOP, _ROW = 220, 700, 56, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a command costs, as multiples of the first revision that had it.

    Attributes:
        name: the command.
        points: the number of the entry, and the cost.
    """

    name: str
    points: Sequence[tuple[int, float]]


def files() -> dict[Path, str]:
    """The page and the drawing, by their paths."""
    entries = json.loads(HISTORY.read_text(encoding="utf-8"))
    return {PAGE: page(entries), DRAWING: draw(entries).svg()}


def lines(entries: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The costs of each command: each entry has ratios to the entry before.

    Args:
        entries: as in `bench/history.json`, the oldest first.
    """
    costs: dict[str, list[tuple[int, float]]] = {}
    for number, entry in enumerate(entries):
        for name, ratio in entry["ratios"].items():
            points = costs.setdefault(name, [(max(number - 1, 0), 1.0)])
            points.append((number, points[-1][1] * ratio))
    return [Line(name=name, points=points) for name, points in costs.items()]


def draw(entries: Sequence[Mapping[str, Any]]) -> Drawing:
    """A row for each command."""
    found = lines(entries)
    height = _TOP + _ROW * len(found) + 36
    drawing = Drawing("speed", 800, height, "CPU time of what users wait for, by date")
    drawing.text(20, 32, "CPU time, as multiples of the first measurement", "head")
    step = (_RIGHT - _LEFT) / max(len(entries) - 1, 1)
    for row, line in enumerate(found):
        _draw_line(drawing, line, _TOP + _ROW * row, step)
    for number, entry in enumerate(entries):
        drawing.text(round(_LEFT + step * number), height - 14, entry["date"], "middle soft small")
    return drawing


def _draw_line(drawing: Drawing, line: Line, top: int, step: float) -> None:
    most = max(cost for _, cost in line.points)
    places = [
        (round(_LEFT + step * number), round(top + _ROW - 14 - 38 * cost / most), cost)
        for number, cost in line.points
    ]
    base = top + _ROW - 14
    drawing.text(20, base - 14, line.name)
    drawing.parts.append(f'<path class="frame" d="M{_LEFT} {base}H{_RIGHT}"/>')
    path = "L".join(f"{x} {y}" for x, y, _ in places)
    drawing.parts.append(f'<path class="line" d="M{path}"/>')
    for x, y, cost in places:
        drawing.parts.append(f'<circle class="blue" cx="{x}" cy="{y}" r="4"/>')
        drawing.text(x + 8, y - 5, f"{cost:.2f}", "soft small")


def page(entries: Sequence[Mapping[str, Any]]) -> str:
    """The page in Markdown."""
    names = list(dict.fromkeys(name for entry in entries for name in entry["ratios"]))
    rows = [
        f"| {entry['date']} | `{entry['revision']}` | "
        + " | ".join(
            f"{entry['ratios'][name]:.2f}" if name in entry["ratios"] else "" for name in names
        )
        + " |"
        for entry in entries
    ]
    head = f"| date | revision | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}"
    return _PAGE.format(table="\n".join([head, *rows]))


_PAGE = """<!-- Written by `make generate`. -->

# Speed

Users wait for the policy pack in every preview, for `pulumi up`, for the proof of the logs and for
the sandbox. A change that makes one of them slower does not pass: `bench/gate.py` runs this
revision and the one before it in turn, and compares the medians of the CPU seconds of all their
processes. It says that something is slower where the median has grown by more than a tenth and even
the fastest run was slower than the median before.

![CPU time of what users wait for, as multiples of the first measurement](drawings/speed.svg)

Each entry is measured beside the one before it, and has the ratio to it:

{table}

```sh
.venv/bin/python bench/gate.py --base main
```

The benchmarks compare with others, in one run as well, each with the goal that it must reach:

| command | beside |
|---|---|
| `python bench/integrity.py` | `aws cloudtrail validate-logs`, and the revision before |
| `python bench/pack.py` | no policy pack, a no-op pack in Python, and a bare gRPC server |
| `python bench/deploy.py` | an empty program, and one of the resources alone |
| `python bench/posture.py` | organizations of different sizes |
"""
