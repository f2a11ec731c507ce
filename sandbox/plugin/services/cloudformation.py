"""AWS CloudFormation: service-managed StackSets, and their instances in the accounts of OUs.

Sources: `internal/service/cloudformation` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api
from sandbox.plugin.members import request_members, tag_list
from sandbox.plugin.policies import equal_json
from sandbox.plugin.resource import AutoName, ResourceError, exactly_one
from sandbox.plugin.validators import between, items, length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.plugin.resource import Call, Validator
    from sandbox.plugin.values import Properties

_GONE: Final = "StackSetNotFoundException"
_CALL_AS: Final = (one_of("SELF", "DELEGATED_ADMIN"),)
_PREFERENCES: Final[dict[str, tuple[Validator, ...]]] = {
    "operationPreferences.failureTolerancePercentage": (between(0, 100),),
    "operationPreferences.maxConcurrentPercentage": (between(1, 100),),
    "operationPreferences.regionConcurrencyType": (one_of("SEQUENTIAL", "PARALLEL"),),
}
_STATE_ONLY: Final = {"operationPreferences": "says how to deploy, and is not kept"}


def _failures(items_: Iterable[Properties]) -> str:
    return "; ".join(
        f"Account ({item['Account']}), Region ({item['Region']}), {item['Status']}: "
        f"{item.get('StatusReason', '')}"
        for item in items_
    )


class _AsCaller(Api):
    """Calls say as whom; that is no property of the object, and an import does not know it."""

    def identity(self, call: Call) -> Properties:
        return {**Api.identity(self, call), "callAs": call.value("callAs") or "SELF"}

    def wait(self, call: Call, operation_id: str) -> None:
        """See how an operation ended.

        Raises:
            ResourceError: it failed; says in which accounts and why.
        """
        identity = self.identity(call)
        name = identity.get("name") or identity["stackSetName"]
        which = {"StackSetName": name, "OperationId": operation_id, "CallAs": identity["callAs"]}
        found = self.send(call, "DescribeStackSetOperation", **which)
        status = found["StackSetOperation"]["Status"]
        if status == "SUCCEEDED":
            return
        results = self.send(call, "ListStackSetOperationResults", **which)["Summaries"]
        reasons = _failures(item for item in results if item["Status"] != "SUCCEEDED")
        raise ResourceError(
            f"waiting for CloudFormation StackSet ({name}) operation ({operation_id}): "
            f"unexpected state '{status}', wanted target 'SUCCEEDED'. last error: {reasons}"
        )


# StackSets


def _stack_set(call: Call) -> Properties:
    """All tags, which an update writes too; of automatic deployment, only that it is off."""
    tags = {"Tags": tag_list(call.tags)}
    automatic = call.inputs.get("autoDeployment") or {"enabled": True}
    return tags if automatic.get("enabled") else {**tags, "AutoDeployment": {"Enabled": False}}


_STACK_SETS: Final = _AsCaller(
    service="cloudformation",
    create="CreateStackSet",
    read="DescribeStackSet",
    update="UpdateStackSet",
    whole=True,
    delete="DeleteStackSet",
    id="{name}",
    names={"arn": "StackSetARN", "name": "StackSetName"},
    answer="StackSet",
    more=_stack_set,
    gone=(_GONE,),
)


def _update(call: Call) -> None:
    request = _STACK_SETS.request(call, _STACK_SETS.update)
    done = _STACK_SETS.send(call, _STACK_SETS.update, **request)
    _STACK_SETS.wait(call, done["OperationId"])


STACK_SET = _STACK_SETS.row(
    type="aws:cloudformation/stackSet:StackSet",
    noun="CloudFormation StackSet",
    update=_update,
    name=AutoName(),
    replace_blocks={"autoDeployment"},
    defaults={"callAs": "SELF", "permissionModel": "SELF_MANAGED"},
    computed={"managedExecution"},
    sets={"capabilities"},
    equal={"templateBody": equal_json},
    state_only=_STATE_ONLY,
    validate={
        "name": (
            length(1, 128),
            matching(r"^[0-9A-Za-z-]+$", "must contain only alphanumeric and hyphen characters"),
            matching(r"^[A-Za-z]", "must begin with alphabetic character"),
        ),
        "description": (length(1, 1024),),
        "permissionModel": (
            one_of("SERVICE_MANAGED", "SELF_MANAGED"),
            matching("^(?!SELF_MANAGED$)", "SELF_MANAGED is not emulated: use SERVICE_MANAGED"),
        ),
        **_PREFERENCES,
    },
    not_emulated={
        "administrationRoleArn": "leave it out, as for every SERVICE_MANAGED StackSet",
        "autoDeployment.dependsOnStackSets": "leave it out",
        "executionRoleName": "leave it out, as for every SERVICE_MANAGED StackSet",
        "parameters": "write the values into the template",
        "templateUrl": "use templateBody",
    },
)

# Instances

_PARTS: Final = 3
_FORM: Final = "STACKSET_NAME,OU_ID1/OU_ID2,REGION"
_ALL_ACCOUNTS: Final = "target all accounts of an OU"


class _Instances(_AsCaller):
    """An id has the StackSet, the OUs and the region; requests name the same."""

    def id_of(self, values: Mapping[str, Any]) -> str:
        units = values["deploymentTargets"]["organizationalUnitIds"]
        return f"{values['stackSetName']},{'/'.join(units)},{values['stackSetInstanceRegion']}"

    def identify(self, id_: str) -> Properties:
        parts = id_.split(",")
        if len(parts) != _PARTS or not all(parts) or not parts[1].startswith(("ou-", "r-")):
            raise ResourceError(f"unexpected format for ID ({id_}), expected {_FORM}")
        return {
            "deploymentTargets": {"organizationalUnitIds": parts[1].split("/")},
            "stackSetInstanceRegion": parts[2],
            "stackSetName": parts[0],
        }

    def where(self, call: Call, operation: str) -> Properties:
        identity = self.identity(call)
        preferences = call.inputs.get("operationPreferences")
        members = {
            "StackSetName": identity["stackSetName"],
            "DeploymentTargets": {
                "OrganizationalUnitIds": identity["deploymentTargets"]["organizationalUnitIds"]
            },
            "Regions": [identity["stackSetInstanceRegion"]],
            "StackInstanceRegion": identity["stackSetInstanceRegion"],
            "CallAs": identity["callAs"],
            "OperationPreferences": preferences
            and {name[:1].upper() + name[1:]: value for name, value in preferences.items()},
            "RetainStacks": bool(call.state.get("retainStack")),
        }
        known = request_members(self.service, operation).keys()
        sent = known & {name for name, value in members.items() if value is not None}
        return {name: members[name] for name in sent}

    def listed(self, call: Call) -> list[Properties]:
        """The stacks in the accounts of the OUs."""
        found = self.find(call, self.read, **self.where(call, self.read)) or {"Summaries": []}
        units = self.identity(call)["deploymentTargets"]["organizationalUnitIds"]
        return [item for item in found["Summaries"] if item.get("OrganizationalUnitId") in units]

    def look_up(self, call: Call) -> Properties | None:
        summaries = [
            {
                "accountId": item["Account"],
                "organizationalUnitId": item["OrganizationalUnitId"],
                "stackId": item["StackId"],
            }
            for item in self.listed(call)
        ]
        return {**self.identity(call), "stackInstanceSummaries": summaries} if summaries else None

    def make(self, call: Call) -> str:
        region = call.inputs.get("stackSetInstanceRegion") or call.region
        id_ = self.id_of({**call.inputs, "stackSetInstanceRegion": region})
        self.send(call, self.create, **self.where(call.at(id_), self.create))
        return id_

    def remove(self, call: Call) -> None:
        done = self.find(call, self.delete, **self.where(call, self.delete))
        if done is not None:
            self.wait(call, done["OperationId"])


_INSTANCES: Final = _Instances(
    service="cloudformation",
    create="CreateStackInstances",
    read="ListStackInstances",
    delete="DeleteStackInstances",
    id="{stackSetName},{stackSetInstanceRegion}",
    gone=(_GONE,),
)


def _configure(call: Call) -> None:
    """See that the stacks are there, and try those again that are not."""
    outdated = [item for item in _INSTANCES.listed(call) if item["Status"] != "CURRENT"]
    if not outdated:
        return
    if call.creating:
        raise ResourceError(
            f"unexpected state 'FAILED', wanted target 'SUCCEEDED'. {_failures(outdated)}"
        )
    operation = "UpdateStackInstances"
    done = _INSTANCES.send(call, operation, **_INSTANCES.where(call, operation))
    _INSTANCES.wait(call, done["OperationId"])


_UNITS: Final = "deploymentTargets.organizationalUnitIds"

INSTANCE = _INSTANCES.row(
    type="aws:cloudformation/stackSetInstance:StackSetInstance",
    noun="CloudFormation StackSet Instance",
    configure=_configure,
    replace={"callAs", "deploymentTargets", _UNITS, f"{_UNITS}.*"},
    defaults={"callAs": "SELF"},
    computed={"region"},
    sets={_UNITS},
    state_only={**_STATE_ONLY, "retainStack": "only for the delete"},
    validate={
        "callAs": _CALL_AS,
        _UNITS: (items(1),),
        f"{_UNITS}.*": (
            matching(
                "^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$",
                "invalid value for {name} (must be the id of an OU or of the root): {value}",
            ),
        ),
        **_PREFERENCES,
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
)
