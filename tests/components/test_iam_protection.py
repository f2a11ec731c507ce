import json
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, IamProtection, IamProtectionArgs
from cloudtrail_guard.iam_protection import planned_policy_names

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


RECORD = [
    "ProtectCloudTrail",
    "ProtectCloudTrailBucket",
    "ProtectCloudTrailLogs",
    "RequireKeyDeletionWindow",
    "ProtectKeysInUse",
    "ProtectOrganization",
]
ACCESS = [
    "ProtectExemptRoles",
    "ProtectBreakGlassSessions",
    "ProtectAccountMonitoring",
    "ProtectGuardrailPolicies",
    "ProtectGuardrailAttachments",
    "ProtectBoundaries",
    "RequireBoundary",
    "ProtectCredentials",
]
BOUNDARY = [
    "AllowEverythingElse",
    "ProtectCloudTrail",
    "ProtectCloudTrailBucket",
    "ProtectAccountMonitoring",
    "ProtectGuardrailAttachments",
    "ProtectBoundaries",
    "RequireBoundary",
    "ProtectCredentials",
]


@pytest.mark.parametrize(
    ("policy", "statements"),
    [
        ("guard", RECORD),
        ("guard-access", ACCESS),
        ("guard-mfa", ["RequireMfaForCloudTrail"]),
        ("guard-boundary", BOUNDARY),
    ],
)
def test_two_policies_deny_one_asks_for_mfa_and_one_is_a_boundary(
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
        "guard-access-group-Developers",
        "guard-access-user-alice",
        "guard-access-role-ReadOnly",
        "guard-user-alice",
        "guard-role-ReadOnly",
        "guard-mfa-group-Admins",
    }


def test_a_preview_knows_every_policy() -> None:
    assert sids(make(preview=True), "guard") == RECORD


def test_the_groups_that_have_the_policies_are_protected_from_losing_members() -> None:
    policy = make({"groups": ["Developers"], "mfa_groups": ["Admins"]}).only(
        "Policy", "guard-access"
    )

    document = policy.inputs["policy"]
    assert "iam:RemoveUserFromGroup" in document
    for group in ("group/Developers", "group/*/Developers", "group/Admins"):
        assert f"arn:aws:iam::*:{group}" in document


def test_long_lists_of_exempt_roles_make_more_policies_with_the_same_statements() -> None:
    many = {
        "deployer_role_arns": [f"arn:aws:iam::111122223333:role/Deploy{i:02}" for i in range(15)],
        "groups": ["Developers"],
    }
    deployment = make(many)

    names = sorted(each.inputs["name"] for each in deployment.of_type("Policy"))
    args: Any = {**ARGS, **many}
    assert names == sorted(planned_policy_names("guard", args))
    spread = [sid for name in names if "-access" in name for sid in sids(deployment, name)]
    assert sorted(spread) == sorted(ACCESS)
    attached = {each.name for each in deployment.of_type("GroupPolicyAttachment")}
    assert {"guard-access-group-Developers", "guard-access-2-group-Developers"} <= attached


def test_a_key_that_is_not_known_yet_counts_in_the_preview_with_its_longest_name() -> None:
    roles = [f"arn:aws:iam::111122223333:role/{i:0>40}" for i in range(45)]

    def program() -> None:
        args: Any = {
            **ARGS,
            "log_key_arn": pulumi.Output.from_input(ARGS.get("log_key_arn")),
            "own_role_arns": roles,
        }
        IamProtection("guard", args)

    with pytest.raises(ArgumentError, match="leave out an optional part: own_role_arns"):
        deploy(program)


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
            "the IAM policies: .* more than the quota of 6,144;.*leave out .* monitoring_arns",
        ),
    ],
)
def test_policies_that_iam_would_refuse_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
