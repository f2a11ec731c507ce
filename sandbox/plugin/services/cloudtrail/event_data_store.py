"""Event data stores: CloudTrail Lake, closed to new customers since 31 May 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType
from sandbox.plugin.services.cloudtrail.selectors import FIELDS, from_advanced, to_advanced
from sandbox.plugin.services.cloudtrail.trail import tag
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import arn, between, length, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = "EventDataStoreNotFoundException"
_SETTINGS: Final = (
    "billingMode",
    "kmsKeyId",
    "multiRegionEnabled",
    "name",
    "organizationEnabled",
    "retentionPeriod",
    "terminationProtectionEnabled",
)
_SWITCHES: Final = frozenset(
    {"multiRegionEnabled", "organizationEnabled", "terminationProtectionEnabled"}
)


def _create(call: Call) -> str:
    wanted = {name: call.inputs[name] for name in _SETTINGS if call.inputs.get(name) is not None}
    request = to_aws({**dict.fromkeys(_SWITCHES, False), **wanted})
    if call.tags:
        request["TagsList"] = tag_list(call.tags)
    if "suspend" in call.inputs:
        request["StartIngestion"] = call.inputs["suspend"] != "true"
    made = call.client("cloudtrail").create_event_data_store(**request, **_selectors(call))
    return str(made["EventDataStoreArn"])


def _selectors(call: Call) -> Properties:
    wanted = call.inputs.get("advancedEventSelectors")
    return {"AdvancedEventSelectors": [to_advanced(item) for item in wanted]} if wanted else {}


def _update(call: Call) -> None:
    changed = [name for name in _SETTINGS if call.has_changed(name)]  # not those that replace
    request = to_aws({name: call.inputs.get(name, False) for name in changed})
    if call.has_changed("advancedEventSelectors"):
        request.update(_selectors(call))
    if request:
        client = call.client("cloudtrail")
        client.update_event_data_store(EventDataStore=call.id, **request)
        status = client.get_event_data_store(EventDataStore=call.id)["Status"]
        if status != "ENABLED":
            # The real provider waits for this one state, in vain for a suspended store.
            raise ResourceError(f"unexpected state '{status}', wanted target 'ENABLED'")


def _configure(call: Call) -> None:
    if call.creating or not call.has_changed("suspend"):
        return
    client = call.client("cloudtrail")
    if call.inputs.get("suspend") == "true":
        client.stop_event_data_store_ingestion(EventDataStore=call.id)
    elif call.inputs.get("suspend") == "false":
        client.start_event_data_store_ingestion(EventDataStore=call.id)


def _read(call: Call) -> Properties | None:
    client = call.client("cloudtrail")
    found = find(lambda: client.get_event_data_store(EventDataStore=call.id), _GONE)
    if found is None or found["Status"] == "PENDING_DELETION":
        return None
    tags = client.list_tags(ResourceIdList=[call.id])["ResourceTagList"]
    return {
        **{name: from_aws(found).get(name) for name in _SETTINGS},
        "advancedEventSelectors": [from_advanced(item) for item in found["AdvancedEventSelectors"]],
        "arn": call.id,
        "tags": tag_map(tags[0]["TagsList"]) if tags else {},
    }


def _delete(call: Call) -> None:
    # What is pending deletion counts as gone, as in read.
    with ignoring(_GONE, "InactiveEventDataStoreException"):
        call.client("cloudtrail").delete_event_data_store(EventDataStore=call.id)


def _identify(id_: str) -> Properties:
    for problem in arn("id", id_):
        raise ResourceError(f"{problem}: an event data store is imported by its ARN")
    return {"region": id_.split(":")[3]}


EVENT_DATA_STORE = ResourceType(
    type="aws:cloudtrail/eventDataStore:EventDataStore",
    noun="CloudTrail Event Data Store",
    create=_create,
    update=_update,
    configure=_configure,
    read=_read,
    delete=_delete,
    tag=tag,
    name=AutoName(),
    replace=frozenset({"kmsKeyId", "name"}),
    defaults={
        "billingMode": "EXTENDABLE_RETENTION_PRICING",
        "multiRegionEnabled": True,
        "retentionPeriod": 2555,
        "terminationProtectionEnabled": True,
    },
    computed=frozenset({"advancedEventSelectors"}),
    sets=frozenset({"advancedEventSelectors.*.fieldSelectors"}),
    state_only={"suspend": "never read back"},
    validate={
        "name": (length(3, 128),),
        "billingMode": (one_of("EXTENDABLE_RETENTION_PRICING", "FIXED_RETENTION_PRICING"),),
        "retentionPeriod": (between(7, 2555),),
        "suspend": (one_of("true", "false"),),
        "advancedEventSelectors.*.name": (length(0, 1000),),
        "advancedEventSelectors.*.fieldSelectors.*.field": (one_of(*FIELDS),),
    },
    identify=_identify,
)

RESOURCES = (EVENT_DATA_STORE,)
