"""CloudTrail uses a log key for log files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule
from pulumi_policy import EnforcementLevel, Severity

from rules._checks import no_statement_may
from rules._keys import JOINED_WITH_KEYS, KEY_POLICIES, KEYS, is_for_cloudtrail, possible_log_keys

if TYPE_CHECKING:
    from rules._documents import Statement


def _lacks_context(statement: Statement) -> bool:
    return is_for_cloudtrail(statement) and not any(
        condition.names_values
        for condition in statement.conditions_on("kms:encryptioncontext:aws:cloudtrail:arn")
    )


RULE = StackRule(
    id="log-key-encryption-context",
    title="A log key's policy lets CloudTrail encrypt log files of named accounts alone.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    rationale=(
        "CloudTrail states the trail's ARN as the encryption context of each log file. A"
        " condition on it binds the grant to trails of named accounts, and so what the key may"
        " encrypt. AWS's own key policy for CloudTrail has it."
    ),
    mend="Add the condition StringLike kms:EncryptionContext:aws:cloudtrail:arn.",
    good="""\
import json

import pulumi_aws as aws

aws.kms.Key(
    "logs",
    enable_key_rotation=True,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "kms:GenerateDataKey*",
                    "Resource": "*",
                    "Condition": {
                        "StringEquals": {
                            "aws:SourceArn": (
                                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
                            )
                        },
                        "StringLike": {
                            "kms:EncryptionContext:aws:cloudtrail:arn": (
                                "arn:aws:cloudtrail:*:111122223333:trail/audit"
                            )
                        },
                    },
                },
            ],
        }
    ),
)
""",
    bad="""\
import json

import pulumi_aws as aws

aws.kms.Key(
    "logs",
    enable_key_rotation=True,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "kms:GenerateDataKey*",
                    "Resource": "*",
                },
            ],
        }
    ),
)
""",
    check=no_statement_may(
        possible_log_keys,
        _lacks_context,
        problem="lets CloudTrail encrypt for trails of every account",
        mend="add StringLike kms:EncryptionContext:aws:cloudtrail:arn with the trails",
    ),
)
