"""Roles, and looking them up."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags, outputs_of
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import NOT_FOUND, AutoName, ResourceError, function
from sandbox.plugin.services.iam.policies import GONE, iam_name
from sandbox.plugin.validators import arn, iam_policy, json_text, length, not_matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _update_role(call: Call) -> None:
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


def _configure_role(call: Call) -> None:
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
    return _ROLES.send(call, "ListRolePolicies", RoleName=call.id)["PolicyNames"]


def _managed(call: Call) -> list[str]:
    attached = _ROLES.send(call, "ListAttachedRolePolicies", RoleName=call.id)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in attached]


def _role_details(role: Properties) -> Properties:
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {"description": role.get("Description", ""), "permissionsBoundary": boundary}


def _live_role(call: Call, role: Properties) -> Properties:
    client = call.client("iam")
    policies = (client.get_role_policy(RoleName=call.id, PolicyName=name) for name in _inline(call))
    return {
        **_role_details(role),
        "inlinePolicies": [
            {
                "name": policy["PolicyName"],
                "policy": compact_json(json.dumps(policy["PolicyDocument"])),
            }
            for policy in policies
        ],
        "managedPolicyArns": _managed(call),
    }


def _delete_role(call: Call) -> None:
    client, force = call.client("iam"), call.state.get("forceDetachPolicies")
    if _ROLES.find(call, "GetRole", RoleName=call.id) is None:
        return
    if force or call.state.get("managedPolicyArns"):
        for policy in _managed(call):
            client.detach_role_policy(RoleName=call.id, PolicyArn=policy)
    if force or call.state.get("inlinePolicies"):
        for name in _inline(call):
            client.delete_role_policy(RoleName=call.id, PolicyName=name)
    _ROLES.remove(call)


_ROLE_NAMES: Final = {
    "assumeRolePolicy": "AssumeRolePolicyDocument",
    "name": "RoleName",
    "uniqueId": "RoleId",
}
_ROLES: Final = Api(
    service="iam",
    create="CreateRole",
    read="GetRole",
    delete="DeleteRole",
    id="{name}",
    names=_ROLE_NAMES,
    answer="Role",
    outputs=_live_role,
    gone=GONE,
    tags=Tags(target="RoleName", by_arn=False, tag="TagRole", untag="UntagRole"),
)
ROLE = _ROLES.row(
    type="aws:iam/role:Role",
    noun="IAM Role",
    update=_update_role,
    configure=_configure_role,
    delete=_delete_role,
    name=AutoName(max_length=64),
    replace={"path"},
    defaults={"maxSessionDuration": 3600, "path": "/"},
    sets={"inlinePolicies", "managedPolicyArns"},
    equal=dict.fromkeys(("assumeRolePolicy", "inlinePolicies.*.policy"), equivalent_policies),
    state_only={"forceDetachPolicies": "only for the provider"},
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
        "inlinePolicies.*.name": (length(1, 128), *iam_name(128)),
        "inlinePolicies.*.policy": (iam_policy,),
        "managedPolicyArns.*": (arn,),
        "name": iam_name(64),
        "namePrefix": iam_name(38),
        "permissionsBoundary": (arn,),
    },
)

# Functions

_ASSUMED_ROLE: Final = re.compile(
    r"arn:[^:]+:sts:[^:]*:\d{12}:assumed-role/(?:.+/)?([^/]+)/([^/]+)"
)


def _role(call: Call, name: str) -> Properties:
    found = _ROLES.find(call, "GetRole", RoleName=name)
    if found is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return found["Role"]


@function("iam/getRole", "IAM Role", "name")
def find_role(call: Call) -> Properties:
    """A role by its name."""
    role = _role(call, str(call.inputs["name"]))
    found = {**outputs_of(call, role, _ROLE_NAMES), **_role_details(role)}
    return {
        **found,
        "assumeRolePolicy": compact_json(found["assumeRolePolicy"]),
        "id": role["RoleName"],
        "permissionsBoundary": found["permissionsBoundary"] or "",
        "roleLastUseds": [],
        "tags": found.get("tags", {}),
    }


@function("iam/getSessionContext", "IAM Session Context", "arn")
def find_session_context(call: Call) -> Properties:
    """The role behind the ARN of a session; for any other ARN, that ARN."""
    session = str(call.inputs["arn"])
    for problem in arn("arn", session):
        raise ResourceError(problem)
    match = _ASSUMED_ROLE.fullmatch(session)
    if match is None:
        none = dict.fromkeys(("issuerId", "issuerName", "sessionName"), "")
        return {"id": session, "issuerArn": session, **none}
    role = _role(call, match[1])
    return {
        "id": session,
        "issuerArn": role["Arn"],
        "issuerId": role["RoleId"],
        "issuerName": match[1],
        "sessionName": match[2],
    }
