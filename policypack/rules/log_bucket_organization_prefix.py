"""A log bucket admits the logs of the whole organization."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from framework.rule import StackRule
from framework.values import is_true
from pulumi_policy import EnforcementLevel, Severity

from rules._checks import policy_must
from rules._examples import ORGANIZATION_TRAIL, bucket_policy
from rules._log_buckets import BUCKETS, JOINED, POLICY, admits_cloudtrail, log_buckets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framework.resources import Stack

    from rules._checks import Subject
    from rules._documents import Statement

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
    mend="Let CloudTrail write to AWSLogs/ and the organization's id.",
    good=bucket_policy(
        """\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": [
        "arn:aws:s3:::example-logs/AWSLogs/111122223333/*",
        "arn:aws:s3:::example-logs/AWSLogs/o-a1b2c3d4e5/*",
    ],
}
""",
        ORGANIZATION_TRAIL,
    ),
    bad=bucket_policy(
        """\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::example-logs/AWSLogs/111122223333/*",
}
""",
        ORGANIZATION_TRAIL,
    ),
    check=policy_must(
        _of_organization_trails,
        _admits_organization,
        problem="does not admit the logs of member accounts",
        mend="let CloudTrail write to AWSLogs/<organization id>/* as well",
    ),
)
