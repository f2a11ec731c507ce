"""A log key is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule
from pulumi_policy import EnforcementLevel, Severity

from rules._checks import no_statement_may
from rules._controls import controls
from rules._keys import JOINED_WITH_KEYS, KEY_POLICIES, KEYS, log_keys

if TYPE_CHECKING:
    from rules._documents import Statement


def _is_public(statement: Statement) -> bool:
    return statement.allows and statement.everybody and not statement.names_callers


RULE = StackRule(
    id="log-key-not-public",
    title="A log key's policy grants nothing to everybody.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls=controls("kms_key_not_publicly_accessible"),
    link="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    rationale=(
        "A statement for everybody without a condition that names the callers lets any principal"
        " of any account use the key: to decrypt log files that leaked, to schedule the key's"
        " deletion, or to change its policy."
    ),
    mend="Name principals, or add a condition such as kms:CallerAccount.",
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
                    "Principal": {"AWS": "*"},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}},
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
                    "Principal": {"AWS": "*"},
                    "Action": "kms:Decrypt",
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
    check=no_statement_may(
        log_keys,
        _is_public,
        problem="allows everybody, because no condition names the callers",
        mend="name the principals, or add a condition such as kms:CallerAccount",
    ),
)
