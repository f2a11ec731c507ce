"""AWS IAM: roles, policies and what ties them together.

Sources: `internal/service/iam` of terraform-provider-aws.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, Tags, outputs_of
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import NOT_FOUND, AutoName, ResourceError, function
from sandbox.plugin.validators import (
    arn,
    at_least,
    iam_policy,
    json_text,
    length,
    matching,
    not_matching,
)

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call, ResourceType, Validator
    from sandbox.plugin.values import Properties

_GONE: Final = ("NoSuchEntity",)
_MAX_VERSIONS: Final = 5


def _name(max_length: int) -> tuple[Validator, ...]:
    """What IAM allows in the name of a role or policy."""
    return (
        length(0, max_length),
        matching(r"^[\w+=,.@-]*$", r"invalid value for {name} (must match [\w+=,.@-])"),
    )


# Managed policies


def _versions(call: Call) -> list[Any]:
    return _POLICIES.send(call, "ListPolicyVersions", PolicyArn=call.id)["Versions"]


def _update_policy(call: Call) -> None:
    if not call.has_changed("policy"):
        return
    client, versions = call.client("iam"), _versions(call)
    if len(versions) >= _MAX_VERSIONS:
        spare = [version for version in versions if not version["IsDefaultVersion"]]
        oldest = min(spare, key=lambda version: version["CreateDate"])
        client.delete_policy_version(PolicyArn=call.id, VersionId=oldest["VersionId"])
    client.create_policy_version(
        PolicyArn=call.id, PolicyDocument=compact_json(call.inputs["policy"]), SetAsDefault=True
    )


def _live_policy(call: Call, policy: Properties) -> Properties:
    version = call.client("iam").get_policy_version(
        PolicyArn=call.id, VersionId=policy["DefaultVersionId"]
    )["PolicyVersion"]
    document = compact_json(json.dumps(version["Document"]))
    return {"description": policy.get("Description", ""), "policy": document}


def _delete_policy(call: Call) -> None:
    if _POLICIES.find(call, "GetPolicy", PolicyArn=call.id) is None:
        return
    for version in _versions(call):
        if not version["IsDefaultVersion"]:
            which = {"PolicyArn": call.id, "VersionId": version["VersionId"]}
            call.client("iam").delete_policy_version(**which)
    _POLICIES.remove(call)


_POLICIES: Final = Api(
    service="iam",
    create="CreatePolicy",
    read="GetPolicy",
    delete="DeletePolicy",
    made="Policy.Arn",
    key="PolicyArn",
    names={"name": "PolicyName", "policy": "PolicyDocument"},
    answer="Policy",
    outputs=_live_policy,
    gone=_GONE,
    tags=Tags(target="PolicyArn", tag="TagPolicy", untag="UntagPolicy"),
)
POLICY = _POLICIES.row(
    type="aws:iam/policy:Policy",
    noun="IAM Policy",
    update=_update_policy,
    delete=_delete_policy,
    name=AutoName(max_length=128),
    replace={"name", "path", "description"},
    defaults={"path": "/"},
    equal={"policy": equivalent_policies},
    state_only={"delayAfterPolicyCreationInMs": "only for the provider"},
    validate={
        "delayAfterPolicyCreationInMs": (at_least(0),),
        "name": _name(128),
        "namePrefix": _name(102),
        "policy": (iam_policy,),
    },
)

# Policies in a role

ROLE_POLICY = Api(
    service="iam",
    create="PutRolePolicy",
    update="PutRolePolicy",
    read="GetRolePolicy",
    delete="DeleteRolePolicy",
    id="{role}:{name}",
    form="<role name>:<role policy name>",
    names={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
    gone=_GONE,
).row(
    type="aws:iam/rolePolicy:RolePolicy",
    noun="IAM Role Policy",
    put_verb="putting",
    name=AutoName(max_length=128),
    equal={"policy": equivalent_policies},
    validate={"name": _name(128), "namePrefix": _name(102), "policy": (iam_policy,)},
)

# Attachments


def _attachment(entity: str, noun: str) -> ResourceType:
    """The row of attachments to a kind of entity: `role`, `group` or `user`."""
    return Api(
        service="iam",
        create=f"Attach{noun}Policy",
        read=f"ListAttached{noun}Policies",
        delete=f"Detach{noun}Policy",
        id=f"{{{entity}}}/{{policyArn}}",
        form=f"<{entity}-name>/<policy_arn>",
        names={entity: f"{noun}Name"},
        answer="AttachedPolicies",
        gone=_GONE,
    ).row(
        type=f"aws:iam/{entity}PolicyAttachment:{noun}PolicyAttachment",
        noun=f"IAM {noun} Policy Attachment",
        put_verb="attaching",
        delete_before_replace=True,
        validate={"policyArn": (arn,)},
    )


ATTACHMENTS = (
    _attachment("role", "Role"),
    _attachment("group", "Group"),
    _attachment("user", "User"),
)

# Roles


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
    gone=_GONE,
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
        "inlinePolicies.*.name": (length(1, 128), *_name(128)),
        "inlinePolicies.*.policy": (iam_policy,),
        "managedPolicyArns.*": (arn,),
        "name": _name(64),
        "namePrefix": _name(38),
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
