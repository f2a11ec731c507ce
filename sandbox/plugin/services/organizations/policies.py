"""Service and resource control policies, and where they are attached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.policies import compact_json, equal_json
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, split_id
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import json_text, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

TYPES: Final = (
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
)
_GONE: Final = ("PolicyNotFoundException", "AWSOrganizationsNotInUseException")
_SKIP_DESTROY: Final = {"skipDestroy": "only for the provider"}


def _create(call: Call) -> str:
    wanted = call.inputs
    made = call.client("organizations").create_policy(
        Content=wanted["content"],
        Description=wanted.get("description", ""),
        Name=wanted["name"],
        Type=wanted["type"],
        Tags=tag_list(call.tags),
    )
    return str(made["Policy"]["PolicySummary"]["Id"])


def _update(call: Call) -> None:
    names = {"content": "Content", "description": "Description", "name": "Name"}
    changed = {
        theirs: call.inputs.get(ours, "")
        for ours, theirs in names.items()
        if call.has_changed(ours)
    }
    if changed:
        call.client("organizations").update_policy(PolicyId=call.id, **changed)


def _read(call: Call) -> Properties | None:
    client = call.client("organizations")
    policy = find(lambda: client.describe_policy(PolicyId=call.id)["Policy"], *_GONE)
    if policy is None:
        return None
    summary = policy["PolicySummary"]
    if summary.get("AwsManaged"):
        raise ResourceError(
            f"AWS-managed Organizations policy ({call.id}) cannot be imported: reference it by id"
        )
    return {
        "arn": summary["Arn"],
        "content": compact_json(policy["Content"]),
        "description": summary.get("Description", ""),
        "name": summary["Name"],
        "tags": tag_map(client.list_tags_for_resource(ResourceId=call.id)["Tags"]),
        "type": summary["Type"],
    }


def _delete(call: Call) -> None:
    if not call.state.get("skipDestroy"):
        with ignoring("PolicyNotFoundException"):
            call.client("organizations").delete_policy(PolicyId=call.id)


POLICY = ResourceType(
    type="aws:organizations/policy:Policy",
    noun="Organizations Policy",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    tag=tagger("organizations", "ResourceId"),
    name=AutoName(),
    replace=frozenset({"type"}),
    defaults={"type": "SERVICE_CONTROL_POLICY"},
    equal={"content": equal_json},
    state_only=_SKIP_DESTROY,
    validate={"content": (json_text,), "type": (one_of(*TYPES),)},
)


def _attach(call: Call) -> str:
    policy, target = call.inputs["policyId"], call.inputs["targetId"]
    call.client("organizations").attach_policy(PolicyId=policy, TargetId=target)
    return f"{target}:{policy}"


def _read_attachment(call: Call) -> Properties | None:
    target, policy = _parts(call.id)
    pages = call.client("organizations").get_paginator("list_targets_for_policy")
    found = find(
        lambda: [
            item["TargetId"] for page in pages.paginate(PolicyId=policy) for item in page["Targets"]
        ],
        *_GONE,
    )
    return {"policyId": policy, "targetId": target} if target in (found or ()) else None


def _detach(call: Call) -> None:
    if call.state.get("skipDestroy"):
        return
    target, policy = _parts(call.id)
    with ignoring(
        "PolicyNotAttachedException", "PolicyNotFoundException", "TargetNotFoundException"
    ):
        call.client("organizations").detach_policy(PolicyId=policy, TargetId=target)


def _parts(id_: str) -> tuple[str, str]:
    return split_id(id_, ":", "<target-id>:<policy-id>")


ATTACHMENT = ResourceType(
    type="aws:organizations/policyAttachment:PolicyAttachment",
    noun="Organizations Policy Attachment",
    create=_attach,
    read=_read_attachment,
    delete=_detach,
    label="policyId",
    replace=frozenset({"policyId", "targetId"}),
    state_only=_SKIP_DESTROY,
)

RESOURCES = (POLICY, ATTACHMENT)
