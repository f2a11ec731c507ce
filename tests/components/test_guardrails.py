import json
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, Guardrails, GuardrailsArgs

from tests.support.deployment import Deployment, deploy

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ARGS: GuardrailsArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": KEY,
    "break_glass_role_arns": ["arn:aws:iam::111122223333:role/AdminRole"],
    "deployer_role_arns": ["arn:aws:iam::111122223333:role/Deploy"],
    "target_ids": ["r-a1b2"],
}
SIDS = [
    "ProtectCloudTrail",
    "ProtectCloudTrailService",
    "ProtectCloudTrailBucket",
    "ProtectCloudTrailLogs",
    "ProtectLogsFromForgery",
    "ProtectLogsFromReplication",
    "ProtectCloudTrailKey",
    "ProtectKeyFromDestruction",
    "RequireKeyDeletionWindow",
    "ProtectKeysInUse",
    "ProtectExemptRoles",
    "ProtectIdentityProviders",
    "ProtectBreakGlassSessions",
    "ProtectMembership",
    "ProtectOrganization",
    "ProtectOrganizationPolicies",
    "ProtectAccountMonitoring",
]


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: Guardrails("guard", args), **options)


def sids(content: str) -> list[str]:
    return [statement["Sid"] for statement in json.loads(content)["Statement"]]


def test_all_guardrails_fit_one_policy_that_hangs_on_the_target() -> None:
    deployment = make()

    policy = deployment.only("Policy")
    assert policy.name == "guard-1"
    assert policy.inputs["type"] == "SERVICE_CONTROL_POLICY"
    assert sids(policy.inputs["content"]) == SIDS
    attachment = deployment.only("PolicyAttachment")
    assert attachment.name == "guard-1-r-a1b2"
    assert attachment.inputs == {"policyId": "p-guard_1", "targetId": "r-a1b2"}


def test_several_targets_share_the_policies_and_keep_their_names() -> None:
    deployment = make({"target_ids": ["ou-a1b2-c3d4e5f6", "444455556666"]})

    assert len(deployment.of_type("Policy")) == 1
    assert {r.name for r in deployment.of_type("PolicyAttachment")} == {
        "guard-1-ou-a1b2-c3d4e5f6",
        "guard-1-444455556666",
    }


def test_what_does_not_fit_one_policy_is_spread_over_as_few_as_possible() -> None:
    roles = [f"arn:aws:iam::111122223333:role/{i:0>40}" for i in range(14)]

    policies = make({"break_glass_role_arns": roles, "policy_size": 5_120}).of_type("Policy")

    assert len(policies) == 5
    assert sorted(sid for p in policies for sid in sids(p.inputs["content"])) == sorted(SIDS)
    assert all(len(p.inputs["content"]) <= 5_120 for p in policies)


def test_all_that_is_optional_fits_two_policies_with_the_rest() -> None:
    everything = {
        "monitoring_arns": [f"arn:aws:{kind}:*:*:cloudtrail-guard*" for kind in ("sns", "events")],
        "own_role_arns": ["arn:aws:iam::*:role/cloudtrail-guard*"],
        "other_key_arns": [f"{KEY[:-1]}{number}" for number in range(3)],
        "stack_sets": True,
        "control_tower": True,
        "security_services": True,
        "require_mfa": True,
    }

    assert len(make(everything).of_type("Policy")) == 2


def test_a_preview_from_nothing_knows_the_whole_policy() -> None:
    assert sids(make(preview=True).only("Policy").inputs["content"]) == SIDS


def test_names_that_are_only_known_later_do_not_change_the_packing() -> None:
    def program() -> None:
        Guardrails("guard", {**ARGS, "log_key_arn": pulumi.Output.from_input(KEY)})

    policy = deploy(program).only("Policy")

    assert sids(policy.inputs["content"]) == SIDS
    assert KEY in policy.inputs["content"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_bucket_name", "org-logs"),
        ("log_key_arn", KEY),
        ("other_key_arns", [KEY]),
        ("trail_arns", ["arn:aws:cloudtrail:eu-west-1:111122223333:trail/Audit"]),
        ("break_glass_role_arns", ["arn:aws:iam::111122223333:role/AdminRole"]),
        ("deployer_role_arns", ["arn:aws:iam::111122223333:role/Deploy"]),
        ("own_role_arns", ["arn:aws:iam::111122223333:role/cloudtrail-guard-replica"]),
        ("backup_role_arns", ["arn:aws:iam::111122223333:role/Backup"]),
        ("monitoring_arns", ["arn:aws:sns:eu-west-1:111122223333:alerts"]),
    ],
)
def test_any_input_may_be_known_later(name: str, value: Any) -> None:
    first = value if isinstance(value, str) else value[0]

    def program() -> None:
        args: Any = {**ARGS, name: pulumi.Output.from_input(value)}
        Guardrails("guard", args)

    policies = deploy(program).of_type("Policy")

    assert any(first in policy.inputs["content"] for policy in policies)


def test_without_a_key_only_trail_and_bucket_are_protected() -> None:
    args: Any = {k: v for k, v in ARGS.items() if k != "log_key_arn"}

    content = deploy(lambda: Guardrails("guard", args)).only("Policy").inputs["content"]

    assert "ProtectCloudTrailKey" not in sids(content)


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_other_partitions_work_throughout(partition: str) -> None:
    change = {
        key: [arn.replace("arn:aws:", f"arn:{partition}:") for arn in ARGS[key]]  # type: ignore[literal-required]
        for key in ("break_glass_role_arns", "deployer_role_arns")
    }

    content = make({**change, "log_key_arn": KEY.replace("arn:aws:", f"arn:{partition}:")})

    assert "arn:aws:" not in content.only("Policy").inputs["content"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target_ids": []}, "Guardrails 'guard': target_ids is empty"),
        ({"break_glass_role_arns": []}, "no break-glass role"),
        ({"policy_size": 300}, "alone makes a policy of .* more than the quota of 300"),
        (
            {"policy_size": 950, "policies_per_target": 2},
            "more than the 1 that a target has room for",
        ),
    ],
)
def test_guardrails_that_cannot_work_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)


def test_resource_policies_come_beside_the_service_policies() -> None:
    deployment = make({"resource_policies": True, "organization_id": "o-a1b2c3d4e5"})

    policies = {r.name: r.inputs for r in deployment.of_type("Policy")}
    assert {name: inputs["type"] for name, inputs in policies.items()} == {
        "guard-1": "SERVICE_CONTROL_POLICY",
        "guard-resources-1": "RESOURCE_CONTROL_POLICY",
    }
    assert sids(policies["guard-resources-1"]["content"]) == [
        "ProtectLogBucketFromOutside",
        "ProtectLogBucket",
        "ProtectLogs",
        "ProtectLogsFromForgery",
        "ProtectLogsFromReplication",
        "ProtectBreakGlassSessions",
        "ProtectLogKeyFromOutside",
        "ProtectLogKey",
        "ProtectLogKeyFromDestruction",
        "RequireKeyDeletionWindow",
        "ProtectKeysInUse",
    ]
    assert {r.name for r in deployment.of_type("PolicyAttachment")} == {
        "guard-1-r-a1b2",
        "guard-resources-1-r-a1b2",
    }


def test_resource_policies_without_the_organizations_id_are_refused() -> None:
    with pytest.raises(ArgumentError, match="resource_policies need organization_id"):
        make({"resource_policies": True})


def test_mfa_can_be_asked_of_everybody() -> None:
    assert "RequireMfaForCloudTrail" in sids(
        make({"require_mfa": True}).only("Policy").inputs["content"]
    )
