"""A log key serves no service unconditionally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.iam.callers import names_accounts, narrows
from cloudtrail_guard_policies.rules.checks import no_statement_may
from cloudtrail_guard_policies.subjects.log_keys import (
    JOINED_WITH_KEYS,
    KEY_POLICIES,
    KEYS,
    log_keys,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Statement


_HARMLESS: Final = frozenset({"kms:describekey"})
"""What AWS's older default key policy for CloudTrail grants without a condition: metadata.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-cmk-policy.html"""


def _problem(statement: Statement) -> str | None:
    is_open = (
        statement.allows
        and bool(statement.principals.get("Service"))
        and not (statement.actions and _HARMLESS.issuperset(statement.actions))
        and not any(
            narrows(each)
            or (each.key.startswith("kms:encryptioncontext:") and names_accounts(each))
            for each in statement.requirements()
        )
    )
    return "admits a service without saying for whose resources" if is_open else None


RULE = StackRule(
    id="log-key-service-grants",
    title="A log key's policy admits AWS services under conditions alone.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    rationale=(
        "A service acts for every customer. A statement that admits it without a condition lets"
        " it use the key for anybody's resources: the confused deputy. aws:SourceArn,"
        " aws:SourceAccount or the encryption context say for whom."
    ),
    remediation="Add a condition on aws:SourceArn, aws:SourceAccount or the encryption context.",
    check=no_statement_may(
        log_keys,
        _problem,
        remediation="add a condition on aws:SourceArn, with the ARNs of the trails",
    ),
)
