"""Amazon EventBridge: buses and their policies, rules and their targets.

Sources: `internal/service/events` of terraform-provider-aws.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceError, conflict
from sandbox.plugin.validators import arn, json_text, length, matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_DEFAULT_BUS: Final = "default"
_NAME: Final = (
    length(1, 64),
    matching(
        r"^[0-9A-Za-z_.-]+$",
        '"{name}" doesn\'t comply with restrictions ("^[0-9A-Za-z_.-]+$"): "{value}"',
    ),
)

# Buses

EVENT_BUS = Api(
    service="events",
    create="CreateEventBus",
    update="UpdateEventBus",
    read="DescribeEventBus",
    delete="DeleteEventBus",
    id="{name}",
    gone=("ResourceNotFoundException",),
    tags=Tags(target="ResourceARN", list="ListTagsForResource"),
).row(
    type="aws:cloudwatch/eventBus:EventBus",
    noun="EventBridge Event Bus",
    name=AutoName(max_length=256),
    replace=frozenset({"name"}),
    validate={
        "name": (
            length(1, 256),
            matching(r"^[^/]+$", '"{name}" must not contain a slash: "{value}"'),
        ),
        "description": (length(0, 512),),
    },
    not_emulated=dict.fromkeys(
        ("deadLetterConfig", "eventSourceName", "kmsKeyIdentifier", "logConfig"), "leave it out"
    ),
)


class _BusPolicies(Api):
    """Reading a bus names it otherwise than giving it a policy."""

    def send(self, call: Call, operation: str, **request: Any) -> Properties:  # noqa: ANN401
        if operation == self.read:
            request = {"Name": call.id}
        return Api.send(self, call, operation, **request)


EVENT_BUS_POLICY = _BusPolicies(
    service="events",
    create="PutPermission",
    update="PutPermission",
    whole=True,
    read="DescribeEventBus",
    delete="RemovePermission",
    deleting={"RemoveAllPermissions": True},
    id="{eventBusName}",
    more=lambda call: {"Policy": compact_json(call.inputs["policy"])},
    answer="Policy && @",
    gone=("ResourceNotFoundException",),
).row(
    type="aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    noun="EventBridge Event Bus Policy",
    label="eventBusName",
    replace=frozenset({"eventBusName"}),
    defaults={"eventBusName": _DEFAULT_BUS},
    equal={"policy": equivalent_policies},
    validate={"eventBusName": (length(1, 256),), "policy": (json_text,)},
)

# Rules

_LONGEST_PATTERN: Final = 4096


class _Rules(Api):
    """The default bus is in no id."""

    def id_of(self, values: Mapping[str, Any]) -> str:
        own_bus = values["eventBusName"] != _DEFAULT_BUS
        return f"{values['eventBusName']}/{values['name']}" if own_bus else str(values["name"])

    def identify(self, id_: str) -> Properties:
        bus, _, name = id_.rpartition("/")
        return {"eventBusName": bus or _DEFAULT_BUS, "name": name}


def _rule(call: Call) -> Properties:
    wanted = call.inputs
    state = wanted.get("state") or "ENABLED"
    if "isEnabled" in wanted:
        state = "ENABLED" if wanted["isEnabled"] else "DISABLED"
    pattern = wanted.get("eventPattern")
    return {"State": state, **({"EventPattern": compact_json(pattern)} if pattern else {})}


def _refuse(_state: Properties, wanted: Properties) -> Iterator[str]:
    if not wanted.get("eventPattern") and not wanted.get("scheduleExpression"):
        yield "one of `event_pattern,schedule_expression` must be specified"


def _pattern_length(name: str, value: str) -> Iterator[str]:
    if len(compact_json(value)) > _LONGEST_PATTERN:
        yield f'"{name}" cannot be longer than {_LONGEST_PATTERN} characters'


EVENT_RULE = _Rules(
    service="events",
    create="PutRule",
    update="PutRule",
    read="DescribeRule",
    delete="DeleteRule",
    id="{name}",
    force="Force",
    more=_rule,
    outputs=lambda _, rule: {"isEnabled": rule["State"] != "DISABLED"},
    gone=("ResourceNotFoundException",),
    tags=Tags(target="ResourceARN", list="ListTagsForResource"),
).row(
    type="aws:cloudwatch/eventRule:EventRule",
    noun="EventBridge Rule",
    name=AutoName(max_length=64),
    replace={"eventBusName"},
    defaults={"eventBusName": _DEFAULT_BUS},
    computed={"state", "isEnabled"},
    equal={"eventPattern": equal_json},
    refuse=_refuse,
    validate={
        "name": _NAME,
        "namePrefix": _NAME,
        "eventPattern": (json_text, _pattern_length),
        "roleArn": (arn,),
    },
    relations=(conflict("isEnabled", "state"),),
)

# Targets

_OTHER_TARGETS: Final = (
    *("appsyncTarget", "batchTarget", "ecsTarget", "httpTarget", "kinesisTarget"),
    *("redshiftTarget", "runCommandTargets", "sagemakerPipelineTarget", "sqsTarget"),
)
_PARTS: Final = (2, 3)


class _Targets(Api):
    """An id cannot be split into its parts: they are in the state, or in the id to be imported."""

    def id_of(self, values: Mapping[str, Any]) -> str:
        bus = [] if values["eventBusName"] == _DEFAULT_BUS else [values["eventBusName"]]
        return "-".join((*bus, values["rule"], values["targetId"]))

    def identify(self, id_: str) -> Properties:
        parts = id_.split("/")
        if len(parts) not in _PARTS:
            raise ResourceError(
                f"unexpected format of ID ({id_}), expected "
                "<event-bus-name>/<rule-name>/<target-id> or <rule-name>/<target-id>"
            )
        *bus, rule, target = parts
        return {"eventBusName": "".join(bus) or _DEFAULT_BUS, "rule": rule, "targetId": target}

    def identity(self, call: Call) -> Properties:
        bus = call.value("eventBusName") or _DEFAULT_BUS
        of = {"eventBusName": bus, "rule": call.value("rule")}
        # After a create the id is all that says which target id was drawn.
        drawn = call.id.removeprefix(self.id_of({**of, "targetId": ""}))
        return {**of, "targetId": call.value("targetId") or drawn}

    def make(self, call: Call) -> str:
        drawn = {"targetId": f"terraform-{secrets.token_hex(13)}"}
        return Api.make(self, replace(call, inputs={**drawn, **call.inputs}))

    def send(self, call: Call, operation: str, **request: Any) -> Properties:  # noqa: ANN401
        answer = Api.send(self, call, operation, **request)
        for failed in answer.get("FailedEntries", ()):
            raise ResourceError(f"{failed['ErrorCode']}: {failed['ErrorMessage']}")
        return answer


_TARGETS: Final = _Targets(
    service="events",
    create="PutTargets",
    update="PutTargets",
    read="ListTargetsByRule",
    delete="RemoveTargets",
    id="{rule}-{targetId}",
    inside="Targets",
    names={"inputTransformer.inputPaths": "InputPathsMap", "targetId": "Id"},
    answer="Targets",
    gone=("ResourceNotFoundException", "ValidationException"),
)
EVENT_TARGET = _TARGETS.row(
    type="aws:cloudwatch/eventTarget:EventTarget",
    noun="EventBridge Target",
    replace={"eventBusName"},
    defaults={"eventBusName": _DEFAULT_BUS},
    validate={
        "arn": (arn,),
        "deadLetterConfig.arn": (arn,),
        "inputTransformer.inputTemplate": (length(1, 8192),),
        "roleArn": (arn,),
        "rule": (length(1, 64),),
        "targetId": _NAME,
    },
    relations=(conflict("input", "inputPath", "inputTransformer"),),
    not_emulated=dict.fromkeys(_OTHER_TARGETS, "send to a topic, queue or function"),
    own_id=_TARGETS.id_of,
)
