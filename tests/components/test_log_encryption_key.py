import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, LogEncryptionKey, LogEncryptionKeyArgs

from tests.support.deployment import Deployment, deploy

KEY_ID = "0000abcd-12ab-34cd-56ef-1234567890ab"
KEY_ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
THEIRS = {"Sid": "Theirs", "Effect": "Allow", "Principal": "x", "Action": "kms:*", "Resource": "*"}

ARGS: LogEncryptionKeyArgs = {
    "trail_arns": ["arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"],
    "break_glass_role_arns": ["arn:aws:iam::111122223333:role/AdminRole"],
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogEncryptionKey("logs", args), **options)


def adopt(change: dict[str, Any] | None = None) -> Deployment:
    live = {"arn": KEY_ARN, "policy": json.dumps({"Version": "2012-10-17", "Statement": [THEIRS]})}
    return make({"existing_key_arn": KEY_ARN, **(change or {})}, live={KEY_ID: live})


def sids(policy: str) -> list[str]:
    return [statement["Sid"] for statement in json.loads(policy)["Statement"]]


def test_a_new_key_rotates_and_can_be_saved_for_thirty_days() -> None:
    key = make().only("Key")

    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["deletionWindowInDays"] == 30


def test_a_new_key_has_an_alias() -> None:
    assert make().only("Alias").inputs["name"] == "alias/logs"
    assert make({"alias": "alias/mine"}).only("Alias").inputs["name"] == "alias/mine"


def test_the_key_policy_is_of_the_account_that_deploys_and_never_locks_it_out() -> None:
    policy = json.loads(make().only("Key").inputs["policy"])

    by_sid = {s["Sid"]: s for s in policy["Statement"]}
    assert by_sid["AllowAccountAdministration"]["Principal"] == {
        "AWS": "arn:aws:iam::111122223333:root"
    }
    exempt = by_sid["DenyKeyTampering"]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert "arn:aws:iam::111122223333:role/pipeline/Deploy" in exempt


def test_a_preview_from_nothing_knows_the_whole_policy() -> None:
    assert sids(make(preview=True).only("Key").inputs["policy"])


def test_key_and_alias_are_protected_and_stay_in_aws() -> None:
    for resource in [make().only("Key"), make().only("Alias")]:
        assert resource.protect
        assert resource.retain_on_delete
    assert not make({"protect": False}).only("Key").protect
    assert make({"protect": False}).only("Key").retain_on_delete


def test_an_existing_key_is_not_made_again_and_its_policy_is_extended() -> None:
    deployment = adopt()

    assert deployment.only("Key").read
    assert deployment.of_type("Alias") == []
    extended = deployment.only("KeyPolicy")
    assert extended.inputs["keyId"] == KEY_ID
    assert sids(extended.inputs["policy"]) == [
        "Theirs",
        "AllowAccountAdministration",
        "AllowCloudTrailEncrypt",
        "AllowCloudTrailDescribeKey",
        "DenyKeyTampering",
        "DenyKeyDestruction",
        "DenyEarlyKeyDeletion",
        "DenyDestructionInUse",
    ]
    assert extended.retain_on_delete


def test_an_existing_key_can_be_left_untouched() -> None:
    deployment = adopt({"manage_existing_policy": False})

    assert [r.type for r in deployment.resources] == ["cloudtrail-guard:index:LogEncryptionKey"]


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    change = {
        "trail_arns": [f"arn:{partition}:cloudtrail:{region}:123456789012:trail/Trail"],
        "break_glass_role_arns": [f"arn:{partition}:iam::111122223333:role/AdminRole"],
    }

    assert "arn:aws:" not in str([r.inputs for r in make(change, region=region).resources])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trail_arns": []}, "LogEncryptionKey 'logs': .* admits no trail"),
        ({"break_glass_role_arns": []}, "no break-glass role"),
        ({"trail_arns": ["SecurityAuditTrail"]}, "is not an ARN"),
        ({"existing_key_arn": "alias/mine"}, "existing_key_arn 'alias/mine' must be a key's ARN"),
        ({"existing_key_arn": "arn:aws:kms:eu-west-1:111122223333:alias/x"}, "must be a key's ARN"),
    ],
)
def test_arguments_that_aws_would_refuse_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
