"""Log groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.resource import AutoName, ResourceType, conflict
from sandbox.plugin.validators import length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_NAME: Final = matching(
    r"^[0-9A-Za-z_./#-]+$",
    '"{name}" isn\'t a valid log group name (alphanumeric characters, underscores, hyphens, '
    'slashes, hash signs and dots are allowed): "{value}"',
)
_RETENTION: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192),
    *(2557, 2922, 3288, 3653),
)


def _create(call: Call) -> str:
    wanted, name = call.inputs, given_name(call.inputs)
    request: Properties = {"logGroupName": name}
    for key in ("kmsKeyId", "logGroupClass"):
        if wanted.get(key):
            request[key] = wanted[key]
    if call.tags:
        request["tags"] = call.tags
    if wanted.get("deletionProtectionEnabled"):
        request["deletionProtectionEnabled"] = True
    call.client("logs").create_log_group(**request)
    return name


def _configure(call: Call) -> None:
    client, group = call.client("logs"), {"logGroupName": call.id}
    if call.has_changed("retentionInDays"):
        if days := call.inputs.get("retentionInDays"):
            client.put_retention_policy(**group, retentionInDays=days)
        elif not call.creating:
            client.delete_retention_policy(**group)
    if call.creating:
        return
    if call.has_changed("kmsKeyId"):
        if key := call.inputs.get("kmsKeyId"):
            client.associate_kms_key(**group, kmsKeyId=key)
        else:
            client.disassociate_kms_key(**group)
    if call.has_changed("deletionProtectionEnabled"):
        client.put_log_group_deletion_protection(
            logGroupIdentifier=call.id,
            deletionProtectionEnabled=bool(call.inputs.get("deletionProtectionEnabled")),
        )


def _read(call: Call) -> Properties | None:
    client = call.client("logs")
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=call.id)
    for group in (each for page in pages for each in page["logGroups"]):
        if group["logGroupName"] != call.id:
            continue
        arn = group["arn"].removesuffix(":*")
        return {
            "arn": arn,
            "deletionProtectionEnabled": group.get("deletionProtectionEnabled", False),
            "kmsKeyId": group.get("kmsKeyId"),
            "logGroupClass": group.get("logGroupClass"),
            "name": call.id,
            "retentionInDays": group.get("retentionInDays", 0),
            "tags": client.list_tags_for_resource(resourceArn=arn)["tags"],
        }
    return None


def _delete(call: Call) -> None:
    if call.state.get("skipDestroy"):
        return
    with ignoring("ResourceNotFoundException"):
        call.client("logs").delete_log_group(logGroupName=call.id)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client = call.client("logs")
    arn = call.arn("logs", f"{call.region}:{call.account.account_id}:log-group:{call.id}")
    if removed:
        client.untag_resource(resourceArn=arn, tagKeys=removed)
    if new:
        client.tag_resource(resourceArn=arn, tags=dict(new))


def _retention(name: str, value: int) -> Iterator[str]:
    if value not in _RETENTION:
        offered = " ".join(map(str, _RETENTION))
        yield f"expected {name} to be one of [{offered}], got {value}"


LOG_GROUP = ResourceType(
    type="aws:cloudwatch/logGroup:LogGroup",
    noun="CloudWatch Logs Log Group",
    create=_create,
    configure=_configure,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(),
    replace=frozenset({"name", "namePrefix", "logGroupClass"}),
    computed=frozenset({"name", "namePrefix", "logGroupClass", "deletionProtectionEnabled"}),
    state_only={
        "namePrefix": "AWS knows the whole name only",
        "skipDestroy": "only for the provider",
    },
    validate={
        "name": (length(0, 512), _NAME),
        "namePrefix": (length(0, 483), _NAME),
        "logGroupClass": (one_of("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),),
        "retentionInDays": (_retention,),
    },
    relations=(conflict("name", "namePrefix"),),
)

RESOURCES = (LOG_GROUP,)
