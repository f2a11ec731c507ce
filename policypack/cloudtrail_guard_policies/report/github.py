"""Workflow commands of GitHub Actions, which shows them as annotations of a run.

They need no permission and no code scanning. GitHub shows ten errors and ten warnings a step, so
the worst come first.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.report.positions import UNKNOWN_POSITION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard_policies.report.events import PolicyEvent, Run
    from cloudtrail_guard_policies.report.positions import Position

_COMMANDS: Final = {"mandatory": "error", "advisory": "warning"}
_EXEMPTED: Final = "notice"
_SEVERITIES: Final = ("critical", "high", "medium", "low")

# What the runner decodes; the resource's name is the program's, and must not end the command.
_IN_MESSAGE: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def github(run: Run, positions: Mapping[str, Position], project: str) -> str:
    """Return a report as workflow commands, one line for each finding.

    Args:
        run: What the packs said.
        positions: Where resources stand in the source, by URN.
        project: Path of the project's directory in the repository, such as ``infra``.

    Returns:
        The commands, to be printed by a step; empty without findings.
    """
    return "".join(
        _command(finding, positions.get(finding.urn, UNKNOWN_POSITION), project)
        for finding in sorted(run.findings, key=_rank)
    )


def _rank(finding: PolicyEvent) -> tuple[bool, bool, int]:
    known = finding.severity in _SEVERITIES
    severity = _SEVERITIES.index(finding.severity) if known else len(_SEVERITIES)
    return bool(finding.exemption), finding.level != "mandatory", severity


def _command(finding: PolicyEvent, position: Position, project: str) -> str:
    name = _EXEMPTED if finding.exemption else _COMMANDS.get(finding.level, _EXEMPTED)
    properties = {
        "file": str(PurePosixPath(project, position.file)),
        "line": str(position.line),
        "title": finding.policy,
    }
    listed = ",".join(f"{key}={_escape(value, _IN_PROPERTY)}" for key, value in properties.items())
    resource = finding.urn.rsplit("::", maxsplit=1)[-1]
    named = not resource or repr(resource) in finding.message
    message = finding.message if named else f"{resource}: {finding.message}"
    return f"::{name} {listed}::{_escape(message, _IN_MESSAGE)}\n"


def _escape(text: str, codes: Mapping[str, str]) -> str:
    return text.translate(str.maketrans(dict(codes)))
