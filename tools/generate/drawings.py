"""The drawings of the concepts, from the table of operations, the outputs and the detections."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from cloudtrail_guard.detection.metric_filters import METRIC_FILTERS
from cloudtrail_guard.operations import OPERATIONS, Document, Target

from generate.drawing import Drawing
from generate.operations import seen_by
from stacks.outputs import SecurityOutputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = Path(__file__).parents[2] / "docs/drawings"

STACKS: Final[Mapping[str, Sequence[str]]] = {
    "security": (
        "LogEncryptionKey",
        "LogBucket",
        "AccessLogBucket",
        "LogBucketReplica",
        "LogReaders",
        "LogQueries",
        "AlertBus",
        "DeliveryAlarms",
    ),
    "management": (
        "Trail",
        "Guardrails",
        "IamProtection",
        "TrailAlarms",
        "TamperAlerts",
        "AlertTopic",
    ),
}
"""The main components of the two stacks, as their committed files deploy them."""

_SHOWN: Final = ("bucket_name", "key_arn", "trail_name", "trail_arn", "break_glass_role_arns")
"""The outputs that the drawing names; the others it counts."""


def accounts() -> Drawing:
    """Which stack is in which account, and what passes between them."""
    drawing = Drawing("accounts", 800, 470, "The accounts of an organization, and their stacks")
    drawing.frame(12, 12, 776, 372, "organization")
    drawing.box((34, 50, 250, 178), "security account", ["stack security"], "green")
    _names(drawing, 47, 120, STACKS["security"])
    drawing.box((516, 50, 250, 178), "management account", ["stack management"], "blue")
    _names(drawing, 529, 120, STACKS["management"])
    drawing.arrow("M284 92H508")
    drawing.text(396, 84, "outputs: names, ARNs", "middle soft small")
    drawing.arrow("M516 150H292")
    drawing.text(400, 142, "organization trail writes logs", "middle soft small")
    drawing.arrow("M516 204H292", broken=True)
    drawing.text(400, 196, "forwards tamper alerts", "middle soft small")
    drawing.box(
        (34, 290, 350, 72), "member account", ["stack workload: a trail of its own data events"]
    )
    drawing.box(
        (416, 290, 350, 72), "member accounts of an OU", ["MemberTrails: the same in each of them"]
    )
    drawing.arrow("M641 228V282", broken=True)
    drawing.text(651, 259, "SCPs, RCPs", "soft small")
    drawing.arrow("M560 228V262H230V282", broken=True)
    drawing.arrow("M110 290V236")
    drawing.text(120, 259, "data events", "soft small")
    drawing.box(
        (34, 398, 732, 62),
        "account without Organizations",
        ["stack standalone: all of it in one account, with the guardrails as IAM policies"],
        "amber",
    )
    return drawing


def _names(drawing: Drawing, x: int, y: int, names: Sequence[str]) -> None:
    """Names in two columns."""
    for number, name in enumerate(names):
        drawing.text(x + 118 * (number % 2), y + 22 * (number // 2), name, "small")


def links() -> Drawing:
    """What the stacks pass to each other."""
    fields = [str(each.alias) for each in SecurityOutputs.model_fields.values()]
    shown = [str(SecurityOutputs.model_fields[name].alias) for name in _SHOWN]
    drawing = Drawing("links", 800, 214, "The security stack's outputs, which the others read")
    lines = [
        "decides the trail's",
        "name and region, and",
        "writes its ARN into",
        "bucket and key policy",
    ]
    drawing.box((14, 20, 200, 174), "security", lines, "green")
    drawing.box((284, 20, 200, 174), "outputs", [*shown, f"and {len(fields) - len(shown)} more"])
    drawing.arrow("M214 107H276")
    drawing.arrow("M484 58H546")
    drawing.arrow("M484 156H546")
    guards = ["creates exactly that trail,", "and guards all of it by ARN"]
    drawing.box((554, 20, 232, 76), "management", guards, "blue")
    drawing.box(
        (554, 118, 232, 76), "workload", ["creates a trail of a name", "that the bucket admits"]
    )
    return drawing


def event() -> Drawing:
    """The way of an event, from the call to the people who hear of it."""
    drawing = Drawing("event", 800, 452, "The way of an event, from a call to logs and alerts")
    alarms = len(METRIC_FILTERS)
    path = "AWSLogs/o-…/<account>/CloudTrail/<region>/…"
    drawing.box((14, 148, 132, 78), "API call", ["any account,", "any region"])
    drawing.box((198, 148, 162, 78), "CloudTrail", ["organization trail,", "validated"], "blue")
    drawing.box(
        (430, 18, 356, 88), "S3 log bucket", [path, "encrypted, versioned, locked"], "green"
    )
    drawing.box((430, 148, 168, 78), "digest files", ["hourly, signed:", "prove each log"], "green")
    drawing.box(
        (618, 148, 168, 78), "who uses logs", ["replica, queries,", "readers, SIEM"], "green"
    )
    drawing.box((198, 262, 162, 78), "CloudWatch Logs", ["encrypted,", "a year or more"])
    drawing.box(
        (430, 262, 168, 78), f"{alarms} alarms", ["CIS and our own,", "all accounts"], "amber"
    )
    drawing.box((198, 358, 162, 78), "EventBridge", ["own account", "and region"])
    drawing.box((430, 358, 168, 78), "tamper rules", ["within a minute"], "amber")
    people = ["alert topic:", "email, HTTPS,", "queue", "", "and the security", "account's own"]
    drawing.box((648, 262, 138, 174), "people", people, "red")
    drawing.arrow("M146 187H190")
    drawing.arrow("M360 187H395V62H422")
    drawing.arrow("M514 106V140")
    drawing.arrow("M702 106V140")
    drawing.arrow("M279 226V254")
    drawing.arrow("M360 301H422")
    drawing.arrow("M598 301H640")
    drawing.arrow("M80 226V397H190")
    drawing.arrow("M360 397H422")
    drawing.arrow("M598 397H640")
    return drawing


_LEFT, _TOP, _ROW = 428, 76, 32


def denials() -> Drawing:
    """What acts on what is protected: how much of it each document denies, and what sees it."""
    columns = [*Document, "seen"]
    height = _TOP + _ROW * len(Target) + 16
    title = "Harmful operations by what they act on: denied by which document, and seen"
    drawing = Drawing("denials", 800, height, title)
    drawing.text(14, 30, "acts on", "soft")
    drawing.text(_LEFT - 14, 30, "operations", "right soft")
    width = (800 - _LEFT - 8) // len(columns)
    for number, column in enumerate(columns):
        first, _, rest = column.partition(" ")
        middle = _LEFT + width * number + width // 2
        drawing.text(middle, 30, first, "middle soft small")
        drawing.text(middle, 46, rest, "middle soft small")
    for row, target in enumerate(Target):
        of = [each for each in OPERATIONS if each.target is target]
        y = _TOP + _ROW * row - 16
        lines = wrap(target, _FITS)
        for number, line in enumerate(lines):
            drawing.text(14, y + 25 - 6 * len(lines) + 12 * number, line, "small")
        drawing.text(_LEFT - 14, y + 19, str(len(of)), "right small")
        counts: list[int] = [sum(one in each.denied_in for each in of) for one in Document]
        counts.append(sum(bool(seen_by(each)) for each in of))
        for number, (column, count) in enumerate(zip(columns, counts, strict=True)):
            kind = "plain" if not count else "green" if count == len(of) else "amber"
            verb = "seen" if column == "seen" else f"denied by {column}"
            drawing.cell(
                (_LEFT + width * number + 2, y, width - 4, _ROW - 4),
                kind,
                str(count) if count else "-",
                f"{target}: {count} of {len(of)} {verb}",
            )
    return drawing


_FITS: Final = 54
"""Characters of a target's description that fit before the numbers."""

DRAWINGS: Final = (accounts, links, event, denials)


def files() -> dict[Path, str]:
    """What is written."""
    drawings = [make() for make in DRAWINGS]
    return {FOLDER / f"{each.name}.svg": each.svg() for each in drawings}
