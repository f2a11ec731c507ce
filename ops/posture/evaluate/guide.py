"""The lines of the set-up guide, and the checks that say whether each is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.report import GuideLine, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.report import Check

LINES: tuple[tuple[str, str, str], ...] = (
    ("Purpose", "Record every region", "trail.regions trail.global-services"),
    ("Purpose", "Restrict access to the logs", "bucket.public-access bucket.policy.others"),
    ("Purpose", "Ask for MFA to manage CloudTrail", "guardrails.mfa"),
    ("Purpose", "Alert when critical things change", "alerts.alarm. alerts.rule. alerts.topic."),
    ("Purpose", "Detect unusual activity with Insights (optional)", "trail.insights"),
    ("Purpose", "Analyze logs with CloudTrail Lake (optional)", "lake."),
    (
        "Purpose",
        "Monitor with AWS Config and GuardDuty (optional)",
        "services.config. services.guardduty.",
    ),
    ("Purpose", "Gather findings in Security Hub (optional)", "services.securityhub."),
    ("1.1", "Put the log bucket in the security account", "bucket.exists bucket.account"),
    ("1.1", "Let only CloudTrail write logs, for this organization", "bucket.policy.AWSCloudTrail"),
    ("1.2", "Encrypt with KMS", "bucket.encryption trail.key key.state key.policy."),
    ("1.2", "Validate log files", "trail.validation coverage.digests"),
    ("1.3", "Keep versions", "bucket.versioning"),
    ("1.3", "Lock log files", "bucket.lock bucket.lifecycle"),
    ("1.3", "Keep a copy in a second region (beyond the guide)", "replica."),
    ("2.1", "Deny deleting logs by bucket policy", "bucket.policy.DenyDeleteCloudTrailLogs"),
    ("2.1", "Exempt the roles that are meant, and no other", "exempt."),
    (
        "2.2",
        "Deny stopping, deleting and changing the trail by SCP, or IAM policy",
        "guardrails.deny.trail guardrails.accounts guardrails.scps guardrails.identity",
    ),
    (
        "2.2",
        "Deny harm to the log bucket by SCP, or IAM policy",
        "guardrails.deny.bucket guardrails.deny.log-files guardrails.identity",
    ),
    ("3.2", "Create the trail", "trail.exists trail.logging trail.delivery"),
    ("3.3", "Record all accounts of the organization", "trail.organization organization."),
    ("3.4", "Write to the log bucket, encrypted", "trail.destination trail.key"),
    ("3.6", "Record management events, reads and writes", "trail.management-events"),
    ("3.6", "Record data events of S3 and Lambda (optional)", "trail.data-events"),
    ("Additional", "Keep to five trails a region", "trail.count"),
    ("Notes", "Bind the management account by other means than SCPs", "guardrails.management"),
)
"""Step, what the guide asks for, and the checks: full ids, or beginnings with a period."""


def guide_lines(checks: Sequence[Check]) -> list[GuideLine]:
    """Each line with its state: the worst of its checks."""
    lines: list[GuideLine] = []
    for step, text, names in LINES:
        found = [check for check in checks if _is_of(check.id, names.split())]
        lines.append(
            GuideLine(
                step=step,
                text=text,
                state=worst([check.state for check in found]),
                checks=[check.id for check in found],
            )
        )
    return lines


def _is_of(name: str, wanted: Sequence[str]) -> bool:
    return any(
        name == each or (each.endswith((".", "AWSCloudTrail", "scps")) and name.startswith(each))
        for each in wanted
    )
