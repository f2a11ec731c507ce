"""SARIF 2.1.0, which code scanning services show as annotations.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what GitHub makes of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from cloudtrail_guard_policies.report.positions import UNKNOWN_POSITION
from cloudtrail_guard_policies.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard_policies.report.events import PolicyEvent, Run
    from cloudtrail_guard_policies.report.positions import Position

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"mandatory": "error", "advisory": "warning"}
# GitHub sorts alerts by this number: over 9.0 is critical, from 7.0 high, from 4.0 medium.
_SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
_RULES: Final = {rule.id: rule for rule in RULES}


def sarif(run: Run, positions: Mapping[str, Position], project: str) -> dict[str, Any]:
    """Return a report as a SARIF log, with one run for each policy pack.

    Args:
        run: What the packs said.
        positions: Where resources stand in the source, by URN.
        project: Path of the project's directory in the repository, such as ``infra``.

    Returns:
        The log, ready for `json.dumps`.
    """
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            _pack(run, pack, version, positions, project) for pack, version in run.packs.items()
        ],
    }


def _pack(
    run: Run, pack: str, version: str, positions: Mapping[str, Position], project: str
) -> dict[str, Any]:
    findings = [each for each in run.findings if each.pack == pack]
    policies = sorted({each.policy: each for each in findings}.items())
    return {
        "tool": {
            "driver": {
                "name": pack,
                "version": version,
                "rules": [_rule(finding) for _, finding in policies],
            }
        },
        "invocations": [{"executionSuccessful": run.succeeded}],
        "results": [_result(each, positions, project) for each in findings],
    }


def _rule(finding: PolicyEvent) -> dict[str, Any]:
    """Return what a policy is; only our own say more than their name."""
    properties: dict[str, Any] = {"tags": ["security"]}
    if finding.severity in _SCORES:
        properties["security-severity"] = _SCORES[finding.severity]
    described: dict[str, Any] = {"id": finding.policy, "properties": properties}
    rule = _RULES.get(finding.policy)
    if rule is not None:
        properties["tags"] += [standard.slug for standard in rule.controls]
        properties["controls"] = {
            standard.slug: list(ids) for standard, ids in rule.controls.items()
        }
        described |= {
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.rationale},
            "help": {"text": rule.remediation},
            "helpUri": rule.link,
        }
    return described


def _result(
    finding: PolicyEvent, positions: Mapping[str, Position], project: str
) -> dict[str, Any]:
    position = positions.get(finding.urn, UNKNOWN_POSITION)
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "level": _LEVELS.get(finding.level, "note"),
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": str(PurePosixPath(project, position.file))},
                    "region": {"startLine": position.line},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.urn, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }
    if finding.exemption:
        result["suppressions"] = [{"kind": "external", "justification": finding.exemption}]
    return result


def _fingerprint(finding: PolicyEvent) -> str:
    """Tell one finding from another across runs, wherever the resource moves in the source."""
    text = f"{finding.policy}\n{finding.urn}\n{finding.message}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
