"""Two resources that set the policy of a key.

https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html: it "attaches a key policy
to the specified KMS key", of which there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.log_key.log_key_conflicting_policies import RULE

from tests.policypack.support import KEY, NOT_KNOWN, Case, log_key, made, policy, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

SEPARATE = "aws:kms/keyPolicy:KeyPolicy"


def beside(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    """Return a key with these properties and a separate policy."""
    resources = log_key(properties)
    return [*resources, made(SEPARATE, "separate", policy(), keyId=resources[0])]


CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="other-property", properties={"enableKeyRotation": True}, verdict="pass"),
    Case(name="own-policy", properties=policy(), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="pass"),
]

TABLES = (Table(RULE, CASES, beside),)


def test_two_separate_policies_conflict() -> None:
    resources = beside({})
    second = made(SEPARATE, "second", policy(), keyId=resources[0])

    assert stack_verdict(RULE, [*resources, second]) == "fail"


def test_other_keys_may_be_declared_twice() -> None:
    key = made(KEY, "other", policy())

    assert stack_verdict(RULE, [key, made(SEPARATE, "other", policy(), keyId=key)]) == "pass"
