"""Security Hub: the hub of a region, and subscriptions to standards.

Sources: `internal/service/securityhub` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceError, ResourceType
from sandbox.plugin.validators import arn, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call, Function
    from sandbox.plugin.values import Properties

_GONE: Final = ("ResourceNotFoundException", "InvalidAccessException")
_SETTINGS: Final = {
    "autoEnableControls": "AutoEnableControls",
    "controlFindingGenerator": "ControlFindingGenerator",
}


def _create(call: Call) -> str:
    call.client("securityhub").enable_security_hub(
        EnableDefaultStandards=call.inputs.get("enableDefaultStandards", False)
    )
    return str(call.account.account_id)


def _configure(call: Call) -> None:
    wanted = {"AutoEnableControls": call.inputs.get("autoEnableControls", False)}
    if "controlFindingGenerator" in call.inputs:
        wanted["ControlFindingGenerator"] = call.inputs["controlFindingGenerator"]
    call.client("securityhub").update_security_hub_configuration(**wanted)


def _read(call: Call) -> Properties | None:
    found = find(call.client("securityhub").describe_hub, *_GONE)
    if found is None:
        return None
    asked = call.value("enableDefaultStandards")
    return {
        **{ours: found[theirs] for ours, theirs in _SETTINGS.items()},
        "arn": found["HubArn"],
        # Only for the provider; AWS never tells it.
        "enableDefaultStandards": True if asked is None else asked,
    }


def _delete(call: Call) -> None:
    with ignoring(*_GONE):
        call.client("securityhub").disable_security_hub()


ACCOUNT: Final = ResourceType(
    type="aws:securityhub/account:Account",
    noun="Security Hub Account",
    create=_create,
    configure=_configure,
    read=_read,
    delete=_delete,
    defaults={"autoEnableControls": True, "enableDefaultStandards": True},
    computed=frozenset({"controlFindingGenerator"}),
    replace=frozenset({"enableDefaultStandards"}),
    validate={"controlFindingGenerator": (one_of("SECURITY_CONTROL", "STANDARD_CONTROL"),)},
)


def _subscribe(call: Call) -> str:
    [made] = call.client("securityhub").batch_enable_standards(
        StandardsSubscriptionRequests=[{"StandardsArn": call.inputs["standardsArn"]}]
    )["StandardsSubscriptions"]
    if made["StandardsStatus"] not in ("PENDING", "READY", "INCOMPLETE"):
        raise ResourceError(f"unexpected state '{made['StandardsStatus']}', wanted target 'READY'")
    return str(made["StandardsSubscriptionArn"])


def _read_subscription(call: Call) -> Properties | None:
    client = call.client("securityhub")
    found = find(lambda: client.get_enabled_standards(StandardsSubscriptionArns=[call.id]), *_GONE)
    subscriptions = found["StandardsSubscriptions"] if found else []
    kept = [each for each in subscriptions if each["StandardsStatus"] != "FAILED"]
    return {"standardsArn": kept[0]["StandardsArn"]} if kept else None


def _unsubscribe(call: Call) -> None:
    with ignoring(*_GONE):
        call.client("securityhub").batch_disable_standards(StandardsSubscriptionArns=[call.id])


STANDARDS_SUBSCRIPTION: Final = ResourceType(
    type="aws:securityhub/standardsSubscription:StandardsSubscription",
    noun="Security Hub Standards Subscription",
    create=_subscribe,
    read=_read_subscription,
    delete=_unsubscribe,
    label="standardsArn",
    replace=frozenset({"standardsArn"}),
    validate={"standardsArn": (arn,)},
)

RESOURCES = (ACCOUNT, STANDARDS_SUBSCRIPTION)
FUNCTIONS: Final[tuple[Function, ...]] = ()
