"""Roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.services.iam.entity import (
    GONE,
    NAME_OR_PREFIX,
    PREFIX_KEPT,
    document,
    everything,
    name_rules,
    requested,
)
from sandbox.plugin.shapes import rfc3339
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import (
    arn,
    between,
    iam_policy,
    json_text,
    length,
    not_matching,
)

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SETTINGS = {
    "description": "Description",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
}


def _create(call: Call) -> str:
    made = call.client("iam").create_role(
        RoleName=given_name(call.inputs),
        AssumeRolePolicyDocument=compact_json(call.inputs["assumeRolePolicy"]),
        Tags=tag_list(call.tags),
        **requested(call.inputs, _SETTINGS),
    )
    return str(made["Role"]["RoleName"])


def _update(call: Call) -> None:
    client, wanted = call.client("iam"), call.inputs
    if call.has_changed("assumeRolePolicy"):
        client.update_assume_role_policy(
            RoleName=call.id, PolicyDocument=compact_json(wanted["assumeRolePolicy"])
        )
    if call.has_changed("description"):
        client.update_role_description(RoleName=call.id, Description=wanted.get("description", ""))
    if call.has_changed("maxSessionDuration"):
        client.update_role(RoleName=call.id, MaxSessionDuration=wanted["maxSessionDuration"])
    if call.has_changed("permissionsBoundary"):
        boundary = wanted.get("permissionsBoundary")
        if boundary:
            client.put_role_permissions_boundary(RoleName=call.id, PermissionsBoundary=boundary)
        else:
            client.delete_role_permissions_boundary(RoleName=call.id)


def _configure(call: Call) -> None:
    """Make the policies exactly those of the program, if it lists them on the role itself."""
    client = call.client("iam")
    if call.has_changed("inlinePolicies"):
        wanted = {item["name"]: item["policy"] for item in call.inputs["inlinePolicies"]}
        for name in set(_inline(call)) - set(wanted):
            client.delete_role_policy(RoleName=call.id, PolicyName=name)
        for name, policy in wanted.items():
            client.put_role_policy(RoleName=call.id, PolicyName=name, PolicyDocument=policy)
    if call.has_changed("managedPolicyArns"):
        managed, live = set(call.inputs["managedPolicyArns"]), set(_managed(call))
        for policy in live - managed:
            client.detach_role_policy(RoleName=call.id, PolicyArn=policy)
        for policy in managed - live:
            client.attach_role_policy(RoleName=call.id, PolicyArn=policy)


def _inline(call: Call) -> list[str]:
    return everything(call, "list_role_policies", "PolicyNames", RoleName=call.id)


def _managed(call: Call) -> list[str]:
    attached = everything(call, "list_attached_role_policies", "AttachedPolicies", RoleName=call.id)
    return [policy["PolicyArn"] for policy in attached]


def _read(call: Call) -> Properties | None:
    client = call.client("iam")
    role = find(lambda: client.get_role(RoleName=call.id)["Role"], GONE)
    if role is None:
        return None
    policies: list[Any] = [
        client.get_role_policy(RoleName=call.id, PolicyName=name) for name in _inline(call)
    ]
    return {
        **role_outputs(role),
        "inlinePolicies": [
            {"name": policy["PolicyName"], "policy": document(policy["PolicyDocument"])}
            for policy in policies
        ],
        "managedPolicyArns": _managed(call),
    }


def role_outputs(role: Properties) -> Properties:
    """What GetRole answers, in Pulumi's words."""
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": document(role["AssumeRolePolicyDocument"]),
        "createDate": rfc3339(role["CreateDate"]),
        "description": role.get("Description", ""),
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": tag_map(role.get("Tags", [])),
        "uniqueId": role["RoleId"],
    }


def _delete(call: Call) -> None:
    client, force = call.client("iam"), call.state.get("forceDetachPolicies")
    with ignoring(GONE):
        if force or call.state.get("managedPolicyArns"):
            for policy in _managed(call):
                client.detach_role_policy(RoleName=call.id, PolicyArn=policy)
        if force or call.state.get("inlinePolicies"):
            for name in _inline(call):
                client.delete_role_policy(RoleName=call.id, PolicyName=name)
        client.delete_role(RoleName=call.id)


ROLE = ResourceType(
    type="aws:iam/role:Role",
    noun="IAM Role",
    create=_create,
    update=_update,
    configure=_configure,
    read=_read,
    delete=_delete,
    tag=tagger("iam", "RoleName", "role"),
    name=AutoName(max_length=64),
    replace=frozenset({"name", "namePrefix", "path"}),
    defaults={"maxSessionDuration": 3600, "path": "/"},
    computed=frozenset({"name", "namePrefix", "inlinePolicies", "managedPolicyArns"}),
    sets=frozenset({"inlinePolicies", "managedPolicyArns"}),
    equal={
        "assumeRolePolicy": equivalent_policies,
        "inlinePolicies.*.policy": equivalent_policies,
    },
    state_only={"forceDetachPolicies": "only for the provider", **PREFIX_KEPT},
    validate={
        "assumeRolePolicy": (json_text,),
        "description": (
            length(0, 1000),
            not_matching(
                "[\u201c\u2018]",
                "invalid value for {name} (cannot contain specially formatted single or double "
                "quotes: [\u201c\u2018])",
            ),
        ),
        "inlinePolicies.*.name": (length(1, 128), *name_rules(128)),
        "inlinePolicies.*.policy": (iam_policy,),
        "managedPolicyArns.*": (arn,),
        "maxSessionDuration": (between(3600, 43200),),
        "name": name_rules(64),
        "namePrefix": name_rules(38),
        "path": (length(0, 512),),
        "permissionsBoundary": (arn,),
    },
    relations=(NAME_OR_PREFIX,),
)

RESOURCES = (ROLE,)
