"""A log bucket admits the logs of the whole organization."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.iam.documents import matches, without_variables
from cloudtrail_guard_policies.rules.checks import one_policy_must
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    POLICY,
    admits_cloudtrail,
    log_buckets,
)
from cloudtrail_guard_policies.subjects.trails import log_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.iam.documents import Statement
    from cloudtrail_guard_policies.subjects.log_buckets import LogBucket

_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{4,32}")
_ACCOUNTS: Final = ("111111111111", "222222222222")
"""Any two member accounts: what admits both does not name one of them."""


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        for trail in bucket.trails:
            if is_true(trail.properties.get("isOrganizationTrail")):
                yield from _evaluate(bucket, trail)


def _evaluate(bucket: LogBucket, trail: Resource) -> Iterator[Finding]:
    prefix = log_prefix(trail)
    if prefix is UNKNOWN:
        yield Undecidable(resource=trail, path="s3KeyPrefix")
        return
    yield from one_policy_must(
        partial(_admits_organization, prefix),
        (bucket.bucket, bucket.documents()),
        problem="does not admit the logs of member accounts",
        remediation="let CloudTrail write to AWSLogs/<organization id>/*, below the trail's"
        " s3KeyPrefix",
    )


def _admits_organization(prefix: str, statements: Sequence[Statement]) -> bool:
    return any(
        isinstance(resource, str) and _holds_organization(resource, prefix)
        for statement in statements
        if admits_cloudtrail(statement)
        for resource in statement.resources
    )


def _holds_organization(resource: str, prefix: str) -> bool:
    """Return whether a pattern of objects holds the log files of every member account.

    CloudTrail writes them to ``<prefix>/AWSLogs/<organization>/<account>/``.
    """
    pattern = without_variables(resource)
    bucket, slash, _ = pattern.partition("/")
    name = bucket if slash else pattern.rstrip("*")
    organizations = {*_ORGANIZATION.findall(pattern), "o-a1b2c3d4e5"}
    return any(
        all(
            matches(pattern, f"{name}/{prefix}{organization}/{account}/CloudTrail/log.json.gz")
            for account in _ACCOUNTS
        )
        for organization in organizations
    )


RULE = StackRule(
    id="log-bucket-organization-prefix",
    title="An organization trail's bucket policy admits the logs of its member accounts.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | POLICY.types,
    joins=JOINED,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html#org-trail-bucket-policy",
    rationale=(
        "An organization trail writes the logs of member accounts under its prefix, AWSLogs/, the"
        " organization's id, and the account. A policy that admits the management account's own"
        " prefix alone lets the trail be made, and loses what happens in every other account."
    ),
    remediation="Let CloudTrail write to AWSLogs/ and the organization's id.",
    check=_check,
)
