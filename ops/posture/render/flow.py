"""The picture of an event's way: where its stations stand, and how they are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.report import Node

WIDTH, HEIGHT = 888, 344
BOX_WIDTH, BOX_HEIGHT = 178, 64
CALL = (12, 140)
"""Where the call itself stands, which has no state."""
_CALL_WIDTH = 116
_UNDER = 328
"""The height of the line below all stations."""
_FITS = 22
"""Characters of a station's detail that fit into its box."""

_AT: dict[str, tuple[int, int]] = {
    "guardrails": (226, 24),
    "key": (462, 24),
    "digests": (698, 24),
    "trail": (226, 140),
    "bucket": (462, 140),
    "replica": (698, 140),
    "rules": (226, 238),
    "alarms": (462, 238),
    "people": (698, 238),
}
"""The upper left corner of each station."""

_DOWN, _RIGHT, _TURN, _BELOW = range(4)
_JOINED = (
    ("guardrails", "trail", _DOWN),
    ("key", "bucket", _DOWN),
    ("trail", "bucket", _RIGHT),
    ("bucket", "replica", _RIGHT),
    ("bucket", "digests", _TURN),
    ("trail", "alarms", _TURN),
    ("alarms", "people", _RIGHT),
    ("rules", "people", _BELOW),
)
"""Which stations are joined, and how the line runs."""


class Box(NamedTuple):
    """A station as it is drawn.

    Attributes:
        node: the station.
        x: its left.
        y: its top.
        detail: its detail, as much as fits.
    """

    node: Node
    x: int
    y: int
    detail: str


class Line(NamedTuple):
    """A line between two stations.

    Attributes:
        path: the SVG path.
        state: the state of where it begins.
    """

    path: str
    state: str


def boxes(nodes: Sequence[Node]) -> list[Box]:
    """The stations with their places."""
    return [Box(node, *_AT[node.id], _cut(node.detail)) for node in nodes]


def _cut(text: str) -> str:
    return text if len(text) <= _FITS else f"{text[: _FITS - 1]}…"


def lines(nodes: Sequence[Node]) -> list[Line]:
    """The lines, each coloured by the state of the station that it leaves."""
    by_id = {node.id: node for node in nodes}
    x, y = CALL
    middle, start = y + BOX_HEIGHT // 2, x + _CALL_WIDTH
    below = _AT["rules"][1] + BOX_HEIGHT // 2
    return [
        Line(f"M{start} {middle}H{_AT['trail'][0] - 7}", "plain"),
        Line(f"M{x + _CALL_WIDTH // 2} {middle + 24}V{below}H{_AT['rules'][0] - 7}", "plain"),
        *(Line(_path(one, other, how), by_id[one].state) for one, other, how in _JOINED),
    ]


def _path(one: str, other: str, how: int) -> str:
    (x1, y1), (x2, y2) = _AT[one], _AT[other]
    right, half = x1 + BOX_WIDTH, BOX_HEIGHT // 2
    if how == _DOWN:
        return f"M{x1 + BOX_WIDTH // 2} {y1 + BOX_HEIGHT}V{y2 - 7}"
    if how == _RIGHT:
        return f"M{right} {y1 + half}H{x2 - 7}"
    if how == _TURN:
        return f"M{right} {y1 + half}H{right + 22}V{y2 + half}H{x2 - 7}"
    down, up = x1 + BOX_WIDTH // 2, x2 + BOX_WIDTH // 2
    return f"M{down} {y1 + BOX_HEIGHT}V{_UNDER}H{up}V{y2 + BOX_HEIGHT + 7}"
