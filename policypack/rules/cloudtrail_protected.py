"""A trail is protected from being destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule, Violation
from pulumi_policy import EnforcementLevel, Severity

from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
    if not trail.protect:
        yield Violation(
            resource=trail,
            path="protect",
            problem="is not set: a destroy, or its removal from the program, deletes the trail",
            mend="set the resource option protect to true",
        )


RULE = ResourceRule(
    id="cloudtrail-protected",
    title="A CloudTrail trail is protected from being destroyed by Pulumi.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    rationale=(
        "A trail goes with a renamed resource, a wrong stack or a destroy of everything, and from"
        " then on nothing is recorded. With the resource option protect, which children inherit"
        " from a protected component, Pulumi refuses to delete it until somebody unprotects it."
    ),
    mend="Set the resource option protect to true.",
    good="""\
import pulumi
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    opts=pulumi.ResourceOptions(protect=True),
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=_check,
)
