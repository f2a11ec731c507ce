"""No two resources set the policy of a log key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.checks import overwrite_each_other, set_twice
from cloudtrail_guard_policies.subjects.log_keys import (
    JOINED_WITH_KEYS,
    KEY_POLICIES,
    KEYS,
    log_keys,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for key, documents in log_keys(stack):
        separate = [
            each.resource
            for each in documents
            if each.resource.type in KEY_POLICIES and each.path == "policy"
        ]
        yield from overwrite_each_other(separate, path="keyId", what="key")
        # What a key that is only read has is what the separate resource has set.
        own = None if key.read else key.properties.get("policy")
        if separate and own not in (None, UNKNOWN, ""):
            yield set_twice(key, "policy", separate[0])


RULE = StackRule(
    id="log-key-conflicting-policies",
    title="The policy of a key that encrypts log files is declared once.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    rationale=(
        "A key has one policy, and KMS replaces it as a whole. Where two resources declare it, or"
        " the key and a KeyPolicy do, the one that is applied last wins: what the other grants to"
        " CloudTrail, or denies, is gone, though it stands in the program."
    ),
    remediation="Set the policy in the key, or in one KeyPolicy.",
    check=_check,
)
