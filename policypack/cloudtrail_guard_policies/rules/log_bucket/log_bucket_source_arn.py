"""A log bucket admits named trails alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.rules.checks import no_statement_may, possible_log_bucket_policies
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    POLICY,
    admits_cloudtrail,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Condition, Statement


_OWNERS = ("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
"""What says whose trails they are, where the ARN's account is left open."""

_ACCOUNT = 4
"""The section of an ARN that is the account."""


def _admits_any_trail(statement: Statement) -> bool:
    if not admits_cloudtrail(statement):
        return False
    named = [each for each in statement.conditions_on("aws:sourcearn") if each.names_values]
    if any(not _leaves_account_open(each) for each in named):
        return False
    owned = any(each.names_values for owner in _OWNERS for each in statement.conditions_on(owner))
    return not (named and owned)


def _leaves_account_open(condition: Condition) -> bool:
    patterns = [each.split(":") for each in condition.values if isinstance(each, str)]
    return any(len(arn) <= _ACCOUNT or "*" in arn[_ACCOUNT] for arn in patterns)


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
    check=no_statement_may(
        possible_log_bucket_policies,
        _admits_any_trail,
        problem="lets CloudTrail write for every trail of every account",
        remediation="add the condition StringEquals aws:SourceArn with the ARNs of the trails",
    ),
)
