"""Targets of rules."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceError, ResourceType, conflict
from sandbox.plugin.services.events.rules import DEFAULT_BUS
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.validators import arn, between, length, matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("ResourceNotFoundException", "ValidationException")
_PLAIN: Final = {"arn": "Arn", "input": "Input", "inputPath": "InputPath", "roleArn": "RoleArn"}
_OTHER_TARGETS: Final = (
    *("appsyncTarget", "batchTarget", "ecsTarget", "httpTarget", "kinesisTarget"),
    *("redshiftTarget", "runCommandTargets", "sagemakerPipelineTarget", "sqsTarget"),
)
_PARTS: Final = (2, 3)


def _create(call: Call) -> str:
    wanted = call.inputs
    target = wanted.get("targetId") or f"terraform-{secrets.token_hex(13)}"
    _write(call, target)
    return _id({**wanted, "targetId": target})


def _id(found: Properties) -> str:
    bus = found["eventBusName"]
    parts = [] if bus == DEFAULT_BUS else [bus]
    return "-".join((*parts, found["rule"], found["targetId"]))


def _update(call: Call) -> None:
    _write(call, str(call.state["targetId"]))


def _write(call: Call, target: str) -> None:
    wanted = call.inputs
    request: Properties = {"Id": target}
    request |= {theirs: wanted[ours] for ours, theirs in _PLAIN.items() if wanted.get(ours)}
    if transformer := wanted.get("inputTransformer"):
        request["InputTransformer"] = {
            "InputPathsMap": transformer.get("inputPaths") or {},
            "InputTemplate": transformer["inputTemplate"],
        }
    for ours, theirs in (
        ("deadLetterConfig", "DeadLetterConfig"),
        ("retryPolicy", "RetryPolicy"),
    ):
        if wanted.get(ours):
            request[theirs] = to_aws(wanted[ours])
    answer = call.client("events").put_targets(
        Rule=wanted["rule"], EventBusName=wanted["eventBusName"], Targets=[request]
    )
    for failed in answer["FailedEntries"]:
        raise ResourceError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")


def _read(call: Call) -> Properties | None:
    client = call.client("events")
    rule, bus = str(call.value("rule")), str(call.value("eventBusName") or DEFAULT_BUS)
    # In a create the id is all that says which target id was drawn.
    wanted = call.value("targetId") or call.id.removeprefix(f"{rule}-")
    targets = find(
        lambda: client.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"], *_GONE
    )
    for target in targets or ():
        if target["Id"] == wanted:
            transformer = target.get("InputTransformer")
            return {
                **{ours: target.get(theirs) for ours, theirs in _PLAIN.items()},
                "deadLetterConfig": from_aws(target.get("DeadLetterConfig")),
                "eventBusName": bus,
                "inputTransformer": transformer
                and {
                    "inputPaths": transformer.get("InputPathsMap"),
                    "inputTemplate": transformer["InputTemplate"],
                },
                "retryPolicy": from_aws(target.get("RetryPolicy")),
                "rule": rule,
                "targetId": target["Id"],
            }
    return None


def _delete(call: Call) -> None:
    with ignoring("ResourceNotFoundException"):
        call.client("events").remove_targets(
            Rule=call.state["rule"],
            EventBusName=call.state.get("eventBusName") or DEFAULT_BUS,
            Ids=[call.state["targetId"]],
        )


def _identify(id_: str) -> Properties:
    parts = id_.split("/")
    if len(parts) not in _PARTS:
        raise ResourceError(
            f"unexpected format of ID ({id_}), expected <event-bus-name>/<rule-name>/<target-id> "
            "or <rule-name>/<target-id>"
        )
    *bus, rule, target = parts
    return {"eventBusName": "".join(bus) or DEFAULT_BUS, "rule": rule, "targetId": target}


EVENT_TARGET = ResourceType(
    type="aws:cloudwatch/eventTarget:EventTarget",
    noun="EventBridge Target",
    label="rule",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    replace=frozenset({"rule", "targetId", "eventBusName"}),
    defaults={"eventBusName": DEFAULT_BUS},
    computed=frozenset({"targetId"}),
    state_only={"forceDestroy": "only for the provider"},
    validate={
        "arn": (arn,),
        "deadLetterConfig.arn": (arn,),
        "input": (length(0, 8192),),
        "inputPath": (length(0, 256),),
        "inputTransformer.inputTemplate": (length(1, 8192),),
        "retryPolicy.maximumEventAgeInSeconds": (between(60, 86_400),),
        "retryPolicy.maximumRetryAttempts": (between(0, 185),),
        "roleArn": (arn,),
        "rule": (length(1, 64),),
        "targetId": (
            length(1, 64),
            matching(
                r"^[0-9A-Za-z_.-]+$",
                '"{name}" doesn\'t comply with restrictions ("^[0-9A-Za-z_.-]+$"): "{value}"',
            ),
        ),
    },
    relations=(conflict("input", "inputPath", "inputTransformer"),),
    not_emulated=dict.fromkeys(_OTHER_TARGETS, "send to a topic, queue or function"),
    identify=_identify,
    own_id=_id,
)

RESOURCES = (EVENT_TARGET,)
