"""AWS Lambda: functions from zip files, and who may invoke them.

Sources: `internal/service/lambda` of terraform-provider-aws. No function ever runs in the sandbox.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName, ResourceError
from sandbox.plugin.validators import account_id, arn, at_least, between, matching
from sandbox.plugin.values import Asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Archive, Properties

_GONE: Final = ("ResourceNotFoundException",)

# Code

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644 << 16


def zipped(archive: Archive) -> bytes:
    """The archive as a zip file, the same bytes for the same content; a zip file as it is.

    Raises:
        ResourceError: it is fetched from a URI, which the sandbox does not do.
    """
    if archive.path is not None and zipfile.is_zipfile(archive.path):
        # `ArchiveWithWD` in sdk/go/common/resource/archive of pulumi/pulumi
        return Path(archive.path).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(_files(archive)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _MODE
            target.writestr(entry, content)
    return buffer.getvalue()


def _same_code(old: Archive, new: Archive) -> bool:
    """Whether two archives have the same content, as the engine's hashes say or the files do."""
    if old.hash is not None and new.hash is not None:
        return old.hash == new.hash
    if old == new:
        return True
    try:
        return zipped(old) == zipped(new)
    except FileNotFoundError:
        return False


def _files(archive: Archive) -> Iterator[tuple[str, bytes]]:
    if archive.assets is not None:
        for name, member in archive.assets:
            if isinstance(member, Asset):
                yield name, _content(member)
            else:
                yield from ((f"{name}/{inner}", content) for inner, content in _files(member))
    elif archive.path is None:
        raise ResourceError("code: only local files are emulated in the sandbox")
    elif Path(archive.path).is_dir():
        root = Path(archive.path)
        for file in (each for each in root.rglob("*") if each.is_file()):
            yield file.relative_to(root).as_posix(), file.read_bytes()
    else:
        with zipfile.ZipFile(archive.path) as source:
            yield from ((name, source.read(name)) for name in source.namelist())


def _content(asset: Asset) -> bytes:
    if asset.text is not None:
        return asset.text.encode()
    if asset.path is not None:
        return Path(asset.path).read_bytes()
    raise ResourceError("code: only text and local files are emulated in the sandbox")


# Functions

_OTHERS: Final = (
    *("architectures", "capacityProviderConfig", "codeSigningConfigArn"),
    *("durableConfig", "ephemeralStorage", "fileSystemConfig", "imageConfig", "imageUri"),
    *("layers", "loggingConfig", "publish", "publishTo", "replaceSecurityGroupsOnDestroy"),
    *("replacementSecurityGroupIds", "s3Bucket", "s3Key", "s3ObjectVersion", "snapStart"),
    *("sourceCodeHash", "sourceKmsKeyArn", "tenancyConfig", "tracingConfig"),
    *("useResourceTimeoutForPropagation", "vpcConfig"),
)
_CONFIGURATION: Final = frozenset(
    {"deadLetterConfig", "description", "environment", "handler", "kmsKeyArn", "memorySize"}
    | {"role", "runtime", "timeout"}
)
"""What UpdateFunctionConfiguration writes, all at once."""

_UNRESERVED: Final = -1


class _Functions(Api):
    def change(self, call: Call) -> None:
        if call.has_changed(*_CONFIGURATION):
            # What is left out would stay as it is.
            empty = {"Environment": {"Variables": {}}, "DeadLetterConfig": {"TargetArn": ""}}
            wanted = self.request(call, self.update, _CONFIGURATION & call.inputs.keys())
            request = {"Description": "", **empty, **wanted, "FunctionName": call.id}
            self.send(call, self.update, **request)
        if call.has_changed("code", "codeSha256"):
            code = zipped(call.inputs["code"])
            call.client("lambda").update_function_code(FunctionName=call.id, ZipFile=code)


def _zip(call: Call, request: Properties) -> None:
    if "Code" in request:
        request["Code"] = {"ZipFile": zipped(call.inputs["code"])}


def _reserve(call: Call) -> None:
    """Reserve concurrency, which CreateFunction does not take."""
    if not call.has_changed("reservedConcurrentExecutions"):
        return
    client, reserved = call.client("lambda"), call.inputs["reservedConcurrentExecutions"]
    if reserved != _UNRESERVED:
        client.put_function_concurrency(FunctionName=call.id, ReservedConcurrentExecutions=reserved)
    elif not call.creating:
        client.delete_function_concurrency(FunctionName=call.id)


def _live(call: Call, found: Properties) -> Properties:
    concurrency = call.client("lambda").get_function_concurrency(FunctionName=call.id)
    variables = (found.get("Environment") or {}).get("Variables") or {}
    queue = (found.get("DeadLetterConfig") or {}).get("TargetArn")
    return {
        "deadLetterConfig": {"targetArn": queue} if queue else None,
        "environment": {"variables": variables} if variables else None,
        "packageType": found.get("PackageType", "Zip"),
        "reservedConcurrentExecutions": concurrency.get(
            "ReservedConcurrentExecutions", _UNRESERVED
        ),
    }


def _refuse(state: Properties, wanted: Properties) -> Iterator[str]:
    if not wanted.get("handler") or not wanted.get("runtime"):
        yield "handler and runtime must be set when PackageType is Zip"
    if "code" not in wanted and not state:  # one that was imported has none either
        yield "one of `filename,image_uri,s3_bucket` must be specified"


FUNCTION = _Functions(
    service="lambda",
    create="CreateFunction",
    read="GetFunction",
    update="UpdateFunctionConfiguration",
    delete="DeleteFunction",
    id="{name}",
    names={"arn": "FunctionArn", "name": "FunctionName", "sourceCodeSize": "CodeSize"},
    answer="merge(Configuration, {Tags: Tags})",
    refine=_zip,
    outputs=_live,
    gone=_GONE,
    tags=Tags(target="Resource"),
).row(
    type="aws:lambda/function:Function",
    noun="Lambda Function",
    configure=_reserve,
    name=AutoName(max_length=64),
    replace={"packageType"},
    defaults={
        "memorySize": 128,
        "packageType": "Zip",
        "reservedConcurrentExecutions": _UNRESERVED,
        "timeout": 3,
    },
    equal={"code": _same_code},
    state_only={"code": "AWS has it as a zip file only; `codeSha256` tells of drift"},
    refuse=_refuse,
    validate={
        "name": (
            matching(
                r"^[a-zA-Z0-9-_]{1,64}$",
                '"{name}" must be 1 to 64 letters, digits, hyphens and underscores: "{value}"',
            ),
        ),
        "deadLetterConfig.targetArn": (arn,),
        "kmsKeyArn": (arn,),
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

# Permissions: the statements of a function's policy


class _Permissions(Api):
    def look_up(self, call: Call) -> Properties | None:
        identity = self.identity(call)
        function = {"FunctionName": identity["function"]}
        policy = (self.find(call, self.read, **function) or {}).get("Policy", '{"Statement": []}')
        for statement in json.loads(policy)["Statement"]:
            if statement["Sid"] == identity["statementId"]:
                conditions = statement.get("Condition", {})
                return {
                    **identity,
                    "action": statement["Action"],
                    "principal": _principal(statement["Principal"]),
                    "sourceAccount": conditions.get("StringEquals", {}).get("AWS:SourceAccount"),
                    "sourceArn": conditions.get("ArnLike", {}).get("AWS:SourceArn"),
                }
        return None


def _principal(principal: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(principal, str):
        return principal
    return str(principal.get("Service") or principal.get("AWS"))


PERMISSION = _Permissions(
    service="lambda",
    create="AddPermission",
    read="GetPolicy",
    delete="RemovePermission",
    id="{statementId}",
    within=("function",),
    imported="{function}/{statementId}",
    form="FUNCTION_NAME/STATEMENT_ID",
    names={"function": "FunctionName"},
    gone=_GONE,
).row(
    type="aws:lambda/permission:Permission",
    noun="Lambda Permission",
    put_verb="adding",
    name=AutoName("statementId", max_length=100),
    replace={"action", "principal", "sourceAccount", "sourceArn"},
    validate={
        "action": (
            matching(r"^lambda:[A-Za-z]+$|^\*$|^lambda:\*$", "invalid value for {name}: {value}"),
        ),
        "sourceAccount": (account_id,),
        "sourceArn": (arn,),
        "statementId": (
            matching(r"^[a-zA-Z0-9_-]{1,100}$", 'invalid value for {name}: "{value}"'),
        ),
    },
    not_emulated=dict.fromkeys(
        (
            *("eventSourceToken", "functionUrlAuthType", "invokedViaFunctionUrl"),
            *("principalOrgId", "qualifier", "statementIdPrefix"),
        ),
        "leave it out",
    ),
)
