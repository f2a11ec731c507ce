"""StackSets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.policies import equal_json
from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.services.cloudformation.operation import (
    CALL_AS,
    GONE,
    PREFERENCES,
    STATE_ONLY,
    caller,
    preferences,
    wait,
)
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import length, matching, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SETTINGS: Final = (
    *("autoDeployment", "capabilities", "description", "managedExecution", "permissionModel"),
    "templateBody",
)
_OUTPUTS: Final = {"StackSetARN": "arn", "StackSetName": "name", "StackSetId": "stackSetId"}


def _request(call: Call) -> Properties:
    wanted = {name: call.inputs[name] for name in _SETTINGS if name in call.inputs}
    automatic: Properties | None = wanted.get("autoDeployment")
    if automatic and automatic.get("enabled"):
        # The API wants both as soon as one is there.
        wanted["autoDeployment"] = {"retainStacksOnAccountRemoval": False, **automatic}
    return {
        **to_aws(wanted),
        **caller(call),
        "StackSetName": call.inputs["name"],
        "Tags": tag_list(call.tags),
    }


def _create(call: Call) -> str:
    call.client("cloudformation").create_stack_set(**_request(call))
    return str(call.inputs["name"])


def _update(call: Call) -> None:
    client = call.client("cloudformation")
    done = client.update_stack_set(**_request(call), **preferences(call))
    wait(call, call.id, done["OperationId"])


def _read(call: Call) -> Properties | None:
    client = call.client("cloudformation")
    found = find(
        lambda: client.describe_stack_set(StackSetName=call.id, **caller(call))["StackSet"], GONE
    )
    if found is None:
        return None
    live = from_aws(found)
    return {
        **{name: live.get(name) for name in _SETTINGS},
        **{ours: found[theirs] for theirs, ours in _OUTPUTS.items()},
        "callAs": caller(call)["CallAs"],
        "tags": tag_map(found.get("Tags", [])),
    }


def _delete(call: Call) -> None:
    with ignoring(GONE):
        call.client("cloudformation").delete_stack_set(StackSetName=call.id, **caller(call))


STACK_SET = ResourceType(
    type="aws:cloudformation/stackSet:StackSet",
    noun="CloudFormation StackSet",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    name=AutoName(),
    replace=frozenset({"name"}),
    replace_blocks=frozenset({"autoDeployment"}),
    defaults={"callAs": "SELF", "permissionModel": "SELF_MANAGED"},
    computed=frozenset({"managedExecution", "templateBody"}),
    sets=frozenset({"capabilities"}),
    equal={"templateBody": equal_json},
    state_only=STATE_ONLY,
    validate={
        "name": (
            length(1, 128),
            matching(r"^[0-9A-Za-z-]+$", "must contain only alphanumeric and hyphen characters"),
            matching(r"^[A-Za-z]", "must begin with alphabetic character"),
        ),
        "callAs": CALL_AS,
        "capabilities.*": (
            one_of("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"),
        ),
        "description": (length(1, 1024),),
        "permissionModel": (
            one_of("SERVICE_MANAGED", "SELF_MANAGED"),
            matching("^(?!SELF_MANAGED$)", "SELF_MANAGED is not emulated: use SERVICE_MANAGED"),
        ),
        **PREFERENCES,
    },
    not_emulated={
        "administrationRoleArn": "leave it out, as for every SERVICE_MANAGED StackSet",
        "autoDeployment.dependsOnStackSets": "leave it out",
        "executionRoleName": "leave it out, as for every SERVICE_MANAGED StackSet",
        "parameters": "write the values into the template",
        "templateUrl": "use templateBody",
    },
)

RESOURCES = (STACK_SET,)
