"""Functions from zip files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.services.lambda_.code import zipped
from sandbox.plugin.validators import arn, at_least, between, length, matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

GONE: Final = "ResourceNotFoundException"

_CONFIGURATION: Final = {
    "description": "Description",
    "handler": "Handler",
    "kmsKeyArn": "KMSKeyArn",
    "memorySize": "MemorySize",
    "role": "Role",
    "runtime": "Runtime",
    "timeout": "Timeout",
}
"""Inputs that the function's configuration takes as they are."""

_OTHERS: Final = (
    *("architectures", "capacityProviderConfig", "codeSigningConfigArn"),
    *("durableConfig", "ephemeralStorage", "fileSystemConfig", "imageConfig", "imageUri"),
    *("layers", "loggingConfig", "publish", "publishTo", "replaceSecurityGroupsOnDestroy"),
    *("replacementSecurityGroupIds", "s3Bucket", "s3Key", "s3ObjectVersion", "snapStart"),
    *("sourceCodeHash", "sourceKmsKeyArn", "tenancyConfig", "tracingConfig"),
    *("useResourceTimeoutForPropagation", "vpcConfig"),
)
_UNRESERVED: Final = -1


def _create(call: Call) -> str:
    call.client("lambda").create_function(
        FunctionName=call.inputs["name"],
        PackageType="Zip",
        Code={"ZipFile": zipped(call.inputs["code"])},
        Tags=call.tags,
        **_configuration(call.inputs),
    )
    return str(call.inputs["name"])


def _configuration(wanted: Properties) -> Properties:
    request = {theirs: wanted[ours] for ours, theirs in _CONFIGURATION.items() if wanted.get(ours)}
    variables = (wanted.get("environment") or {}).get("variables") or {}
    request["Environment"] = {"Variables": variables}
    if queue := (wanted.get("deadLetterConfig") or {}).get("targetArn"):
        request["DeadLetterConfig"] = {"TargetArn": queue}
    return request


def _configure(call: Call) -> None:
    """Reserve concurrency, which CreateFunction does not take."""
    if not call.has_changed("reservedConcurrentExecutions"):
        return
    client, reserved = call.client("lambda"), call.inputs["reservedConcurrentExecutions"]
    if reserved != _UNRESERVED:
        client.put_function_concurrency(FunctionName=call.id, ReservedConcurrentExecutions=reserved)
    elif not call.creating:
        client.delete_function_concurrency(FunctionName=call.id)


def _update(call: Call) -> None:
    client = call.client("lambda")
    if call.has_changed(*_CONFIGURATION, "environment", "deadLetterConfig"):
        request: Properties = {"Description": "", "DeadLetterConfig": {"TargetArn": ""}}
        request |= _configuration(call.inputs)
        client.update_function_configuration(FunctionName=call.id, **request)
    if call.has_changed("code"):
        client.update_function_code(FunctionName=call.id, ZipFile=zipped(call.inputs["code"]))


def _read(call: Call) -> Properties | None:
    client = call.client("lambda")
    answer = find(lambda: client.get_function(FunctionName=call.id), GONE)
    if answer is None:
        return None
    found: dict[str, Any] = answer["Configuration"]
    concurrency = client.get_function_concurrency(FunctionName=call.id)
    variables = (found.get("Environment") or {}).get("Variables") or {}
    queue = (found.get("DeadLetterConfig") or {}).get("TargetArn")
    return {
        **{ours: found.get(theirs) or None for ours, theirs in _CONFIGURATION.items()},
        "arn": found["FunctionArn"],
        "codeSha256": found["CodeSha256"],
        "deadLetterConfig": {"targetArn": queue} if queue else None,
        "environment": {"variables": variables} if variables else None,
        "lastModified": found["LastModified"],
        "name": found["FunctionName"],
        "packageType": found.get("PackageType", "Zip"),
        "reservedConcurrentExecutions": concurrency.get(
            "ReservedConcurrentExecutions", _UNRESERVED
        ),
        "sourceCodeSize": found["CodeSize"],
        "tags": answer.get("Tags", {}),
        "version": found["Version"],
    }


def _delete(call: Call) -> None:
    if call.state.get("skipDestroy"):
        return
    with ignoring(GONE):
        call.client("lambda").delete_function(FunctionName=call.id)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client, function = call.client("lambda"), {"Resource": call.state["arn"]}
    if removed:
        client.untag_resource(**function, TagKeys=removed)
    if new:
        client.tag_resource(**function, Tags=dict(new))


def _refuse(state: Properties, wanted: Properties) -> Iterator[str]:
    if not wanted.get("handler") or not wanted.get("runtime"):
        yield "handler and runtime must be set when PackageType is Zip"
    if "code" not in wanted and not state:  # one that was imported has none either
        yield "one of `filename,image_uri,s3_bucket` must be specified"


FUNCTION = ResourceType(
    type="aws:lambda/function:Function",
    noun="Lambda Function",
    create=_create,
    configure=_configure,
    update=_update,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(max_length=64),
    replace=frozenset({"name", "packageType"}),
    defaults={
        "memorySize": 128,
        "packageType": "Zip",
        "reservedConcurrentExecutions": _UNRESERVED,
        "timeout": 3,
    },
    computed=frozenset({"codeSha256"}),
    state_only={
        "code": "AWS has it as a zip file only; `codeSha256` tells of drift",
        "skipDestroy": "only for the provider",
    },
    refuse=_refuse,
    validate={
        "name": (
            matching(
                r"^[a-zA-Z0-9-_]{1,64}$",
                '"{name}" must be 1 to 64 letters, digits, hyphens and underscores: "{value}"',
            ),
        ),
        "deadLetterConfig.targetArn": (arn,),
        "description": (length(0, 256),),
        "handler": (length(0, 128),),
        "kmsKeyArn": (arn,),
        "memorySize": (between(128, 32_768),),
        "packageType": (
            matching("^Zip$", "{name}: only functions from zip files are emulated here"),
        ),
        "reservedConcurrentExecutions": (at_least(_UNRESERVED),),
        "role": (arn,),
        "runtime": (
            matching(
                r"^(python3\.(9|1[0-4])|nodejs(18|20|22|24)\.x|java(8\.al2|11|17|21|25)|"
                r"dotnet(6|8|10)|ruby3\.[2-4]|provided\.(al2|al2023))$",
                "expected {name} to be one of Lambda's runtimes, got {value}",
            ),
        ),
        "timeout": (between(1, 900),),
    },
    not_emulated=dict.fromkeys(_OTHERS, "leave it out"),
)

RESOURCES = (FUNCTION,)
