"""An SCP that protects log files names the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.subjects.guardrails import (
    OBJECT_TAMPERING,
    POLICIES,
    no_guardrail_may,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Statement


def _misses_objects(statement: Statement) -> bool:
    return any(statement.covers(action) for action in OBJECT_TAMPERING) and not any(
        isinstance(each, str) and (each == "*" or "/" in each) for each in statement.resources
    )


RULE = ResourceRule(
    id="scp-covers-objects",
    title="An SCP that denies deleting log files names the bucket's objects.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=POLICIES,
    controls={},
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
    rationale=(
        "Deleting an object is authorised on the object's ARN, with a slash and its key. A"
        " statement whose Resource is the bucket's ARN alone reads as if it protected the log"
        " files, and protects none."
    ),
    remediation="Add the bucket's ARN with /* to Resource.",
    check=no_guardrail_may(
        _misses_objects,
        where="Resource",
        problem="names the bucket alone, so that deleting its objects is not denied",
        remediation="add the bucket's ARN with /* to Resource",
    ),
)
