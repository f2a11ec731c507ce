"""AWS Config: managed rules for all accounts of the organization.

Sources: `internal/service/configservice` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api
from sandbox.plugin.aws import ignoring
from sandbox.plugin.policies import equal_json
from sandbox.plugin.resource import AutoName, ResourceError
from sandbox.plugin.validators import account_id, json_text, length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call

_RULES: Final = Api(
    service="config",
    create="PutOrganizationConfigRule",
    update="PutOrganizationConfigRule",
    read="DescribeOrganizationConfigRules",
    delete="DeleteOrganizationConfigRule",
    id="{name}",
    inside="OrganizationManagedRuleMetadata",
    names={"arn": "OrganizationConfigRuleArn", "name": "OrganizationConfigRuleName"},
    answer="OrganizationConfigRules[].merge(@, OrganizationManagedRuleMetadata)",
    gone=("NoSuchOrganizationConfigRuleException",),
)


def _configure(call: Call) -> None:
    """See that the rule reached every account, and try it again if an update finds it did not."""
    if not call.creating and _failed(call):
        _RULES.change(call)
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


def _delete(call: Call) -> None:
    with ignoring("OrganizationAccessDeniedException"):
        _RULES.remove(call)


ORGANIZATION_MANAGED_RULE = _RULES.row(
    type="aws:cfg/organizationManagedRule:OrganizationManagedRule",
    noun="ConfigService Organization Managed Rule",
    configure=_configure,
    delete=_delete,
    name=AutoName(),
    sets={"excludedAccounts", "resourceTypesScopes"},
    equal={"inputParameters": equal_json},
    validate={
        "name": (length(1, 64),),
        "excludedAccounts.*": (account_id,),
        "inputParameters": (length(0, 2048), json_text),
        "ruleIdentifier": (length(1, 256),),
    },
)
