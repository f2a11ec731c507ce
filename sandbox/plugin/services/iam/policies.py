"""Managed policies, policies in a role, attachments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import arn, at_least, iam_policy, length, matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call, ResourceType, Validator
    from sandbox.plugin.values import Properties

GONE: Final = ("NoSuchEntity",)
_MAX_VERSIONS: Final = 5


def iam_name(max_length: int) -> tuple[Validator, ...]:
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
    gone=GONE,
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
        "name": iam_name(128),
        "namePrefix": iam_name(102),
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
    gone=GONE,
).row(
    type="aws:iam/rolePolicy:RolePolicy",
    noun="IAM Role Policy",
    put_verb="putting",
    name=AutoName(max_length=128),
    equal={"policy": equivalent_policies},
    validate={"name": iam_name(128), "namePrefix": iam_name(102), "policy": (iam_policy,)},
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
        gone=GONE,
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
