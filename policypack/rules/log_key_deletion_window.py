"""A log key's deletion can be called off for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.parameters import integer
from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

_DAYS = integer("minimumDays", "The shortest waiting period, in days.", default=30, minimum=7)


def _check(stack: Stack, settings: Settings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        days = key.properties.get("deletionWindowInDays")
        if days is UNKNOWN:
            yield Undecidable(resource=key, path="deletionWindowInDays")
        elif isinstance(days, int) and days < settings[_DAYS]:
            yield Violation(
                resource=key,
                path="deletionWindowInDays",
                problem=f"is shorter than {settings[_DAYS]} days",
                mend=f"set deletionWindowInDays to {settings[_DAYS]} or more",
            )


RULE = StackRule(
    id="log-key-deletion-window",
    title="A key that encrypts log files is deleted only after a long waiting period.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    rationale=(
        "A deleted key takes with it every log file that it encrypted. The waiting period, 7 to"
        " 30 days, is the time in which somebody can notice and cancel. AWS waits 30 days unless"
        " deletionWindowInDays says otherwise."
    ),
    mend="Set deletionWindowInDays to 30, or leave it out.",
    good="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", deletion_window_in_days=30)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    bad="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", deletion_window_in_days=7)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    check=_check,
    parameters=(_DAYS,),
)
