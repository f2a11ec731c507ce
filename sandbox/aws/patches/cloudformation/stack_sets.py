"""StackSets: the organization's trust in them; create, read, update, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudformation import deployment, store, trails
from sandbox.aws.patches.cloudformation.trails import trails_of
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,127}$")
_SETTINGS = ("Description", "Capabilities", "Tags", "AutoDeployment", "ManagedExecution")
_REFUSED = ("AdministrationRoleARN", "ExecutionRoleName")
_NOT_EMULATED = ("Parameters", "StackId", "TemplateURL")

_MISSING = "moto lacks this operation"
_HOME = "us-east-1"
"""The trust holds in all regions; it is kept here."""


@patch("cloudformation", "ActivateOrganizationsAccess", _MISSING)
def activate(call: Call) -> Answer:
    """Let StackSets work in the organization: trusted access in Organizations, and more.

    What Organizations alone enables is not enough:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
    """
    organization = _managed(call)
    if not lookups.is_trusted(organization, store.SERVICE):
        organization.enable_aws_service_access(ServicePrincipal=store.SERVICE)
    _set(organization, activated=True)
    return {}


@patch("cloudformation", "DeactivateOrganizationsAccess", _MISSING)
def deactivate(call: Call) -> Answer:
    """Take the trust back; the stacks stay."""
    _set(_managed(call), activated=False)
    return {}


@patch("cloudformation", "DescribeOrganizationsAccess", _MISSING)
def describe_access(call: Call) -> Answer:
    """Report whether StackSets may work in the organization."""
    organization = lookups.organization_of(call.signer.account_id)
    enabled = organization is not None and _is_activated(organization)
    return {"Status": "ENABLED" if enabled else "DISABLED"}


def _is_activated(organization: OrganizationsBackend) -> bool:
    """Whether StackSets may work in an organization."""
    home = store.backend(organization.account_id, _HOME)
    return home.activated and lookups.is_trusted(organization, store.SERVICE)


def _set(organization: OrganizationsBackend, *, activated: bool) -> None:
    store.backend(organization.account_id, _HOME).activated = activated


def _managed(call: Call) -> OrganizationsBackend:
    """The organization that the caller's account manages.

    Raises:
        AwsError: it manages none.
    """
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None or organization.account_id != call.signer.account_id:
        raise store.not_entitled()
    return organization


@patch("cloudformation", "CreateStackSet", store.FORGETS, limit=store.LIMIT)
def create(call: Call) -> Answer | None:
    """Create a service-managed StackSet."""
    if call.text("PermissionModel") != "SERVICE_MANAGED":
        return None
    account = store.administered(call)
    organization = lookups.organization_of(account)
    if organization is None or organization.account_id != account:
        raise store.not_entitled()
    if not _is_activated(organization):
        message = "You must enable organizations access to operate a service managed stack set"
        raise store.invalid(message)
    name = call.text("StackSetName")
    if _NAME.match(name) is None:
        raise store.invalid(
            f"1 validation error detected: Value '{name}' at 'stackSetName' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: {_NAME.pattern}"
        )
    sets = store.backend(account, call.region).sets
    if name in sets:
        raise AwsError("NameAlreadyExistsException", f"StackSet {name} already exists")
    made = store.StackSet(
        name, account, call.region, call.partition, _template(call), _settings(call)
    )
    sets[name] = made
    return {"StackSetId": made.id}


@store.patch_stack_sets("DescribeStackSet")
def describe(_call: Call, found: store.StackSet) -> Answer:
    """Describe one."""
    return {"StackSet": found.describe()}


@store.patch_stack_sets("UpdateStackSet")
def update(call: Call, found: store.StackSet) -> Answer:
    """Change one, and with it all its stacks."""
    if not call.flag("UsePreviousTemplate"):
        found.template = _template(call)
    found.settings = {**found.settings, **_settings(call)}
    operation = deployment.update(call, found, list(found.instances.values()))
    return {"OperationId": operation.id}


@store.patch_stack_sets("DeleteStackSet")
def delete(_call: Call, found: store.StackSet) -> Answer:
    """Delete one that has no stacks."""
    if found.instances:
        raise AwsError("StackSetNotEmptyException", "StackSet is not empty")
    del store.backend(found.account_id, found.region).sets[found.name]
    return {}


@patch("cloudformation", "ListStackSets", store.FORGETS, limit="lists service-managed ones only")
def list_sets(call: Call) -> Answer | None:
    """List them, all in one page; an account that has none is asked for its self-managed ones."""
    account = store.administered(call)
    sets = store.backend(account, call.region).sets.values()
    if not sets:
        return None
    return {
        "Summaries": [
            {
                key: value
                for key, value in found.describe().items()
                if key
                in {
                    *("StackSetName", "StackSetId", "Description", "Status", "AutoDeployment"),
                    *("PermissionModel", "ManagedExecution"),
                }
            }
            for found in sets
        ]
    }


def _settings(call: Call) -> dict[str, Any]:
    for name in _REFUSED:
        if call.params.get(name):
            raise store.invalid(f"{name} cannot be given for a SERVICE_MANAGED stack set")
    for name in _NOT_EMULATED:
        if call.params.get(name):
            raise NotImplementedError(f"{name} of a service-managed StackSet")
    return {name: call.params[name] for name in _SETTINGS if name in call.params}


def _template(call: Call) -> str:
    template = call.text("TemplateBody")
    for properties in trails_of(template).values():
        trails.check(properties)
    return template
