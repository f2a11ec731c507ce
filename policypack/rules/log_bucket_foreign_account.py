"""A log bucket admits no foreign account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from framework.parameters import strings
from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import bucket_policy
from rules._log_buckets import BUCKETS, JOINED, POLICY, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings
    from framework.values import Value

    from rules._documents import Document, Statement

_ACCOUNTS = strings(
    "allowedAccounts", "Ids of further accounts that the policy may admit, 12 digits each."
)
_ARN: Final = re.compile(r"^arn:[^:]+:[^:]*:[^:]*:([0-9]{12}):")
_ACCOUNT: Final = re.compile(r"^[0-9]{12}$")


def _check(stack: Stack, settings: Settings) -> Iterator[Finding]:
    own = {
        account
        for resource in stack.of_types(RULE.types | JOINED)
        for identifier in resource.identifiers
        if (account := _account(identifier))
    }
    for bucket in log_buckets(stack):
        for document in bucket.documents():
            if document.statements is None:
                yield Undecidable(resource=document.resource, path=document.path)
                continue
            known = {*settings[_ACCOUNTS], *own, *_trail_accounts(document.statements)}
            for statement in document.statements:
                yield from _judge(document, statement, known)


def _judge(document: Document, statement: Statement, known: set[str]) -> Iterator[Finding]:
    principals = statement.principals.get("AWS", ()) if statement.allows else ()
    for index, principal in enumerate(principals):
        path = f"{statement.path}.Principal.AWS[{index}]"
        if principal is UNKNOWN:
            yield Undecidable(resource=document.resource, path=path)
        elif (account := _account(principal)) and account not in known:
            yield Violation(
                resource=document.resource,
                path=path,
                problem="is of an account that is not known to this bucket",
                mend="remove the principal, or add its account to allowedAccounts",
            )


def _trail_accounts(statements: tuple[Statement, ...]) -> Iterator[str]:
    for statement in statements:
        for condition in statement.conditions_on("aws:sourcearn"):
            for value in condition.values:
                if account := _account(value):
                    yield account


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
    joins=JOINED,
    controls=controls("s3_bucket_cross_account_access", "S3.6"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html",
    rationale=(
        "An account named in an Allow statement reads log files, or writes among them, for as"
        " long as the statement stands, whoever owns it by then. Known are the accounts in"
        " allowedAccounts, those of the stack's own resources, and those of the trails that the"
        " policy names."
    ),
    mend="Remove the principal, or add its account to allowedAccounts.",
    good=bucket_policy("""\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
    "Condition": {
        "StringEquals": {
            "aws:SourceArn": (
                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
            )
        }
    },
},
{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/Auditor"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
},
"""),
    bad=bucket_policy("""\
{
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
    "Condition": {
        "StringEquals": {
            "aws:SourceArn": (
                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
            )
        }
    },
},
{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
},
"""),
    check=_check,
    parameters=(_ACCOUNTS,),
)
