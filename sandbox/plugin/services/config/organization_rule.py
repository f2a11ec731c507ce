"""Managed rules for all accounts of the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.policies import equal_json
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.validators import account_id, items, json_text, length, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = "NoSuchOrganizationConfigRuleException"
_NAMES: Final = {"resourceTypesScopes": "ResourceTypesScope"}
_SETTINGS: Final = (
    *("description", "inputParameters", "maximumExecutionFrequency", "resourceIdScope"),
    *("resourceTypesScopes", "ruleIdentifier", "tagKeyScope", "tagValueScope"),
)


def _create(call: Call) -> str:
    _put(call)
    return str(call.inputs["name"])


def _put(call: Call) -> None:
    wanted = {name: call.inputs[name] for name in _SETTINGS if name in call.inputs}
    call.client("config").put_organization_config_rule(
        OrganizationConfigRuleName=call.inputs["name"],
        OrganizationManagedRuleMetadata=to_aws(wanted, _NAMES),
        ExcludedAccounts=call.inputs.get("excludedAccounts", []),
    )


def _configure(call: Call) -> None:
    """See that the rule reached every account, and try it again if an update finds it did not."""
    if not call.creating and _failed(call):
        _put(call)
    failed = _failed(call)
    if failed:
        raise ResourceError(f"unexpected state 'FAILED', wanted target 'SUCCESSFUL'. {failed}")


def _failed(call: Call) -> str:
    """The accounts that the rule did not reach, and why."""
    found = call.client("config").get_organization_config_rule_detailed_status(
        OrganizationConfigRuleName=call.id
    )["OrganizationConfigRuleDetailedStatus"]
    return "; ".join(
        f"Account ({item['AccountId']}): {item['ErrorCode']}"
        for item in found
        if "ErrorCode" in item
    )


def _read(call: Call) -> Properties | None:
    client = call.client("config")
    found = find(
        lambda: client.describe_organization_config_rules(OrganizationConfigRuleNames=[call.id]),
        _GONE,
    )
    if found is None:
        return None
    [rule] = found["OrganizationConfigRules"]
    live = from_aws(rule["OrganizationManagedRuleMetadata"], _NAMES)
    return {
        **{name: live.get(name) for name in _SETTINGS},
        "arn": rule["OrganizationConfigRuleArn"],
        "excludedAccounts": rule["ExcludedAccounts"],
        "name": rule["OrganizationConfigRuleName"],
    }


def _delete(call: Call) -> None:
    with ignoring(_GONE, "OrganizationAccessDeniedException"):
        call.client("config").delete_organization_config_rule(OrganizationConfigRuleName=call.id)


ORGANIZATION_MANAGED_RULE = ResourceType(
    type="aws:cfg/organizationManagedRule:OrganizationManagedRule",
    noun="ConfigService Organization Managed Rule",
    create=_create,
    configure=_configure,
    update=_put,
    read=_read,
    delete=_delete,
    name=AutoName(),
    replace=frozenset({"name"}),
    sets=frozenset({"excludedAccounts", "resourceTypesScopes"}),
    equal={"inputParameters": equal_json},
    validate={
        "name": (length(1, 64),),
        "description": (length(0, 256),),
        "excludedAccounts": (items(0, 1000),),
        "excludedAccounts.*": (account_id,),
        "inputParameters": (length(0, 2048), json_text),
        "maximumExecutionFrequency": (
            one_of("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"),
        ),
        "resourceIdScope": (length(0, 768),),
        "resourceTypesScopes": (items(0, 100),),
        "resourceTypesScopes.*": (length(0, 256),),
        "ruleIdentifier": (length(1, 256),),
        "tagKeyScope": (length(0, 128),),
        "tagValueScope": (length(0, 256),),
    },
)

RESOURCES = (ORGANIZATION_MANAGED_RULE,)
