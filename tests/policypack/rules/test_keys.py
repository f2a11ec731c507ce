"""Which keys are log keys, and which policy is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.log_key.log_key_encryption_context import RULE as CONTEXT
from cloudtrail_guard_policies.rules.log_key.log_key_not_public import RULE as NOT_PUBLIC
from cloudtrail_guard_policies.rules.log_key.log_key_rotation import RULE

from tests.policypack.support import KEY, NOT_KNOWN, TRAIL, log_key, made, policy, stack_verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234"
LOGS = made(KEY, "logs")
NAMED = made(KEY, "logs", {"arn": ARN, "keyId": "1234"})
ALIAS = made("aws:kms/alias:Alias", "logs", {"name": "alias/logs"}, targetKeyId=LOGS)
ENCRYPTS = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "kms:*",
    "Resource": "*",
}
PUBLIC = policy({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"})
SEPARATE = "aws:kms/keyPolicy:KeyPolicy"

# Each stack has a log key that is not rotated: the rule speaks if it knows that it is one.
JOINED: dict[str, Sequence[AnalyzerResource]] = {
    "by-reference": [LOGS, made(TRAIL, "audit", kmsKeyId=LOGS)],
    "by-arn": [NAMED, made(TRAIL, "audit", {"kmsKeyId": ARN})],
    "by-its-alias": [LOGS, ALIAS, made(TRAIL, "audit", kmsKeyId=ALIAS)],
    "by-the-name-of-its-alias": [LOGS, ALIAS, made(TRAIL, "audit", {"kmsKeyId": "alias/logs"})],
    "by-a-policy-that-admits-cloudtrail": [made(KEY, "logs", policy(ENCRYPTS))],
    "by-a-separate-policy": [LOGS, made(SEPARATE, "logs", policy(ENCRYPTS), keyId=LOGS)],
}
OTHERS: dict[str, Sequence[AnalyzerResource]] = {
    "without-a-trail": [LOGS],
    "of-another-arn": [NAMED, made(TRAIL, "audit", {"kmsKeyId": f"{ARN}5"})],
    "of-another-service": [
        made(KEY, "logs", policy({**ENCRYPTS, "Principal": {"Service": "sns.amazonaws.com"}}))
    ],
    "with-a-policy-that-is-not-known-yet": [made(KEY, "logs", {"policy": NOT_KNOWN})],
}


@pytest.mark.parametrize("resources", JOINED.values(), ids=JOINED)
def test_a_key_is_a_log_key(resources: Sequence[AnalyzerResource]) -> None:
    assert stack_verdict(RULE, resources) == "fail"


@pytest.mark.parametrize("resources", OTHERS.values(), ids=OTHERS)
def test_a_key_is_no_log_key(resources: Sequence[AnalyzerResource]) -> None:
    assert stack_verdict(RULE, resources) == "pass"


def test_one_rule_says_that_a_policy_may_make_a_key_a_log_key() -> None:
    resources = OTHERS["with-a-policy-that-is-not-known-yet"]

    assert stack_verdict(CONTEXT, resources) == "undecided"
    assert stack_verdict(CONTEXT, OTHERS["of-another-service"]) == "pass"


def test_a_separate_policy_replaces_the_keys_own() -> None:
    resources = log_key(PUBLIC)
    separate = made(SEPARATE, "logs", policy(ENCRYPTS), keyId=resources[0])

    assert stack_verdict(NOT_PUBLIC, resources) == "fail"
    assert stack_verdict(NOT_PUBLIC, [*resources, separate]) == "pass"


def test_of_two_keys_in_one_value_the_known_one_decides() -> None:
    keys = [NAMED, made(KEY, "other", {"arn": f"{ARN}5", "enableKeyRotation": True})]
    trail = made(TRAIL, "audit", {"kmsKeyId": f"{ARN}5"})
    trail.propertyDependencies["kmsKeyId"].urns.extend(each.urn for each in keys)

    assert stack_verdict(RULE, [*keys, trail]) == "pass"
