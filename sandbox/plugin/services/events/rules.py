"""Rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.policies import compact_json, equal_json
from sandbox.plugin.resource import AutoName, ResourceType, conflict
from sandbox.plugin.tagging import tag_list, tag_map, tagger
from sandbox.plugin.validators import arn, json_text, length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

DEFAULT_BUS: Final = "default"
_GONE: Final = "ResourceNotFoundException"
_REQUEST: Final = {
    "description": "Description",
    "roleArn": "RoleArn",
    "scheduleExpression": "ScheduleExpression",
}


def _create(call: Call) -> str:
    name, bus = given_name(call.inputs), call.inputs["eventBusName"]
    id_ = name if bus == DEFAULT_BUS else f"{bus}/{name}"
    _put(call.at(id_))
    return id_


def _put(call: Call) -> None:
    wanted = call.inputs
    request = {theirs: wanted[ours] for ours, theirs in _REQUEST.items() if wanted.get(ours)}
    if wanted.get("eventPattern"):
        request["EventPattern"] = compact_json(wanted["eventPattern"])
    if call.creating and call.tags:
        request["Tags"] = tag_list(call.tags)
    call.client("events").put_rule(**_where(call), State=_state(wanted), **request)


def _state(wanted: Properties) -> str:
    if "isEnabled" in wanted:
        return "ENABLED" if wanted["isEnabled"] else "DISABLED"
    return str(wanted.get("state") or "ENABLED")


def _where(call: Call) -> Properties:
    bus, _, name = call.id.rpartition("/")
    return {"Name": name, "EventBusName": bus or DEFAULT_BUS}


def _read(call: Call) -> Properties | None:
    client = call.client("events")
    rule = find(lambda: client.describe_rule(**{k: v for k, v in _where(call).items() if v}), _GONE)
    if rule is None:
        return None
    pattern = rule.get("EventPattern")
    return {
        "arn": rule["Arn"],
        "description": rule.get("Description"),
        "eventBusName": rule.get("EventBusName") or DEFAULT_BUS,
        "eventPattern": pattern and compact_json(pattern),
        "isEnabled": rule["State"] != "DISABLED",
        "name": rule["Name"],
        "roleArn": rule.get("RoleArn"),
        "scheduleExpression": rule.get("ScheduleExpression"),
        "state": rule["State"],
        "tags": tag_map(client.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]),
    }


def _delete(call: Call) -> None:
    force = {"Force": True} if call.state.get("forceDestroy") else {}
    with ignoring(_GONE):
        call.client("events").delete_rule(**_where(call), **force)


_TAG: Final = tagger("events", "ResourceARN")


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    _TAG(call.at(str(call.state["arn"])), new, removed)


def _refuse(_state: Properties, wanted: Properties) -> Iterator[str]:
    if not wanted.get("eventPattern") and not wanted.get("scheduleExpression"):
        yield "one of `event_pattern,schedule_expression` must be specified"


def _pattern_length(name: str, value: str) -> Iterator[str]:
    if len(compact_json(value)) > _LONGEST_PATTERN:
        yield f'"{name}" cannot be longer than {_LONGEST_PATTERN} characters'


_LONGEST_PATTERN: Final = 4096
_NAME: Final = (
    length(1, 64),
    matching(
        r"^[0-9A-Za-z_.-]+$",
        '"{name}" doesn\'t comply with restrictions ("^[0-9A-Za-z_.-]+$"): "{value}"',
    ),
)

EVENT_RULE = ResourceType(
    type="aws:cloudwatch/eventRule:EventRule",
    noun="EventBridge Rule",
    create=_create,
    update=_put,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(max_length=64),
    replace=frozenset({"name", "namePrefix", "eventBusName"}),
    defaults={"eventBusName": DEFAULT_BUS},
    computed=frozenset({"name", "namePrefix", "state", "isEnabled"}),
    equal={"eventPattern": equal_json},
    state_only={
        "namePrefix": "AWS knows the whole name only",
        "forceDestroy": "only for the provider",
    },
    refuse=_refuse,
    validate={
        "name": _NAME,
        "namePrefix": _NAME,
        "description": (length(0, 512),),
        "eventPattern": (json_text, _pattern_length),
        "roleArn": (arn,),
        "scheduleExpression": (length(0, 256),),
        "state": (one_of("DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),),
    },
    relations=(conflict("name", "namePrefix"), conflict("isEnabled", "state")),
)

RESOURCES = (EVENT_RULE,)
