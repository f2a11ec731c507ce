"""Keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import ignoring
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import ResourceError, ResourceType, needs
from sandbox.plugin.services.kms.key import GONE, live_key, put_policy, read_policy
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import between, json_text, length, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SPECS: Final = (
    "SYMMETRIC_DEFAULT",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
    "ML_DSA_44",
    "ML_DSA_65",
    "ML_DSA_87",
    "ECC_NIST_EDWARDS25519",
)
_USAGES: Final = ("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")


def _create_key(call: Call) -> str:
    wanted = call.inputs
    request: Properties = {
        "BypassPolicyLockoutSafetyCheck": wanted.get("bypassPolicyLockoutSafetyCheck", False),
        "KeySpec": wanted["customerMasterKeySpec"],
        "KeyUsage": wanted["keyUsage"],
        "Tags": tag_list(call.tags, "TagKey", "TagValue"),
    }
    optional = {
        "Description": wanted.get("description"),
        "Policy": wanted.get("policy") and compact_json(wanted["policy"]),
        "MultiRegion": wanted.get("multiRegion"),
    }
    request.update({key: value for key, value in optional.items() if value})
    return str(call.client("kms").create_key(**request)["KeyMetadata"]["KeyId"])


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
        put_policy(call)
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


def _read_key(call: Call) -> Properties | None:
    key = live_key(call, call.id)
    if key is None:
        return None
    if (
        key.get("MultiRegion")
        and key["MultiRegionConfiguration"]["MultiRegionKeyType"] != "PRIMARY"
    ):
        raise ResourceError(f"KMS Key ({call.id}) is not a multi-Region primary key")
    client = call.client("kms")
    made_here = key.get("Origin") == "AWS_KMS"
    rotation = client.get_key_rotation_status(KeyId=call.id) if made_here else {}
    tags = client.list_resource_tags(KeyId=call.id)["Tags"]
    return {
        "arn": key["Arn"],
        "customerMasterKeySpec": key["KeySpec"],
        "description": key.get("Description", ""),
        "enableKeyRotation": rotation.get("KeyRotationEnabled", False),
        "isEnabled": key["Enabled"],
        "keyId": key["KeyId"],
        "keyUsage": key["KeyUsage"],
        "multiRegion": key.get("MultiRegion", False),
        "policy": read_policy(call, call.id),
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        "tags": tag_map(tags, "TagKey", "TagValue"),
    }


def _delete_key(call: Call) -> None:
    window = call.state.get("deletionWindowInDays")
    request = {"PendingWindowInDays": window} if window else {}
    if live_key(call, call.id) is not None:
        with ignoring(GONE):
            call.client("kms").schedule_key_deletion(KeyId=call.id, **request)


KEY = ResourceType(
    type="aws:kms/key:Key",
    noun="KMS Key",
    create=_create_key,
    configure=_configure_key,
    read=_read_key,
    delete=_delete_key,
    tag=tagger("kms", "KeyId", key="TagKey", value="TagValue"),
    replace=frozenset(
        {"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"}
    ),
    defaults={
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": True,
    },
    computed=frozenset({"description", "multiRegion", "policy", "rotationPeriodInDays"}),
    equal={"policy": equivalent_policies},
    state_only={
        "bypassPolicyLockoutSafetyCheck": "says how to write, not what",
        "deletionWindowInDays": "used at deletion",
    },
    validate={
        "customerMasterKeySpec": (one_of(*_SPECS),),
        "keyUsage": (one_of(*_USAGES),),
        "deletionWindowInDays": (between(7, 30),),
        "rotationPeriodInDays": (between(90, 2560),),
        "description": (length(0, 8192),),
        "policy": (json_text,),
    },
    not_emulated=dict.fromkeys(("customKeyStoreId", "xksKeyId"), "leave it out"),
    relations=(needs("rotationPeriodInDays", "enableKeyRotation"),),
)

RESOURCES = (KEY,)
