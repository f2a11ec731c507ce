"""A log bucket admits no foreign account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import strings
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, POLICY, log_buckets
from cloudtrail_guard_policies.subjects.log_keys import JOINED_WITH_KEYS, KEYS
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Document, Statement

_ACCOUNTS = strings(
    "allowedAccounts", "Ids of further accounts that the policy may admit, 12 digits each."
)
_ARN: Final = re.compile(r"^arn:[^:]+:[^:]*:[^:]*:([0-9]{12}):")
_ACCOUNT: Final = re.compile(r"^[0-9]{12}$")


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    present = stack.of_types(RULE.types | RULE.joins)
    own = {
        account
        for resource in present
        for text in (*resource.identifiers, resource.properties.get("expectedBucketOwner"))
        if (account := _account(text))
    }
    # An ARN that is not known yet may turn out to name the account; a bucket's names none.
    open_to_more = not all(each.identified for each in stack.of_types(TRAILS | KEYS)) or any(
        each.properties.get("expectedBucketOwner") is UNKNOWN for each in present
    )
    for bucket in log_buckets(stack):
        for document in bucket.documents():
            if not document.complete:
                yield Undecidable(resource=document.resource, path=document.path)
            known = {*settings[_ACCOUNTS], *own, *_trail_accounts(document.statements)}
            for path in _foreign(document, known):
                if open_to_more or not document.complete:
                    yield Undecidable(resource=document.resource, path=path)
                else:
                    yield Violation(
                        resource=document.resource,
                        path=path,
                        problem="is of an account that is not known to this bucket",
                        remediation="remove the principal, or add its account to allowedAccounts",
                    )


def _foreign(document: Document, known: set[str]) -> Iterator[str]:
    """Yield the paths of the principals whose account is not among the known ones."""
    for statement in document.statements:
        principals = statement.principals.get("AWS", ()) if statement.allows else ()
        for index, principal in enumerate(principals):
            if (account := _account(principal)) and account not in known:
                yield f"{statement.path}.Principal.AWS[{index}]"


def _trail_accounts(statements: tuple[Statement, ...]) -> Iterator[str]:
    for statement in statements:
        for condition in statement.requirements():
            if condition.key in ("aws:sourcearn", "aws:sourceaccount"):
                yield from (account for value in condition.values if (account := _account(value)))


def _account(value: Value) -> str:
    """Return the account of an ARN or an account id, or an empty string."""
    if not isinstance(value, str):
        return ""
    if _ACCOUNT.match(value):
        return value
    found = _ARN.match(value)
    return found[1] if found else ""


RULE = StackRule(
    id="log-bucket-foreign-account",
    title="A log bucket's policy admits accounts that are known to it alone.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | POLICY.types,
    joins=JOINED | JOINED_WITH_KEYS,
    controls=controls("s3_bucket_cross_account_access", "S3.6"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html",
    rationale=(
        "An account named in an Allow statement reads log files, or writes among them, for as long"
        " as the statement stands, even if the account changes hands. Known are the accounts in"
        " allowedAccounts, those of the stack's own resources, and those of the trails that the"
        " policy names."
    ),
    remediation="Remove the principal, or add its account to allowedAccounts.",
    check=_check,
    parameters=(_ACCOUNTS,),
)
