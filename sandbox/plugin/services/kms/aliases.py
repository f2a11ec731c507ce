"""Aliases of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugin.aws import ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.resource import AutoName, ResourceType, conflict
from sandbox.plugin.services.kms.key import GONE, same_key
from sandbox.plugin.validators import matching, not_matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _create(call: Call) -> str:
    name = given_name(call.inputs)
    call.client("kms").create_alias(AliasName=name, TargetKeyId=call.inputs["targetKeyId"])
    return name


def _update(call: Call) -> None:
    call.client("kms").update_alias(AliasName=call.id, TargetKeyId=call.inputs["targetKeyId"])


def live_alias(call: Call, name: str) -> Properties | None:
    """An alias as AWS lists it, or None."""
    pages = call.client("kms").get_paginator("list_aliases").paginate()
    aliases = (alias for page in pages for alias in page["Aliases"])
    return next((alias for alias in aliases if alias["AliasName"] == name), None)


def _read(call: Call) -> Properties | None:
    alias = live_alias(call, call.id)
    if alias is None:
        return None
    key = str(alias["TargetKeyId"])
    return {
        "arn": alias["AliasArn"],
        "name": call.id,
        "targetKeyArn": target_arn(alias["AliasArn"], key),
        "targetKeyId": key,
    }


def target_arn(alias_arn: str, key: str) -> str:
    """The ARN of the key that an alias leads to: it is in the alias's account and region."""
    return f"{alias_arn.rpartition(':')[0]}:key/{key}"


def _delete(call: Call) -> None:
    with ignoring(GONE):
        call.client("kms").delete_alias(AliasName=call.id)


ALIAS = ResourceType(
    type="aws:kms/alias:Alias",
    noun="KMS Alias",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    name=AutoName(),
    replace=frozenset({"name", "namePrefix"}),
    computed=frozenset({"namePrefix"}),
    equal={"targetKeyId": same_key},
    state_only={"namePrefix": "AWS knows the whole name only"},
    validate={
        "name": (
            matching(
                r"^alias/[0-9A-Za-z_/-]+$",
                "\"{name}\" must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]",
            ),
            not_matching(
                r"^alias/aws/", "\"{name}\" cannot begin with reserved AWS CMK prefix 'alias/aws/'"
            ),
        ),
        "namePrefix": (matching(r"^alias/", "\"{name}\" must begin with 'alias/'"),),
    },
    relations=(conflict("name", "namePrefix"),),
)

RESOURCES = (ALIAS,)
