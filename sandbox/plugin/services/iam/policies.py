"""Policies, on their own and in a role, and their attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, split_id
from sandbox.plugin.services.iam.entity import (
    GONE,
    NAME_OR_PREFIX,
    PREFIX_KEPT,
    document,
    everything,
    name_rules,
    requested,
)
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import arn, at_least, iam_policy, length

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_MAX_VERSIONS = 5


# Managed policies


def _create_policy(call: Call) -> str:
    made = call.client("iam").create_policy(
        PolicyName=given_name(call.inputs),
        PolicyDocument=compact_json(call.inputs["policy"]),
        Tags=tag_list(call.tags),
        **requested(call.inputs, {"description": "Description", "path": "Path"}),
    )
    return str(made["Policy"]["Arn"])


def _update_policy(call: Call) -> None:
    if not call.has_changed("policy"):
        return
    client = call.client("iam")
    versions = everything(call, "list_policy_versions", "Versions", PolicyArn=call.id)
    if len(versions) >= _MAX_VERSIONS:
        spare = [version for version in versions if not version["IsDefaultVersion"]]
        oldest = min(spare, key=lambda version: version["CreateDate"])
        client.delete_policy_version(PolicyArn=call.id, VersionId=oldest["VersionId"])
    client.create_policy_version(
        PolicyArn=call.id, PolicyDocument=compact_json(call.inputs["policy"]), SetAsDefault=True
    )


def _read_policy(call: Call) -> Properties | None:
    client = call.client("iam")
    policy = find(lambda: client.get_policy(PolicyArn=call.id)["Policy"], GONE)
    if policy is None:
        return None
    version = client.get_policy_version(PolicyArn=call.id, VersionId=policy["DefaultVersionId"])[
        "PolicyVersion"
    ]
    return {
        "arn": policy["Arn"],
        "attachmentCount": policy.get("AttachmentCount", 0),
        "description": policy.get("Description", ""),
        "name": policy["PolicyName"],
        "path": policy["Path"],
        "policy": document(version["Document"]),
        "policyId": policy["PolicyId"],
        "tags": tag_map(policy.get("Tags", [])),
    }


def _delete_policy(call: Call) -> None:
    client = call.client("iam")
    with ignoring(GONE):
        for version in everything(call, "list_policy_versions", "Versions", PolicyArn=call.id):
            if not version["IsDefaultVersion"]:
                client.delete_policy_version(PolicyArn=call.id, VersionId=version["VersionId"])
        client.delete_policy(PolicyArn=call.id)


def _identify_policy(id_: str) -> Properties:
    for problem in arn("id", id_):
        raise ResourceError(f"{problem}: an IAM policy is imported by its ARN")
    return {}


POLICY = ResourceType(
    type="aws:iam/policy:Policy",
    noun="IAM Policy",
    create=_create_policy,
    update=_update_policy,
    read=_read_policy,
    delete=_delete_policy,
    tag=tagger("iam", "PolicyArn", "policy"),
    name=AutoName(max_length=128),
    replace=frozenset({"name", "namePrefix", "path", "description"}),
    defaults={"path": "/"},
    computed=frozenset({"name", "namePrefix"}),
    equal={"policy": equivalent_policies},
    state_only={"delayAfterPolicyCreationInMs": "only for the provider", **PREFIX_KEPT},
    validate={
        "delayAfterPolicyCreationInMs": (at_least(0),),
        "description": (length(0, 1000),),
        "name": name_rules(128),
        "namePrefix": name_rules(102),
        "path": (length(0, 512),),
        "policy": (iam_policy,),
    },
    relations=(NAME_OR_PREFIX,),
    identify=_identify_policy,
)


# Policies in a role


def _create_role_policy(call: Call) -> str:
    role, name = call.inputs["role"], given_name(call.inputs)
    _put_role_policy(call.at(f"{role}:{name}"))
    return f"{role}:{name}"


def _put_role_policy(call: Call) -> None:
    role, name = _role_and_name(call.id)
    call.client("iam").put_role_policy(
        RoleName=role, PolicyName=name, PolicyDocument=compact_json(call.inputs["policy"])
    )


def _read_role_policy(call: Call) -> Properties | None:
    role, name = _role_and_name(call.id)
    client = call.client("iam")
    found = find(lambda: client.get_role_policy(RoleName=role, PolicyName=name), GONE)
    return found and {"name": name, "policy": document(found["PolicyDocument"]), "role": role}


def _delete_role_policy(call: Call) -> None:
    role, name = _role_and_name(call.id)
    with ignoring(GONE):
        call.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


def _role_and_name(id_: str) -> tuple[str, str]:
    return split_id(id_, ":", "<role name>:<role policy name>")


ROLE_POLICY = ResourceType(
    type="aws:iam/rolePolicy:RolePolicy",
    noun="IAM Role Policy",
    put_verb="putting",
    create=_create_role_policy,
    update=_put_role_policy,
    read=_read_role_policy,
    delete=_delete_role_policy,
    name=AutoName(max_length=128),
    replace=frozenset({"name", "namePrefix", "role"}),
    computed=frozenset({"name", "namePrefix"}),
    equal={"policy": equivalent_policies},
    state_only=PREFIX_KEPT,
    validate={
        "name": name_rules(128),
        "namePrefix": name_rules(102),
        "policy": (iam_policy,),
    },
    relations=(NAME_OR_PREFIX,),
)


# Attachments


def _attachment(entity: str, noun: str) -> ResourceType:
    """The row of attachments to a kind of entity: `role`, `group` or `user`."""

    def attach(call: Call) -> str:
        name, policy = call.inputs[entity], call.inputs["policyArn"]
        _operation(call, "attach", entity)(**{f"{noun}Name": name}, PolicyArn=policy)
        return f"{name}/{policy}"

    def read(call: Call) -> Properties | None:
        name, policy = _entity_and_policy(call.id, entity)
        operation = f"list_attached_{entity}_policies"
        attached = find(
            lambda: everything(call, operation, "AttachedPolicies", **{f"{noun}Name": name}), GONE
        )
        if policy not in {item["PolicyArn"] for item in attached or ()}:
            return None
        return {"policyArn": policy, entity: name}

    def detach(call: Call) -> None:
        name, policy = _entity_and_policy(call.id, entity)
        with ignoring(GONE):
            _operation(call, "detach", entity)(**{f"{noun}Name": name}, PolicyArn=policy)

    return ResourceType(
        type=f"aws:iam/{entity}PolicyAttachment:{noun}PolicyAttachment",
        noun=f"IAM {noun} Policy Attachment",
        put_verb="attaching",
        create=attach,
        read=read,
        delete=detach,
        label=entity,
        replace=frozenset({"policyArn", entity}),
        delete_before_replace=True,
        validate={"policyArn": (arn,)},
    )


def _operation(call: Call, verb: str, entity: str) -> Callable[..., object]:
    operation: Callable[..., object] = getattr(call.client("iam"), f"{verb}_{entity}_policy")
    return operation


def _entity_and_policy(id_: str, entity: str) -> tuple[str, str]:
    return split_id(id_, "/", f"<{entity}-name>/<policy_arn>")


RESOURCES = (
    POLICY,
    ROLE_POLICY,
    _attachment("role", "Role"),
    _attachment("group", "Group"),
    _attachment("user", "User"),
)
