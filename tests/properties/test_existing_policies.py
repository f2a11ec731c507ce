"""Whatever policy a bucket or key has before it is adopted, the merged one is sound or refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.log_bucket import (
    BUCKET_POLICY_SIDS,
    LogBucketAccess,
    log_bucket_policy,
)
from cloudtrail_guard.policies.log_key import KEY_POLICY_SIDS, LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.merge import merge_policies
from cloudtrail_guard.quotas import BUCKET_POLICY, KEY_POLICY

from sandbox.aws import policy_grammar
from sandbox.aws.policy_evaluation import statements as statements_of
from tests.properties.documents import BUCKET_POLICIES, KEY_POLICIES
from tests.properties.outcome import DEPLOYER, locks_out
from tests.properties.runs import run_examples
from tests.support.deployment import ACCOUNT
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard.quotas import Quota

TRAIL = SAMPLES["trailArn"]
BREAK_GLASS = (f"arn:aws:iam::{ACCOUNT}:role/AdminRole",)
BUCKET = log_bucket_policy(
    LogBucketAccess(
        bucket="audit-logs",
        account_trails=(TRAIL,),
        break_glass=BREAK_GLASS,
        deployers=(DEPLOYER,),
    )
)
KEY = log_key_policy(
    LogKeyAccess(account=ACCOUNT, trails=(TRAIL,), break_glass=BREAK_GLASS, deployers=(DEPLOYER,))
)
MANAGES_BUCKET = ("s3:PutBucketPolicy", "arn:aws:s3:::audit-logs")
MANAGES_KEY = ("kms:PutKeyPolicy", SAMPLES["logKeyArn"])
CASES: dict[str, tuple[Any, Mapping[str, Any], frozenset[str], Quota, tuple[str, str]]] = {
    "bucket": (BUCKET_POLICIES, BUCKET, BUCKET_POLICY_SIDS, BUCKET_POLICY, MANAGES_BUCKET),
    "key": (KEY_POLICIES, KEY, KEY_POLICY_SIDS, KEY_POLICY, MANAGES_KEY),
}
FEW, MANY = 150, 1_500


def is_well_formed(text: str) -> bool:
    """Whether AWS would take the policy of a bucket or key."""
    try:
        policy_grammar.parse(text, policy_grammar.RESOURCE_POLICY)
    except policy_grammar.GrammarError:
        return False
    return True


def hold(existing: str | None, case: str) -> None:
    """Hold a merge to what must come of it."""
    _, ours, sids, quota, managing = CASES[case]
    try:
        merged = merge_policies(existing, ours, sids, quota)
    except InvalidValueError as error:
        assert str(error)  # noqa: PT017 - an error is one of two good ends
        return
    text = json.dumps(merged.policy)
    quota.check(json.dumps(merged.policy, separators=(",", ":")))
    assert all(statement in merged.policy["Statement"] for statement in ours["Statement"])
    foreign = [
        each
        for each in (statements_of(json.loads(existing)) if existing else [])
        if each.get("Sid") not in sids
    ]
    assert statements_of(merged.policy)[: len(foreign)] == foreign
    assert merge_policies(text, ours, sids, quota).policy == merged.policy
    if existing and not is_well_formed(existing):
        return  # AWS holds no such policy: that it is no traceback is all
    assert is_well_formed(text)
    if not locks_out({"Statement": foreign}, *managing):
        assert not locks_out(merged.policy, *managing)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_any_existing_policy_is_merged_soundly_or_refused(case: str, examples: int) -> None:
    run_examples(lambda existing: hold(existing, case), CASES[case][0], examples)
