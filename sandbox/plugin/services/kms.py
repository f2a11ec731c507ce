"""AWS KMS: keys, key policies and aliases, and looking them up.

Sources: `internal/service/kms` of terraform-provider-aws.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags, outputs_of
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import NOT_FOUND, AutoName, ResourceError, function, needs
from sandbox.plugin.validators import between, json_text, length, matching, not_matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("NotFoundException",)
_UNLESS_PENDING: Final = (
    'KeyMetadata | (!contains(`["PendingDeletion", "PendingReplicaDeletion"]`, KeyState) && @)'
)
"""A key that is about to be deleted counts as gone."""

_LOCKOUT_CHECK: Final = {"bypassPolicyLockoutSafetyCheck": "says how to write, not what"}


def _policy(call: Call, key: str) -> str:
    live = call.client("kms").get_key_policy(KeyId=key, PolicyName="default")
    return compact_json(live["Policy"])


def _put_policy(call: Call, policy: str) -> None:
    call.client("kms").put_key_policy(
        KeyId=call.id,
        PolicyName="default",
        Policy=policy,
        BypassPolicyLockoutSafetyCheck=call.inputs.get("bypassPolicyLockoutSafetyCheck", False),
    )


def _same_key(one: str, other: str) -> bool:
    """Whether two ids or ARNs name the same key."""
    return one.rpartition("key/")[2] == other.rpartition("key/")[2]


# Keys


def _configure_key(call: Call) -> None:
    client, wanted = call.client("kms"), call.inputs
    enabled = wanted.get("isEnabled", False)
    if call.has_changed("isEnabled") and enabled and not call.creating:
        client.enable_key(KeyId=call.id)
    if call.has_changed("enableKeyRotation", "rotationPeriodInDays"):
        _set_rotation(call)
    if call.has_changed("description") and not call.creating:
        client.update_key_description(KeyId=call.id, Description=wanted.get("description", ""))
    if call.has_changed("policy") and not call.creating:
        _put_policy(call, compact_json(wanted["policy"]))
    if call.has_changed("isEnabled") and not enabled:
        client.disable_key(KeyId=call.id)


def _set_rotation(call: Call) -> None:
    client = call.client("kms")
    if call.inputs.get("enableKeyRotation"):
        period = call.inputs.get("rotationPeriodInDays")
        request = {"RotationPeriodInDays": period} if period else {}
        client.enable_key_rotation(KeyId=call.id, **request)
    elif not call.creating:
        client.disable_key_rotation(KeyId=call.id)


def _live_key(call: Call, key: Properties) -> Properties:
    regions = key.get("MultiRegionConfiguration") or {"MultiRegionKeyType": "PRIMARY"}
    if key.get("MultiRegion") and regions["MultiRegionKeyType"] != "PRIMARY":
        raise ResourceError(f"KMS Key ({call.id}) is not a multi-Region primary key")
    made_here = key.get("Origin") == "AWS_KMS"
    rotation = call.client("kms").get_key_rotation_status(KeyId=call.id) if made_here else {}
    return {
        "enableKeyRotation": rotation.get("KeyRotationEnabled", False),
        "policy": _policy(call, call.id),
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
    }


def _delete_key(call: Call) -> None:
    window = call.state.get("deletionWindowInDays")
    request = {"PendingWindowInDays": window} if window else {}
    if _KEYS.look_up(call) is not None:
        _KEYS.find(call, "ScheduleKeyDeletion", KeyId=call.id, **request)


_KEYS: Final = Api(
    service="kms",
    create="CreateKey",
    read="DescribeKey",
    made="KeyMetadata.KeyId",
    key="KeyId",
    names={"customerMasterKeySpec": "KeySpec", "isEnabled": "Enabled"},
    answer=_UNLESS_PENDING,
    outputs=_live_key,
    gone=_GONE,
    tags=Tags(target="KeyId", by_arn=False, list="ListResourceTags"),
)
KEY = _KEYS.row(
    type="aws:kms/key:Key",
    noun="KMS Key",
    configure=_configure_key,
    delete=_delete_key,
    replace={"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"},
    defaults={
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": True,
    },
    equal={"policy": equivalent_policies},
    state_only={**_LOCKOUT_CHECK, "deletionWindowInDays": "used at deletion"},
    validate={
        "deletionWindowInDays": (between(7, 30),),
        "rotationPeriodInDays": (between(90, 2560),),
        "policy": (json_text,),
    },
    not_emulated=dict.fromkeys(("customKeyStoreId", "xksKeyId"), "leave it out"),
    relations=(needs("rotationPeriodInDays", "enableKeyRotation"),),
)

# Key policies as resources of their own


def _create_policy(call: Call) -> str:
    key = str(call.inputs["keyId"])
    _update_policy(call.at(key))
    return key


def _update_policy(call: Call) -> None:
    _put_policy(call, compact_json(call.inputs["policy"]))


def _delete_policy(call: Call) -> None:
    """Give the key the policy that KMS gives a key without one."""
    if call.state.get("bypassPolicyLockoutSafetyCheck"):
        return
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": call.arn("iam", f":{call.account.account_id}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = {"Id": "default", "Version": "2012-10-17", "Statement": [statement]}
    policy = {"PolicyName": "default", "Policy": json.dumps(document)}
    _KEYS.find(call, "PutKeyPolicy", KeyId=call.id, **policy)


KEY_POLICY = Api(
    service="kms",
    create="PutKeyPolicy",
    read="DescribeKey",
    id="{keyId}",
    answer=_UNLESS_PENDING,
    outputs=lambda call, _: {"policy": _policy(call, call.id)},
    gone=_GONE,
).row(
    type="aws:kms/keyPolicy:KeyPolicy",
    noun="KMS Key policy",
    put_verb="attaching",
    create=_create_policy,
    update=_update_policy,
    delete=_delete_policy,
    equal={"policy": equivalent_policies, "keyId": _same_key},
    state_only=_LOCKOUT_CHECK,
    validate={"policy": (json_text,), "keyId": (length(1, 2048),)},
)

# Aliases


def _target_arn(alias: Properties) -> str:
    """The ARN of the key that an alias leads to: it is in the alias's account and region."""
    key = alias.get("TargetKeyId")
    return f"{alias['AliasArn'].rpartition(':')[0]}:key/{key}" if key else ""


ALIAS = Api(
    service="kms",
    create="CreateAlias",
    read="ListAliases",
    update="UpdateAlias",
    delete="DeleteAlias",
    id="{name}",
    names={"arn": "AliasArn", "name": "AliasName"},
    answer="Aliases",
    outputs=lambda _, alias: {"targetKeyArn": _target_arn(alias)},
    gone=_GONE,
).row(
    type="aws:kms/alias:Alias",
    noun="KMS Alias",
    name=AutoName(),
    equal={"targetKeyId": _same_key},
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
)

# Functions


@function("kms/getKey", "KMS Key", "keyId")
def find_key(call: Call) -> Properties:
    """A key by its id, alias or ARN."""
    request = {"KeyId": call.inputs["keyId"]}
    if call.inputs.get("grantTokens"):
        request["GrantTokens"] = call.inputs["grantTokens"]
    key: Properties = call.client("kms").describe_key(**request)["KeyMetadata"]
    regions = key.pop("MultiRegionConfiguration", None)
    replicas: list[Properties] = []
    if regions:
        replicas = [{"ReplicaKeys": [], **regions, "PrimaryKeys": [regions["PrimaryKey"]]}]
    found = {**key, "MultiRegionConfigurations": replicas, "XksKeyConfigurations": []}
    return {
        "multiRegion": False,
        **outputs_of(call, found, {"customerMasterKeySpec": "KeySpec"}),
        "id": key["KeyId"],
        "keyId": call.inputs["keyId"],
    }


@function("kms/getAlias", "KMS Alias", "name")
def find_alias(call: Call) -> Properties:
    """An alias by its name."""
    name = str(call.inputs["name"])
    pages = call.client("kms").get_paginator("list_aliases").paginate()
    for alias in (each for page in pages for each in page["Aliases"]):
        if alias["AliasName"] == name:
            return {
                "arn": alias["AliasArn"],
                "id": alias["AliasArn"],
                "targetKeyArn": _target_arn(alias),
                "targetKeyId": alias.get("TargetKeyId", ""),
            }
    raise ResourceError(f"{name}: {NOT_FOUND}")
