"""Workgroups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.services.gone import find_unless
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import arn, length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = "is not found"
_NAMES: Final = {
    "enforceWorkgroupConfiguration": "EnforceWorkGroupConfiguration",
    "publishCloudwatchMetricsEnabled": "PublishCloudWatchMetricsEnabled",
    "kmsKeyArn": "KmsKey",
}
"""Where Athena spells otherwise than Pulumi."""

_SWITCHES: Final = (
    "enforceWorkgroupConfiguration",
    "publishCloudwatchMetricsEnabled",
    "requesterPaysEnabled",
)
_RESULTS: Final = (
    "aclConfiguration",
    "encryptionConfiguration",
    "expectedBucketOwner",
    "outputLocation",
)
_REFUSED: Final = (
    "customerContentEncryptionConfiguration",
    "executionRole",
    "identityCenterConfiguration",
    "managedQueryResultsConfiguration",
    "monitoringConfiguration",
    "queryResultsS3AccessGrantsConfiguration",
)
_MIN_CUTOFF: Final = 10_485_760


def _create(call: Call) -> str:
    wanted = call.inputs
    request: Properties = {"Name": wanted["name"]}
    if "configuration" in wanted:
        request["Configuration"] = _configuration(wanted["configuration"])
    if wanted.get("description"):
        request["Description"] = wanted["description"]
    if call.tags:  # Athena refuses an empty list
        request["Tags"] = tag_list(call.tags)
    call.client("athena").create_work_group(**request)
    return str(wanted["name"])


def _configuration(wanted: Properties) -> Properties:
    known = {key: value for key, value in wanted.items() if key != "bytesScannedCutoffPerQuery"}
    request = to_aws({**dict.fromkeys(_SWITCHES, False), **known}, _NAMES)
    request.get("EngineVersion", {}).pop("EffectiveEngineVersion", None)
    if wanted.get("bytesScannedCutoffPerQuery"):
        request["BytesScannedCutoffPerQuery"] = wanted["bytesScannedCutoffPerQuery"]
    return request


def _configure(call: Call) -> None:
    """Write what CreateWorkGroup does not take: that the workgroup is disabled."""
    if call.creating and call.inputs.get("state") == "DISABLED":
        call.client("athena").update_work_group(WorkGroup=call.id, State="DISABLED")


def _update(call: Call) -> None:
    request: Properties = {}
    if call.has_changed("configuration"):
        request["ConfigurationUpdates"] = _configuration_updates(call.inputs["configuration"])
    if call.has_changed("description"):
        request["Description"] = call.inputs.get("description", "")
    if call.has_changed("state"):
        request["State"] = call.inputs["state"]
    if request:
        call.client("athena").update_work_group(WorkGroup=call.id, **request)


def _configuration_updates(wanted: Properties) -> Properties:
    """A configuration as a change: what it lacks is taken away."""
    request = _configuration(wanted)
    request.pop("ResultConfiguration", None)
    if "BytesScannedCutoffPerQuery" not in request:
        request["RemoveBytesScannedCutoffPerQuery"] = True
    results: Properties = wanted.get("resultConfiguration") or {}
    updates = to_aws({key: value for key, value in results.items() if value}, _NAMES)
    missing = {
        f"Remove{key[:1].upper()}{key[1:]}": True for key in _RESULTS if not results.get(key)
    }
    return {**request, "ResultConfigurationUpdates": {**updates, **missing}}


def _read(call: Call) -> Properties | None:
    client = call.client("athena")
    found = find_unless(lambda: client.get_work_group(WorkGroup=call.id)["WorkGroup"], _GONE)
    if found is None:
        return None
    tags = client.list_tags_for_resource(ResourceARN=_arn(call))["Tags"]
    return {
        "arn": _arn(call),
        "configuration": from_aws(found["Configuration"], _NAMES),
        "description": found.get("Description"),
        "name": found["Name"],
        "state": found["State"],
        "tags": tag_map(tags),
    }


def _arn(call: Call) -> str:
    return call.arn("athena", f"{call.region}:{call.account.account_id}:workgroup/{call.id}")


def _delete(call: Call) -> None:
    force = {"RecursiveDeleteOption": True} if call.state.get("forceDestroy") else {}
    find_unless(lambda: call.client("athena").delete_work_group(WorkGroup=call.id, **force), _GONE)


_TAG: Final = tagger("athena", "ResourceARN")


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    _TAG(call.at(_arn(call)), new, removed)


def _cutoff(name: str, value: int) -> Iterator[str]:
    if 0 != value < _MIN_CUTOFF:
        yield (
            f"expected {name} to be at least ({_MIN_CUTOFF}), got {value}; "
            f"expected {name} to be one of [0], got {value}"
        )


WORKGROUP = ResourceType(
    type="aws:athena/workgroup:Workgroup",
    noun="Athena WorkGroup",
    create=_create,
    configure=_configure,
    update=_update,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(),
    replace=frozenset({"name"}),
    defaults={
        "configuration.enforceWorkgroupConfiguration": True,
        "configuration.engineVersion.selectedEngineVersion": "AUTO",
        "configuration.publishCloudwatchMetricsEnabled": True,
        "state": "ENABLED",
    },
    computed=frozenset(
        {
            "configuration",
            "configuration.engineVersion",
            "configuration.engineVersion.effectiveEngineVersion",
        }
    ),
    state_only={"forceDestroy": "only for the provider"},
    validate={
        "name": (
            length(1, 128),
            matching(
                r"^[0-9A-Za-z_.-]+$",
                "invalid value for {name} (must contain only alphanumeric characters, periods, "
                "underscores, and hyphens)",
            ),
        ),
        "description": (length(0, 1024),),
        "state": (one_of("ENABLED", "DISABLED"),),
        "configuration.bytesScannedCutoffPerQuery": (_cutoff,),
        "configuration.resultConfiguration.aclConfiguration.s3AclOption": (
            one_of("BUCKET_OWNER_FULL_CONTROL"),
        ),
        "configuration.resultConfiguration.encryptionConfiguration.encryptionOption": (
            one_of("SSE_S3", "SSE_KMS", "CSE_KMS"),
        ),
        "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn": (arn,),
    },
    not_emulated={f"configuration.{name}": "leave it out" for name in _REFUSED},
)

RESOURCES = (WORKGROUP,)
