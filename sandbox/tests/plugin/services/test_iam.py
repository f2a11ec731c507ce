"""Roles and policies, where they are particular."""

import json
from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import READ, TRUST, WRITE, World, deploy, document

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def test_a_role_reports_what_others_attach_without_a_change(
    provider: Provider, world: World
) -> None:
    inputs = {"name": world.name, "assumeRolePolicy": TRUST}
    role = deploy(provider, ROLE, inputs)
    policy = world.iam_policy()
    inline = deploy(provider, ROLE_POLICY, {"role": world.name, "policy": READ, "name": "in"})
    attached = deploy(provider, ATTACHMENT, {"role": world.name, "policyArn": policy})

    assert role.refresh()

    assert [item["name"] for item in role.state["inlinePolicies"]] == ["in"]
    assert role.state["managedPolicyArns"] == [policy]
    assert role.changes(inputs) == []
    attached.delete()
    inline.delete()
    assert role.refresh()
    role.delete()


def test_policies_listed_on_a_role_are_all_that_it_has(provider: Provider, world: World) -> None:
    policy = world.iam_policy()
    inputs: dict[str, Any] = {
        "name": world.name,
        "assumeRolePolicy": TRUST,
        "inlinePolicies": [{"name": "in", "policy": READ}],
        "managedPolicyArns": [policy],
    }
    role = deploy(provider, ROLE, inputs)
    client = world.client("iam")
    client.put_role_policy(RoleName=world.name, PolicyName="other", PolicyDocument=WRITE)

    assert role.refresh()
    assert role.changes(inputs) == ["inlinePolicies[1]"]
    role.update(inputs)
    assert client.list_role_policies(RoleName=world.name)["PolicyNames"] == ["in"]

    role.update({**inputs, "inlinePolicies": [], "managedPolicyArns": []})
    assert client.list_role_policies(RoleName=world.name)["PolicyNames"] == []
    assert client.list_attached_role_policies(RoleName=world.name)["AttachedPolicies"] == []
    role.delete()


@pytest.mark.parametrize("force", [True, False])
def test_a_role_with_foreign_policies_is_only_deleted_by_force(
    force: bool, provider: Provider, world: World
) -> None:
    role = deploy(
        provider,
        ROLE,
        {"name": world.name, "assumeRolePolicy": TRUST, "forceDetachPolicies": force},
    )
    world.client("iam").put_role_policy(
        RoleName=world.name, PolicyName="other", PolicyDocument=WRITE
    )

    if not force:
        with pytest.raises(ResourceError, match="DeleteConflict"):
            role.delete()
        assert role.refresh()
    role.delete()
    assert not role.refresh()


def test_a_permissions_boundary_is_set_and_taken_away(provider: Provider, world: World) -> None:
    inputs = {"name": world.name, "assumeRolePolicy": TRUST}
    boundary = world.iam_policy()
    role = deploy(provider, ROLE, inputs)

    for wanted in ({**inputs, "permissionsBoundary": boundary}, inputs):
        role.update(wanted)
        assert role.state.get("permissionsBoundary") == wanted.get("permissionsBoundary")
        assert role.changes(wanted) == []
    role.delete()


def test_a_duration_is_changed_without_losing_the_description(
    provider: Provider, world: World
) -> None:
    inputs = {"name": world.name, "assumeRolePolicy": TRUST, "description": "d"}
    role = deploy(provider, ROLE, inputs)

    role.update({**inputs, "maxSessionDuration": 7200})

    assert (role.state["description"], role.state["maxSessionDuration"]) == ("d", 7200)
    role.delete()


def test_a_trust_policy_may_be_an_object(provider: Provider, world: World) -> None:
    inputs = {"name": world.name, "assumeRolePolicy": json.loads(TRUST)}

    role = deploy(provider, ROLE, inputs)

    assert role.changes(inputs) == []
    role.delete()


@pytest.mark.parametrize(
    ("token", "inputs"),
    [(ROLE, {"assumeRolePolicy": TRUST}), (POLICY, {"policy": READ})],
)
def test_names_may_begin_with_a_prefix(
    token: str, inputs: dict[str, Any], provider: Provider, world: World
) -> None:
    wanted = {**inputs, "namePrefix": f"{world.name}-"}
    made = deploy(provider, token, wanted)

    assert made.state["name"].startswith(f"{world.name}-")
    assert made.changes(wanted) == []
    made.delete()


def test_a_policy_keeps_five_versions_at_most(provider: Provider, world: World) -> None:
    policy = deploy(provider, POLICY, {"name": world.name, "policy": READ})

    for number in range(6):
        statement = {"Effect": "Allow", "Action": f"s3:Get{number}", "Resource": "*"}
        wanted = {"name": world.name, "policy": document(statement)}
        policy.update(wanted)
        assert policy.changes(wanted) == []

    versions = world.client("iam").list_policy_versions(PolicyArn=policy.id)["Versions"]
    assert len(versions) == 5
    policy.delete()
    assert not policy.refresh()
