"""AWS Organizations: policies, who has access to the organization, and looking it up.

Sources: `internal/service/organizations` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.plugin.api import Api, Tags, outputs_of
from sandbox.plugin.aws import find
from sandbox.plugin.policies import equal_json
from sandbox.plugin.resource import AutoName, ResourceError, function
from sandbox.plugin.validators import account_id, json_text, length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

# Policies and where they are attached


def _policy(call: Call) -> Properties:
    # The API wants a description, be it an empty one.
    return {"Description": call.inputs.get("description", "")} if call.creating else {}


def _live_policy(call: Call, policy: Properties) -> Properties:
    if policy.get("AwsManaged"):
        raise ResourceError(
            f"AWS-managed Organizations policy ({call.id}) cannot be imported: reference it by id"
        )
    return {"description": policy.get("Description", "")}


POLICY = Api(
    service="organizations",
    create="CreatePolicy",
    read="DescribePolicy",
    update="UpdatePolicy",
    delete="DeletePolicy",
    made="Policy.PolicySummary.Id",
    key="PolicyId",
    answer="Policy.merge(PolicySummary, {Content: Content})",
    more=_policy,
    outputs=_live_policy,
    gone=("PolicyNotFoundException", "AWSOrganizationsNotInUseException"),
    tags=Tags(target="ResourceId", by_arn=False, list="ListTagsForResource"),
).row(
    type="aws:organizations/policy:Policy",
    noun="Organizations Policy",
    name=AutoName(),
    replace={"type"},
    defaults={"type": "SERVICE_CONTROL_POLICY"},
    equal={"content": equal_json},
    validate={"content": (json_text,)},
)

ATTACHMENT = Api(
    service="organizations",
    create="AttachPolicy",
    read="ListTargetsForPolicy",
    delete="DetachPolicy",
    id="{targetId}:{policyId}",
    form="<target-id>:<policy-id>",
    answer="Targets",
    gone=(
        *("PolicyNotFoundException", "AWSOrganizationsNotInUseException"),
        *("PolicyNotAttachedException", "TargetNotFoundException"),
    ),
).row(
    type="aws:organizations/policyAttachment:PolicyAttachment",
    noun="Organizations Policy Attachment",
    label="policyId",
)

# Trusted access of AWS services, and delegated administrators for them

SERVICE_ACCESS = Api(
    service="organizations",
    create="EnableAWSServiceAccess",
    read="ListAWSServiceAccessForOrganization",
    delete="DisableAWSServiceAccess",
    id="{servicePrincipal}",
    answer="EnabledServicePrincipals",
).row(
    type="aws:organizations/awsServiceAccess:AwsServiceAccess",
    noun="Organizations AWS Service Access",
)

DELEGATED_ADMINISTRATOR = Api(
    service="organizations",
    create="RegisterDelegatedAdministrator",
    read="ListDelegatedAdministrators",
    delete="DeregisterDelegatedAdministrator",
    id="{accountId}/{servicePrincipal}",
    form="<account-id>/<service-principal>",
    answer="DelegatedAdministrators[].merge(@, {AccountId: Id})",
    gone=("AccountNotRegisteredException",),
).row(
    type="aws:organizations/delegatedAdministrator:DelegatedAdministrator",
    noun="Organizations Delegated Administrator",
    validate={"accountId": (account_id,), "servicePrincipal": (length(1, 128),)},
)

# Functions


@function("organizations/getOrganization", "Organizations Organization")
def find_organization(call: Call) -> Properties:
    """The organization; a plain member account sees only part of it."""
    organization = call.client("organizations").describe_organization()["Organization"]
    found: Properties = {
        **outputs_of(call, organization),
        # A plain member account may not see the rest.
        "accounts": [],
        "awsServiceAccessPrincipals": [],
        "enabledPolicyTypes": [],
        "masterAccountName": "",
        "nonMasterAccounts": [],
        "roots": [],
    }
    found["id"] = organization["Id"]
    if call.inputs.get("returnOrganizationOnly"):
        return found
    # The management account must be able to list: for it, a refusal is an error.
    management = organization["MasterAccountId"] == call.account.account_id
    refusal = () if management else ("AccessDeniedException",)
    accounts = find(lambda: _all(call, "list_accounts", "Accounts"), *refusal)
    if accounts is not None:
        found.update(_inside(call, organization, accounts))
    return found


def _inside(
    call: Call, organization: Properties, listed: list[Properties]
) -> Iterator[tuple[str, Any]]:
    """What the management account and delegated administrators see."""
    management = organization["MasterAccountId"]
    roots: list[Properties] = _all(call, "list_roots", "Roots")
    seen = outputs_of(call, {"Accounts": listed, "Roots": roots})
    yield from seen.items()
    accounts: list[Properties] = seen["accounts"]
    yield "nonMasterAccounts", [item for item in accounts if item["id"] != management]
    names = (item["name"] for item in accounts if item["id"] == management)
    yield "masterAccountName", next(names, "")
    # The first root's, not the organization's AvailablePolicyTypes: those AWS does not keep up.
    types = (item["Type"] for item in roots[0]["PolicyTypes"] if item["Status"] == "ENABLED")
    yield "enabledPolicyTypes", sorted(types)
    if organization["FeatureSet"] == "ALL":
        principals = _all(
            call, "list_aws_service_access_for_organization", "EnabledServicePrincipals"
        )
        yield "awsServiceAccessPrincipals", sorted(item["ServicePrincipal"] for item in principals)


@function("organizations/getOrganizationalUnits", "Organizations Organizational Units", "parentId")
def find_units(call: Call) -> Properties:
    """The OUs right below a parent."""
    parent = str(call.inputs["parentId"])
    return {"id": parent, **outputs_of(call, {"Children": _children(call, parent)})}


@function(
    "organizations/getOrganizationalUnitDescendantOrganizationalUnits",
    "Organizations Organizational Unit descendants",
    "parentId",
)
def find_descendant_units(call: Call) -> Properties:
    """The OUs below a parent, at any depth."""
    parent = str(call.inputs["parentId"])
    # The SDK has a plural of the plural.
    units = {"Childrens": [*_descendants(call, parent)]}
    return {"id": parent, **outputs_of(call, units)}


@function(
    "organizations/getOrganizationalUnitDescendantAccounts",
    "Organizations Organizational Unit accounts",
    "parentId",
)
def find_descendant_accounts(call: Call) -> Properties:
    """The accounts below a parent, at any depth."""
    parent = str(call.inputs["parentId"])
    parents = [parent, *(unit["Id"] for unit in _descendants(call, parent))]
    accounts = [
        account
        for each in parents
        for account in _all(call, "list_accounts_for_parent", "Accounts", ParentId=each)
    ]
    return {"id": parent, **outputs_of(call, {"Accounts": accounts})}


def _children(call: Call, parent: str) -> list[Properties]:
    return _all(
        call, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent
    )


def _descendants(call: Call, parent: str) -> Iterator[Properties]:
    for unit in _children(call, parent):
        yield unit
        yield from _descendants(call, unit["Id"])


@function("organizations/getPolicies", "Organizations Policies", "filter")
def find_policies(call: Call) -> Properties:
    """The ids of the policies of a type."""
    filter_ = str(call.inputs["filter"])
    found = _all(call, "list_policies", "Policies", Filter=filter_)
    return {"id": filter_, "ids": [policy["Id"] for policy in found]}


@function(
    "organizations/getPoliciesForTarget",
    "Organizations Policies for Target",
    "filter",
    "targetId",
)
def find_policies_for_target(call: Call) -> Properties:
    """The ids of the policies of a type that are attached to a target."""
    target, filter_ = str(call.inputs["targetId"]), str(call.inputs["filter"])
    found = _all(call, "list_policies_for_target", "Policies", TargetId=target, Filter=filter_)
    return {"id": target, "ids": [policy["Id"] for policy in found]}


@function("organizations/getPolicy", "Organizations Policy", "policyId")
def find_policy(call: Call) -> Properties:
    """A policy by its id."""
    found = call.client("organizations").describe_policy(PolicyId=call.inputs["policyId"])
    policy = {"Description": "", **found["Policy"]["PolicySummary"]}
    return outputs_of(call, {**policy, "Content": found["Policy"]["Content"]})


@function("organizations/getDelegatedAdministrators", "Organizations Delegated Administrators")
def find_delegated_administrators(call: Call) -> Properties:
    """The delegated administrators, of one service or of all."""
    principal = call.inputs.get("servicePrincipal")
    service = {"ServicePrincipal": str(principal)} if principal else {}
    key = "DelegatedAdministrators"
    found = {key: _all(call, "list_delegated_administrators", key, **service)}
    return {"id": call.account.account_id, **outputs_of(call, found)}


def _all(call: Call, operation: str, key: str, **request: str) -> list[Properties]:
    """Every item of a listing."""
    pages = call.client("organizations").get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[key]]
