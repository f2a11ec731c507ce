"""Looking the organization up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find
from sandbox.plugin.resource import Function
from sandbox.plugin.shapes import from_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_ACCOUNT: Final = (
    "Arn",
    "Email",
    "Id",
    "JoinedMethod",
    "JoinedTimestamp",
    "Name",
    "State",
    "Status",
)
_ADMINISTRATOR: Final = (
    "Arn",
    "DelegationEnabledDate",
    "Email",
    "Id",
    "JoinedMethod",
    "JoinedTimestamp",
    "Name",
    "Status",
)
_UNIT: Final = ("Arn", "Id", "Name")


def _organization(call: Call) -> Properties:
    organization = call.client("organizations").describe_organization()["Organization"]
    management = organization["MasterAccountId"]
    found: Properties = {
        "arn": organization["Arn"],
        "featureSet": organization["FeatureSet"],
        "id": organization["Id"],
        "masterAccountArn": organization["MasterAccountArn"],
        "masterAccountEmail": organization["MasterAccountEmail"],
        "masterAccountId": management,
        # A plain member account may not see the rest.
        "accounts": [],
        "awsServiceAccessPrincipals": [],
        "enabledPolicyTypes": [],
        "masterAccountName": "",
        "nonMasterAccounts": [],
        "roots": [],
    }
    if call.inputs.get("returnOrganizationOnly"):
        return found
    # The management account must be able to list: for it, a refusal is an error.
    refusal = () if management == call.account.account_id else ("AccessDeniedException",)
    accounts = find(lambda: _all(call, "list_accounts", "Accounts"), *refusal)
    if accounts is not None:
        found.update(_inside(call, organization, [_pick(item, _ACCOUNT) for item in accounts]))
    return found


def _inside(
    call: Call, organization: Properties, accounts: list[Properties]
) -> Iterator[tuple[str, Any]]:
    """What the management account and delegated administrators see."""
    management = organization["MasterAccountId"]
    yield "accounts", accounts
    yield "nonMasterAccounts", [item for item in accounts if item["id"] != management]
    names = (item["name"] for item in accounts if item["id"] == management)
    yield "masterAccountName", next(names, "")
    roots: list[Properties] = _all(call, "list_roots", "Roots")
    yield "roots", [from_aws(root) for root in roots]
    # The first root's, not the organization's AvailablePolicyTypes: those AWS does not keep up.
    types = (item["Type"] for item in roots[0]["PolicyTypes"] if item["Status"] == "ENABLED")
    yield "enabledPolicyTypes", sorted(types)
    if organization["FeatureSet"] == "ALL":
        principals = _all(
            call, "list_aws_service_access_for_organization", "EnabledServicePrincipals"
        )
        names = (item["ServicePrincipal"] for item in principals)
        yield "awsServiceAccessPrincipals", sorted(names)


def _units(call: Call) -> Properties:
    parent = str(call.inputs["parentId"])
    return {"id": parent, "children": [_pick(unit, _UNIT) for unit in _children(call, parent)]}


def _descendant_units(call: Call) -> Properties:
    parent = str(call.inputs["parentId"])
    units = [_pick(unit, _UNIT) for unit in _descendants(call, parent)]
    return {"id": parent, "childrens": units}  # the SDK spells it so


def _descendant_accounts(call: Call) -> Properties:
    parent = str(call.inputs["parentId"])
    places = [parent, *(unit["Id"] for unit in _descendants(call, parent))]
    accounts = [
        _pick(account, _ACCOUNT)
        for place in places
        for account in _all(call, "list_accounts_for_parent", "Accounts", ParentId=place)
    ]
    return {"id": parent, "accounts": accounts}


def _children(call: Call, parent: str) -> list[Properties]:
    return _all(
        call, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent
    )


def _descendants(call: Call, parent: str) -> Iterator[Properties]:
    for unit in _children(call, parent):
        yield unit
        yield from _descendants(call, unit["Id"])


def _policies(call: Call) -> Properties:
    filter_ = str(call.inputs["filter"])
    found = _all(call, "list_policies", "Policies", Filter=filter_)
    return {"id": filter_, "ids": [policy["Id"] for policy in found]}


def _policies_for_target(call: Call) -> Properties:
    target, filter_ = str(call.inputs["targetId"]), str(call.inputs["filter"])
    found = _all(call, "list_policies_for_target", "Policies", TargetId=target, Filter=filter_)
    return {"id": target, "ids": [policy["Id"] for policy in found]}


def _policy(call: Call) -> Properties:
    policy = call.client("organizations").describe_policy(PolicyId=call.inputs["policyId"])
    summary: Properties = policy["Policy"]["PolicySummary"]
    return {
        "arn": summary["Arn"],
        "awsManaged": summary["AwsManaged"],
        "content": policy["Policy"]["Content"],
        "description": summary.get("Description", ""),
        "id": summary["Id"],
        "name": summary["Name"],
        "type": summary["Type"],
    }


def _delegated_administrators(call: Call) -> Properties:
    principal = call.inputs.get("servicePrincipal")
    service = {"ServicePrincipal": str(principal)} if principal else {}
    found = _all(call, "list_delegated_administrators", "DelegatedAdministrators", **service)
    return {
        "id": call.account.account_id,
        "delegatedAdministrators": [_pick(item, _ADMINISTRATOR) for item in found],
    }


def _all(call: Call, operation: str, key: str, **request: str) -> list[Properties]:
    """Every item of a listing."""
    pages = call.client("organizations").get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[key]]


def _pick(item: Properties, keys: tuple[str, ...]) -> Properties:
    return from_aws({key: item[key] for key in keys if key in item})


_UNITS: Final = "aws:organizations/getOrganizationalUnit"

FUNCTIONS = (
    Function(
        function="aws:organizations/getOrganization:getOrganization",
        noun="Organizations Organization",
        run=_organization,
    ),
    Function(
        function="aws:organizations/getOrganizationalUnits:getOrganizationalUnits",
        noun="Organizations Organizational Units",
        run=_units,
        required=("parentId",),
    ),
    Function(
        function=f"{_UNITS}DescendantOrganizationalUnits:"
        "getOrganizationalUnitDescendantOrganizationalUnits",
        noun="Organizations Organizational Unit descendants",
        run=_descendant_units,
        required=("parentId",),
    ),
    Function(
        function=f"{_UNITS}DescendantAccounts:getOrganizationalUnitDescendantAccounts",
        noun="Organizations Organizational Unit accounts",
        run=_descendant_accounts,
        required=("parentId",),
    ),
    Function(
        function="aws:organizations/getPolicies:getPolicies",
        noun="Organizations Policies",
        run=_policies,
        required=("filter",),
    ),
    Function(
        function="aws:organizations/getPoliciesForTarget:getPoliciesForTarget",
        noun="Organizations Policies for Target",
        run=_policies_for_target,
        required=("filter", "targetId"),
    ),
    Function(
        function="aws:organizations/getPolicy:getPolicy",
        noun="Organizations Policy",
        run=_policy,
        required=("policyId",),
    ),
    Function(
        function="aws:organizations/getDelegatedAdministrators:getDelegatedAdministrators",
        noun="Organizations Delegated Administrators",
        run=_delegated_administrators,
    ),
)
