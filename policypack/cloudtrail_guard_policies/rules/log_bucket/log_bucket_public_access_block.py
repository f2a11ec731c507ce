"""A log bucket blocks public access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    PUBLIC_ACCESS_BLOCK,
    log_buckets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_SETTINGS: Final = (
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
)

_ACCOUNT_BLOCKS: Final = frozenset({"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"})


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        declarations = bucket.declarations(PUBLIC_ACCESS_BLOCK)
        if not declarations and bucket.tells(PUBLIC_ACCESS_BLOCK) and not _whole_account(stack):
            yield Violation(
                resource=bucket.bucket,
                path="publicAccessBlock",
                problem="is missing: only buckets made since April 2023 block public access",
                remediation="add a BucketPublicAccessBlock with all four settings true",
            )
        for declaration in declarations:
            if declaration.resource not in bucket.separate(PUBLIC_ACCESS_BLOCK):
                yield Undecidable(resource=declaration.resource, path=declaration.path)
                continue
            for name in _SETTINGS:
                value = declaration.resource.properties.get(name)
                if value is UNKNOWN:
                    yield Undecidable(resource=declaration.resource, path=name)
                elif not is_true(value):
                    yield Violation(
                        resource=declaration.resource,
                        path=name,
                        problem="is not true: public access is not blocked",
                        remediation=f"set {name} to true",
                    )


def _whole_account(stack: Stack) -> bool:
    """Return whether the stack blocks public access for all buckets of the account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    return any(
        all(
            is_true(each.properties.get(name)) or each.properties.get(name) is UNKNOWN
            for name in _SETTINGS
        )
        for each in stack.of_types(_ACCOUNT_BLOCKS)
    )


RULE = StackRule(
    id="log-bucket-public-access-block",
    title="A log bucket blocks all public access.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | PUBLIC_ACCESS_BLOCK.types,
    joins=JOINED | _ACCOUNT_BLOCKS,
    controls=controls("s3_bucket_level_public_access_block", "S3.8"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    rationale=(
        "The four settings reject public ACLs and policies, and ignore those that are there."
        " Buckets made since April 2023 have them on, but a BucketPublicAccessBlock that leaves"
        " one out switches that one off, and older buckets have none."
    ),
    remediation="Add a BucketPublicAccessBlock with all four settings true.",
    check=_check,
    corrections={each: dict.fromkeys(_SETTINGS, True) for each in PUBLIC_ACCESS_BLOCK.types},
)
