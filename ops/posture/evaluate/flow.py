"""The way of an event, from the call to the people who hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.evaluate.checks import counted
from posture.report import Node, State, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.evaluate.meant import Meant
    from posture.report import Alert, Check

STATIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("guardrails", "Guardrails", ("guardrails.", "organization.", "exempt.")),
    ("trail", "Trail", ("trail.",)),
    ("key", "Log key", ("key.",)),
    ("bucket", "Log bucket", ("bucket.",)),
    ("digests", "Digests", ("coverage.",)),
    ("replica", "Replica", ("replica.",)),
    ("alarms", "Alarms", ("alerts.log-group", "alerts.alarm.")),
    ("rules", "Event rules", ("alerts.rule.",)),
    ("people", "Receivers", ("alerts.topic.", "alerts.subscription.")),
)
"""The stations, and the checks that colour them."""


def make_flow(checks: Sequence[Check], alerts: Sequence[Alert], meant: Meant) -> list[Node]:
    """The stations with their states."""
    receivers = [each for each in alerts if each.kind == "subscription"]
    details = {
        "trail": meant.trail_arn.rsplit("/", maxsplit=1)[-1],
        "bucket": meant.bucket or "none",
        "key": (meant.key_arn or "none").rsplit("/", maxsplit=1)[-1],
        "people": counted(len(receivers), "receiver"),
        "guardrails": "refuse harm",
        "digests": "prove each hour",
    }
    nodes: list[Node] = []
    for name, title, prefixes in STATIONS:
        found = [check for check in checks if check.id.startswith(prefixes)]
        failing = [check for check in found if check.state is not State.GOOD]
        nodes.append(
            Node(
                id=name,
                title=title,
                detail=details.get(name, counted(len(found), "check")),
                state=worst([check.state for check in found]),
                checks=[check.id for check in failing],
            )
        )
    return nodes
