"""The page: one file with all that it needs, and nothing from a network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from posture.evaluate.checks import counted
from posture.render import flow, timeline
from posture.report import WORST_FIRST, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from posture.compare import Change
    from posture.report import Check, Report

SUBJECTS = {
    "trail": "Trail",
    "bucket": "Log bucket",
    "key": "Log key",
    "replica": "Replica",
    "organization": "Organization",
    "guardrails": "Guardrails",
    "exempt": "Exempt principals",
    "alerts": "Alarms, rules and receivers",
    "lake": "CloudTrail Lake",
    "services": "Config, GuardDuty and Security Hub",
    "coverage": "Coverage",
    "drift": "Stack outputs",
    "exemptions": "Exemptions of the policy pack",
}
VERDICTS = {
    State.GOOD: "Everything is as meant.",
    State.OFF: "Nothing was checked.",
    State.ATTENTION: "As meant, with {count}.",
    State.BAD: "{count} not as meant.",
    State.UNKNOWN: "{count} could not be read.",
}
_COUNTED = {State.ATTENTION: "open point", State.BAD: "thing", State.UNKNOWN: "thing"}
CELLS = {
    "denied": "denied",
    "partly": "partly denied",
    "open": "not denied",
    "exempt": "allowed by intent",
    "unknown": "not known",
}


def render(report: Report, changed: Sequence[Change] | None = None) -> str:
    """The page's HTML.

    Names come from AWS and may say anything: the template escapes them all, and the page's content
    security policy runs its own script and no other.

    Args:
        report: the report.
        changed: what changed since another one; None where none was given.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["utc"] = _utc
    environment.filters["short"] = lambda text: str(text).rsplit("/", maxsplit=1)[-1]
    style, script = _file("page.css"), _file("page.js")
    names = {account.id: account.name for account in report.accounts}
    return environment.from_string(_file("page.html.j2")).render(
        report=report,
        changed=changed,
        style=Markup(style),  # noqa: S704 - the package's own file
        script=Markup(script),  # noqa: S704 - the package's own file
        style_hash=_hash(style),
        script_hash=_hash(script),
        anchors={check.id: f"c{n}" for n, check in enumerate(report.checks)},
        checks={check.id: check for check in report.checks},
        groups=_groups(report.checks),
        counts=_counts(report.checks),
        verdict=_verdict(report),
        boxes=flow.boxes(report.flow),
        lines=flow.lines(report.flow),
        flow=flow,
        accounts=timeline.strips(report.coverage, names),
        ticks=timeline.ticks(report.coverage),
        cells=CELLS,
        states=list(State),
    )


def _verdict(report: Report) -> str:
    """The report in one sentence."""
    count = sum(check.state is report.state for check in report.checks)
    noun = _COUNTED.get(report.state, "")
    return VERDICTS[report.state].format(count=counted(count, noun))


def _groups(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """The checks by subject, those that are not good first."""
    order = list(SUBJECTS)
    by_subject = sorted(checks, key=lambda check: order.index(check.subject))
    groups: list[dict[str, Any]] = []
    for subject, found in groupby(by_subject, key=lambda check: check.subject):
        ranked = sorted(found, key=lambda check: WORST_FIRST.index(check.state))
        groups.append(
            {
                "subject": subject,
                "title": SUBJECTS[subject],
                "checks": ranked,
                "counts": _counts(ranked),
                "state": ranked[0].state,
            }
        )
    return groups


def _counts(checks: Sequence[Check]) -> list[tuple[State, int]]:
    found = Counter(check.state for check in checks)
    return [(state, found[state]) for state in WORST_FIRST if found[state]]


def _utc(moment: datetime | str | None) -> str:
    if moment is None:
        return "never seen"
    if isinstance(moment, str):
        return moment.replace("T", " ")[:16] + " UTC"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _file(name: str) -> str:
    return files("posture.render").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
