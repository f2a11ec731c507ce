"""The engine's event stream: what policy packs found, and what they found nothing wrong with.

The events are those of sdk/go/common/apitype/events.go in pulumi/pulumi, one JSON object a line, as
these commands print them:

- ``pulumi preview --json`` with ``PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true``
- ``pulumi preview --event-log FILE`` with ``PULUMI_DEBUG_COMMANDS=true``
- ``pulumi up --json``
- ``pulumi policy analyze --json``
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXEMPTED: Final = re.compile(r"exempted until (\S+), because: (.+)")


class ReportError(Exception):
    """The input is no event stream of a run with policy packs; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEvent:
    """Something that a policy found.

    Attributes:
        pack: Name of the policy pack.
        version: Version of the pack.
        policy: The policy's id.
        level: ``advisory`` or ``mandatory``.
        severity: ``low``, ``medium``, ``high`` or ``critical``; empty where the pack gives none.
        urn: The resource, or the stack.
        message: What was found, possibly several lines.
    """

    pack: str
    version: str
    policy: str
    level: str
    severity: str
    urn: str
    message: str

    @property
    def exemption(self) -> str:
        """The reason why the resource is exempted; empty where it is not."""
        found = _EXEMPTED.search(self.message)
        return f"{found[2]} (until {found[1]})" if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A policy that found nothing wrong with a resource, or with the stack.

    Attributes:
        pack: Name of the policy pack.
        policy: The policy's id.
        urn: The resource; empty for the stack.
    """

    pack: str
    policy: str
    urn: str


@dataclass(slots=True, kw_only=True)
class Run:
    """What a command of the engine said of its policy packs.

    Attributes:
        packs: Versions of the packs, by name.
        findings: What they found, in the engine's order.
        passed: What they found nothing wrong with.
        succeeded: Whether the command came to its end, and found nothing that stops it.
    """

    packs: dict[str, str] = field(default_factory=dict)
    findings: list[PolicyEvent] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    succeeded: bool = False


def read_events(lines: Iterable[str]) -> Run:
    """Read an event stream.

    Args:
        lines: One JSON object each; empty lines are skipped.

    Returns:
        What it says of policy packs.

    Raises:
        ReportError: A line is no event, or no policy pack took part.
    """
    run = Run()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            event = _event(number, line)
            try:
                _take(run, event)
            except (AttributeError, KeyError, TypeError):
                raise ReportError(
                    f"line {number} is an event of a form that this version does not read;"
                    " was the file cut off or changed?"
                ) from None
    if not run.packs:
        raise ReportError(
            "no policy pack took part in this run: give the command --policy-pack DIRECTORY"
        )
    return run


def _event(number: int, line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict) or "sequence" not in event:
        raise ReportError(
            f"line {number} is no event of the engine; use the output of `pulumi up --json`, of"
            " `pulumi policy analyze --json`, or of `pulumi preview --json` with"
            " PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true"
        )
    return event


def _take(run: Run, event: dict[str, Any]) -> None:
    match event:
        case {"policyEvent": found}:
            run.packs[found["policyPackName"]] = found["policyPackVersion"]
            run.findings.append(
                PolicyEvent(
                    pack=found["policyPackName"],
                    version=found["policyPackVersion"],
                    policy=found["policyName"],
                    level=found["enforcementLevel"],
                    severity=found.get("severity", ""),
                    urn=found.get("resourceUrn", ""),
                    message=found["message"].strip(),
                )
            )
        case {"policyAnalyzeSummaryEvent": summary} | {"policyAnalyzeStackSummaryEvent": summary}:
            pack = summary["policyPackName"]
            run.packs[pack] = summary["policyPackVersion"]
            run.passed += [
                Passed(pack=pack, policy=policy, urn=summary.get("resourceUrn", ""))
                for policy in summary.get("passed", ())
            ]
        case {"summaryEvent": summary}:
            run.succeeded = summary.get("result", "succeeded") == "succeeded"
        case _:
            pass  # progress, resources and diagnostics of the deployment itself
