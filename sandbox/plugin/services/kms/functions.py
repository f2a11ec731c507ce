"""Looking keys and aliases up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin import sdk
from sandbox.plugin.resource import NOT_FOUND, Function, ResourceError
from sandbox.plugin.services.kms.aliases import live_alias, target_arn
from sandbox.plugin.shapes import from_aws

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GET_KEY: Final = "aws:kms/getKey:getKey"


def _find_key(call: Call) -> Properties:
    request = {"KeyId": call.inputs["keyId"]}
    if call.inputs.get("grantTokens"):
        request["GrantTokens"] = call.inputs["grantTokens"]
    key: Properties = call.client("kms").describe_key(**request)["KeyMetadata"]
    found = from_aws(key, {"awsAccountId": "AWSAccountId"})
    regions = found.pop("multiRegionConfiguration", None)
    known = sdk.function_schema(_GET_KEY).outputs.fields
    return {
        **{name: value for name, value in found.items() if name in known},
        "customerMasterKeySpec": key["KeySpec"],
        "id": key["KeyId"],
        "keyId": call.inputs["keyId"],
        "multiRegion": key.get("MultiRegion", False),
        "multiRegionConfigurations": [_regions(regions)] if regions else [],
        "xksKeyConfigurations": [],
    }


def _regions(found: Properties) -> Properties:
    return {
        "multiRegionKeyType": found["multiRegionKeyType"],
        "primaryKeys": [found["primaryKey"]],
        "replicaKeys": found.get("replicaKeys", []),
    }


def _find_alias(call: Call) -> Properties:
    name = str(call.inputs["name"])
    alias = live_alias(call, name)
    if alias is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    key = str(alias.get("TargetKeyId", ""))
    return {
        "arn": alias["AliasArn"],
        "id": alias["AliasArn"],
        "targetKeyArn": target_arn(alias["AliasArn"], key) if key else "",
        "targetKeyId": key,
    }


FUNCTIONS = (
    Function(function=_GET_KEY, noun="KMS Key", run=_find_key, required=("keyId",)),
    Function(
        function="aws:kms/getAlias:getAlias", noun="KMS Alias", run=_find_alias, required=("name",)
    ),
)
