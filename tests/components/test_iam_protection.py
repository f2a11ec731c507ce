import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, IamProtection, IamProtectionArgs

from tests.support.deployment import Deployment, deploy

ARGS: IamProtectionArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "break_glass_role_arns": ["arn:aws:iam::111122223333:role/AdminRole"],
    "deployer_role_arns": ["arn:aws:iam::111122223333:role/Deploy"],
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: IamProtection("guard", args), **options)


def sids(deployment: Deployment, name: str) -> list[str]:
    policy = json.loads(deployment.only("Policy", name).inputs["policy"])
    return [statement["Sid"] for statement in policy["Statement"]]


DENIES = [
    "ProtectCloudTrail",
    "ProtectCloudTrailBucket",
    "ProtectCloudTrailLogs",
    "RequireKeyDeletionWindow",
    "ProtectOrganization",
    "ProtectGuardrailAttachments",
    "ProtectBoundaries",
]


@pytest.mark.parametrize(
    ("policy", "statements"),
    [
        ("guard", DENIES),
        ("guard-mfa", ["RequireMfaForCloudTrail"]),
        ("guard-boundary", ["AllowEverythingElse", *DENIES, "RequireBoundary"]),
    ],
)
def test_there_is_a_policy_that_denies_one_that_asks_for_mfa_and_a_boundary(
    policy: str, statements: list[str]
) -> None:
    assert sids(make(), policy) == statements


def test_the_policies_hang_on_the_groups_users_and_roles_that_are_named() -> None:
    deployment = make(
        {
            "groups": ["Developers"],
            "users": ["alice"],
            "roles": ["ReadOnly"],
            "mfa_groups": ["Admins"],
        }
    )

    attached = {
        r.name
        for kind in ("GroupPolicyAttachment", "UserPolicyAttachment", "RolePolicyAttachment")
        for r in deployment.of_type(kind)
    }
    assert attached == {
        "guard-group-Developers",
        "guard-user-alice",
        "guard-role-ReadOnly",
        "guard-mfa-group-Admins",
    }


def test_a_preview_knows_every_policy() -> None:
    assert sids(make(preview=True), "guard") == DENIES


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"break_glass_role_arns": []}, "IamProtection 'guard': .* no break-glass role"),
        (
            {
                "monitoring_arns": [
                    f"arn:aws:sns:eu-west-1:111122223333:{i:0>99}" for i in range(60)
                ]
            },
            "the IAM managed policy has .* more than AWS allows.*leave out .* monitoring_arns",
        ),
    ],
)
def test_policies_that_iam_would_refuse_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
