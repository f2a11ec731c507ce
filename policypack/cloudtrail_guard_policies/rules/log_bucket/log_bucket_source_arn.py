"""A log bucket admits named trails alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable
from cloudtrail_guard_policies.iam.callers import narrows
from cloudtrail_guard_policies.rules.checks import no_statement_may, possible_log_bucket_policies
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    POLICY,
    admits_cloudtrail,
    ambiguous_trails,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.iam.documents import Statement


_OWNERS: Final = ("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
"""What says whose trails they are, where the ARN leaves the account open."""


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for trail in ambiguous_trails(stack):
        yield Undecidable(resource=trail, path="s3BucketName")
    yield from _by_policy(stack, settings)


def _problem(statement: Statement) -> str | None:
    if not admits_cloudtrail(statement):
        return None
    requirements = statement.requirements()
    named = [
        each for each in requirements if each.key == "aws:sourcearn" and "*" not in each.values
    ]
    owned = any(each.key in _OWNERS and narrows(each) for each in requirements)
    if any(narrows(each) for each in named) or (named and owned):
        return None
    if owned:
        return "lets CloudTrail write for every trail of the accounts that a condition names"
    if named:
        return "lets CloudTrail write for trails of any account that has one of this name"
    return "lets CloudTrail write for every trail of every account"


_by_policy = no_statement_may(
    possible_log_bucket_policies,
    _problem,
    remediation="add the condition StringEquals aws:SourceArn with the ARNs of the trails",
)


RULE = StackRule(
    id="log-bucket-source-arn",
    title="A log bucket's policy lets CloudTrail write for named trails alone.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | POLICY.types,
    joins=JOINED,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    rationale=(
        "CloudTrail writes for every customer. A statement that admits the service alone lets"
        " anybody's trail, in any account, write log files into the bucket; aws:SourceArn names"
        " the trails that may. It is built from names, so that it is known before the trail"
        " exists. A pattern that leaves the account open needs aws:SourceOrgID or"
        " aws:SourceAccount beside it."
    ),
    remediation="Add the condition aws:SourceArn with the ARNs of the trails to each statement.",
    check=_check,
)
