"""The organization's trust in StackSets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.patches.cloudformation import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Answer, Call

_MISSING = "moto lacks this operation"


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
def describe(call: Call) -> Answer:
    """Report whether StackSets may work in the organization."""
    organization = lookups.organization_of(call.signer.account_id)
    enabled = organization is not None and is_activated(organization)
    return {"Status": "ENABLED" if enabled else "DISABLED"}


def is_activated(organization: OrganizationsBackend) -> bool:
    """Whether StackSets may work in an organization."""
    home = store.backend(organization.account_id, _HOME)
    return home.activated and lookups.is_trusted(organization, store.SERVICE)


_HOME = "us-east-1"
"""The trust holds in all regions; it is kept here."""


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
