"""Instances of StackSets: the stacks in the accounts of OUs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceError, ResourceType, exactly_one
from sandbox.plugin.services.cloudformation.operation import (
    CALL_AS,
    GONE,
    PREFERENCES,
    STATE_ONLY,
    caller,
    preferences,
    wait,
)
from sandbox.plugin.validators import items, matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_PARTS: Final = 3
_FORM: Final = "STACKSET_NAME,OU_ID1/OU_ID2,REGION"
_ALL_ACCOUNTS: Final = "target all accounts of an OU"


def _create(call: Call) -> str:
    stack_set = str(call.inputs["stackSetName"])
    units: list[str] = call.inputs["deploymentTargets"]["organizationalUnitIds"]
    region = str(call.inputs.get("stackSetInstanceRegion") or call.region)
    call.client("cloudformation").create_stack_instances(
        StackSetName=stack_set,
        DeploymentTargets={"OrganizationalUnitIds": units},
        Regions=[region],
        **preferences(call),
        **caller(call),
    )
    return f"{stack_set},{'/'.join(units)},{region}"


def _configure(call: Call) -> None:
    """See that the stacks are there, and try those again that are not."""
    outdated = [item for item in _instances(call) if item["Status"] != "CURRENT"]
    if not outdated:
        return
    if call.creating:
        reasons = "; ".join(
            f"Account ({item['Account']}), Region ({item['Region']}), {item['Status']}: "
            f"{item.get('StatusReason', '')}"
            for item in outdated
        )
        raise ResourceError(f"unexpected state 'FAILED', wanted target 'SUCCEEDED'. {reasons}")
    stack_set, _, _ = _split(call.id)
    done = call.client("cloudformation").update_stack_instances(
        **_where(call), **preferences(call), **caller(call)
    )
    wait(call, stack_set, done["OperationId"])


def _where(call: Call) -> Properties:
    stack_set, units, region = _split(call.id)
    return {
        "StackSetName": stack_set,
        "DeploymentTargets": {"OrganizationalUnitIds": units},
        "Regions": [region],
    }


def _instances(call: Call) -> list[Properties]:
    stack_set, units, region = _split(call.id)
    client = call.client("cloudformation")
    found: list[Properties] | None = find(
        lambda: client.list_stack_instances(
            StackSetName=stack_set, StackInstanceRegion=region, **caller(call)
        )["Summaries"],
        GONE,
    )
    return [item for item in found or [] if item.get("OrganizationalUnitId") in units]


def _read(call: Call) -> Properties | None:
    stack_set, units, region = _split(call.id)
    found = _instances(call)
    if not found:
        return None
    return {
        "callAs": caller(call)["CallAs"],
        "deploymentTargets": {"organizationalUnitIds": units},
        "stackInstanceSummaries": [
            {
                "accountId": item["Account"],
                "organizationalUnitId": item["OrganizationalUnitId"],
                "stackId": item["StackId"],
            }
            for item in found
        ],
        "stackSetInstanceRegion": region,
        "stackSetName": stack_set,
    }


def _delete(call: Call) -> None:
    stack_set, _, _ = _split(call.id)
    with ignoring(GONE):
        done = call.client("cloudformation").delete_stack_instances(
            **_where(call),
            RetainStacks=bool(call.state.get("retainStack")),
            **caller(call),
        )
        wait(call, stack_set, done["OperationId"])


def _split(id_: str) -> tuple[str, list[str], str]:
    parts = id_.split(",")
    if len(parts) != _PARTS or not all(parts) or not parts[1].startswith(("ou-", "r-")):
        raise ResourceError(f"unexpected format for ID ({id_}), expected {_FORM}")
    return parts[0], parts[1].split("/"), parts[2]


def _identify(id_: str) -> Properties:
    stack_set, units, region = _split(id_)
    return {
        "deploymentTargets": {"organizationalUnitIds": units},
        "stackSetInstanceRegion": region,
        "stackSetName": stack_set,
    }


INSTANCE = ResourceType(
    type="aws:cloudformation/stackSetInstance:StackSetInstance",
    noun="CloudFormation StackSet Instance",
    label="stackSetName",
    create=_create,
    configure=_configure,
    read=_read,
    delete=_delete,
    replace=frozenset(
        {"callAs", "deploymentTargets", "deploymentTargets.organizationalUnitIds"}
        | {"deploymentTargets.organizationalUnitIds.*", "stackSetInstanceRegion", "stackSetName"}
    ),
    defaults={"callAs": "SELF"},
    computed=frozenset({"accountId", "region", "stackSetInstanceRegion"}),
    sets=frozenset({"deploymentTargets.organizationalUnitIds"}),
    state_only={**STATE_ONLY, "retainStack": "only for the delete"},
    validate={
        "callAs": CALL_AS,
        "deploymentTargets.organizationalUnitIds": (items(1),),
        "deploymentTargets.organizationalUnitIds.*": (
            matching(
                "^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$",
                "invalid value for {name} (must be the id of an OU or of the root): {value}",
            ),
        ),
        **PREFERENCES,
    },
    not_emulated={
        "accountId": "use deploymentTargets: SELF_MANAGED StackSets are not emulated",
        "deploymentTargets.accountFilterType": _ALL_ACCOUNTS,
        "deploymentTargets.accounts": _ALL_ACCOUNTS,
        "deploymentTargets.accountsUrl": _ALL_ACCOUNTS,
        "parameterOverrides": "write the values into the template",
        "region": "use stackSetInstanceRegion, of which it is the deprecated name",
    },
    relations=(
        exactly_one("deploymentTargets"),
        exactly_one("organizationalUnitIds", at="deploymentTargets"),
    ),
    identify=_identify,
)

RESOURCES = (INSTANCE,)
