from dataclasses import replace
from typing import Any, cast

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.log_key import KEY_POLICY_SIDS, LogKeyAccess, log_key_policy

TRAIL = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"
CONTEXT = "arn:aws:cloudtrail:*:123456789012:trail/SecurityAuditTrail"
READER = "arn:aws:iam::111122223333:role/Investigator"


def statements(policy: Document) -> dict[str, dict[str, Any]]:
    return {s["Sid"]: s for s in cast("list[dict[str, Any]]", policy["Statement"])}


@pytest.mark.parametrize(
    ("sid", "action", "condition"),
    [
        (
            "AllowCloudTrailEncrypt",
            "kms:GenerateDataKey*",
            {
                "StringEquals": {"aws:SourceArn": TRAIL},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": CONTEXT},
            },
        ),
        (
            "AllowCloudTrailDescribeKey",
            "kms:DescribeKey",
            {"StringEquals": {"aws:SourceArn": TRAIL}},
        ),
    ],
)
def test_cloudtrail_uses_the_key_for_these_trails_alone(
    key_access: LogKeyAccess, sid: str, action: str, condition: dict[str, object]
) -> None:
    assert statements(log_key_policy(key_access))[sid] == {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": action,
        "Resource": "*",
        "Condition": condition,
    }


def test_readers_decrypt_logs_and_nothing_else(key_access: LogKeyAccess) -> None:
    policy = statements(log_key_policy(replace(key_access, readers=(READER,))))

    assert policy["AllowLogReadersDecrypt"] == {
        "Sid": "AllowLogReadersDecrypt",
        "Effect": "Allow",
        "Principal": {"AWS": READER},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": CONTEXT}},
    }


def test_without_readers_nobody_is_granted_decryption(key_access: LogKeyAccess) -> None:
    assert "AllowLogReadersDecrypt" not in statements(log_key_policy(key_access))


def test_the_account_keeps_the_administration(key_access: LogKeyAccess) -> None:
    assert statements(log_key_policy(key_access))["AllowAccountAdministration"] == {
        "Sid": "AllowAccountAdministration",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def test_the_key_is_changed_by_break_glass_and_deployer_alone(key_access: LogKeyAccess) -> None:
    deny = statements(log_key_policy(key_access))["DenyKeyTampering"]

    assert (deny["Effect"], deny["Principal"]) == ("Deny", {"AWS": "*"})
    assert {"kms:PutKeyPolicy", "kms:CreateGrant", "kms:UpdateAlias"} <= set(deny["Action"])
    assert deny["Condition"] == {
        "ArnNotLike": {
            "aws:PrincipalArn": [
                "arn:aws:iam::111122223333:role/AdminRole",
                "arn:aws:iam::111122223333:role/pipeline/Deploy",
            ]
        }
    }


def test_member_trails_encrypt_by_name_and_only_from_the_organization(
    key_access: LogKeyAccess,
) -> None:
    members = replace(
        key_access,
        member_trails=("DataAccess",),
        organization_id="o-a1b2c3d4e5",
        readers=(READER,),
    )

    policy = statements(log_key_policy(members))

    trail = "arn:aws:cloudtrail:*:*:trail/DataAccess"
    from_there = {
        "ArnLike": {"aws:SourceArn": trail},
        "StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
    }
    context = "kms:EncryptionContext:aws:cloudtrail:arn"
    assert policy["AllowMemberTrailsEncrypt"]["Action"] == "kms:GenerateDataKey*"
    assert policy["AllowMemberTrailsEncrypt"]["Condition"] == {
        **from_there,
        "StringLike": {context: trail},
    }
    assert policy["AllowMemberTrailsDescribeKey"]["Condition"] == from_there
    assert trail in policy["AllowLogReadersDecrypt"]["Condition"]["StringLike"][context]


def test_every_sid_is_known_to_the_merge(key_access: LogKeyAccess) -> None:
    full = replace(
        key_access, readers=(READER,), member_trails=("DataAccess",), organization_id="o-a1b2c3d4e5"
    )
    assert set(statements(log_key_policy(full))) == KEY_POLICY_SIDS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trails": ()}, "admits no trail"),
        ({"break_glass": ()}, "no break-glass role"),
        ({"member_trails": ("DataAccess",)}, "without an organization id"),
        ({"trails": ("arn:aws:s3:::b",)}, "is not an ARN of the form arn:<partition>:cloudtrail"),
        (
            {"readers": tuple(f"arn:aws:iam::111122223333:role/{i:0>64}" for i in range(400))},
            "more than AWS allows",
        ),
    ],
)
def test_a_key_policy_that_would_not_work_is_refused(
    key_access: LogKeyAccess, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        log_key_policy(replace(key_access, **change))


def test_the_key_is_disabled_and_deleted_by_break_glass_alone(key_access: LogKeyAccess) -> None:
    deny = statements(log_key_policy(key_access))["DenyKeyDestruction"]

    assert set(deny["Action"]) == {
        "kms:DisableKey",
        "kms:ScheduleKeyDeletion",
        "kms:DeleteImportedKeyMaterial",
    }
    assert deny["Condition"] == {
        "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/AdminRole"}
    }


def test_no_one_deletes_the_key_before_30_days(key_access: LogKeyAccess) -> None:
    deny = statements(log_key_policy(key_access))["DenyEarlyKeyDeletion"]

    assert deny["Action"] == "kms:ScheduleKeyDeletion"
    assert deny["Condition"] == {
        "NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}
    }
