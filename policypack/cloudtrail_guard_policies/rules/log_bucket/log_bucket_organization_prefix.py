"""A log bucket admits the logs of the whole organization."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.engine.values import is_true
from cloudtrail_guard_policies.rules.checks import policy_must
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    POLICY,
    admits_cloudtrail,
    log_buckets,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.iam.documents import Statement
    from cloudtrail_guard_policies.rules.checks import Subject

_ORGANIZATION: Final = re.compile(r"^(\*|arn:[^/]+/(AWSLogs/(o-[a-z0-9*]+/)?)?\*)$")
"""The prefixes that hold an organization's: the bucket, AWSLogs/ and the organization's own."""


def _of_organization_trails(stack: Stack) -> list[Subject]:
    return [
        (bucket.bucket, bucket.documents())
        for bucket in log_buckets(stack)
        if any(is_true(trail.properties.get("isOrganizationTrail")) for trail in bucket.trails)
    ]


def _admits_organization(statements: Sequence[Statement]) -> bool:
    return any(
        isinstance(resource, str) and _ORGANIZATION.search(resource)
        for statement in statements
        if admits_cloudtrail(statement)
        for resource in statement.resources
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
        "An organization trail writes the logs of member accounts under AWSLogs/, the"
        " organization's id, and the account. A policy that admits the management account's own"
        " prefix alone lets the trail be made, and loses what happens in every other account."
    ),
    remediation="Let CloudTrail write to AWSLogs/ and the organization's id.",
    check=policy_must(
        _of_organization_trails,
        _admits_organization,
        problem="does not admit the logs of member accounts",
        remediation="let CloudTrail write to AWSLogs/<organization id>/* as well",
    ),
)
