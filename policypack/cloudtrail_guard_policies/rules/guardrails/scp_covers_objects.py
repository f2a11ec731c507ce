"""An SCP that protects log files names the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.iam.documents import matches
from cloudtrail_guard_policies.subjects.guardrails import (
    OBJECT_TAMPERING,
    POLICIES,
    no_guardrail_may,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Document, Statement


_KEY: Final = "/AWSLogs/111122223333/log.json.gz"
"""The rest of an object's ARN: any object of the bucket does."""


def _misses_objects(statement: Statement, document: Document) -> bool:
    buckets = [each for each in statement.resources if isinstance(each, str)]
    return (
        any(statement.covers(action) for action in OBJECT_TAMPERING)
        and bool(buckets)
        # A statement that is not known yet may name the objects.
        and document.complete
        and not any(_names_objects(each) for each in buckets)
        and not all(_are_covered(document, bucket) for bucket in buckets)
    )


def _names_objects(pattern: str) -> bool:
    """Return whether a pattern names objects; a star at its end spans the slash and every key."""
    return "/" in pattern or pattern.endswith("*")


def _are_covered(document: Document, bucket: str) -> bool:
    """Return whether statements of the document deny tampering with a bucket's objects."""
    return all(
        any(
            each.denies
            and each.covers(action)
            and any(isinstance(one, str) and matches(one, bucket + _KEY) for one in each.resources)
            for each in document.statements
        )
        for action in OBJECT_TAMPERING
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
        "Deleting an object is authorized on the object's ARN, with a slash and its key. A"
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
