"""GuardDuty for an organization: who administers it, and how its accounts get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.patches.guardduty.store import (
    LIMIT,
    REASON,
    Detector,
    backend,
    detector,
    rejected,
)
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call
    from sandbox.aws.patches.guardduty.store import GuardDuty


@patch("guardduty", "EnableOrganizationAdminAccount", REASON, limit=LIMIT)
def enable(call: Call) -> Answer:
    """Delegate to an account, which gets a detector.

    Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html
    """
    home, account = _home(call), call.text("AdminAccountId")
    if home.administrator not in ("", account):
        raise rejected("the delegated administrator account is already enabled.")
    home.administrator = account
    delegate = backend(call, account)
    if delegate.detector is None:
        delegate.detector = Detector(account, enable=True, frequency="SIX_HOURS", tags={})
    return {}


@patch("guardduty", "DisableOrganizationAdminAccount", REASON, limit=LIMIT)
def disable(call: Call) -> Answer:
    """Take it back; the detector stays."""
    home = _home(call)
    if home.administrator != call.text("AdminAccountId"):
        raise rejected("the account is not the delegated administrator.")
    home.administrator = ""
    return {}


@patch("guardduty", "ListOrganizationAdminAccounts", REASON, limit=LIMIT)
def list_administrators(call: Call) -> Answer:
    """Name the one, if there is one."""
    account = _home(call).administrator
    found = [{"AdminAccountId": account, "AdminStatus": "ENABLED"}] if account else []
    return {"AdminAccounts": found}


@patch("guardduty", "DescribeOrganizationConfiguration", REASON, limit=LIMIT)
def describe(call: Call) -> Answer:
    """Tell how accounts get GuardDuty."""
    found = _administered(call)
    return {
        "AutoEnable": found.members != "NONE",
        "AutoEnableOrganizationMembers": found.members,
        "MemberAccountLimitReached": False,
        "Features": [
            {"Name": name, "AutoEnable": value} for name, value in found.member_plans.items()
        ],
    }


@patch("guardduty", "UpdateOrganizationConfiguration", REASON, limit=LIMIT)
def update(call: Call) -> Answer:
    """Say how accounts get GuardDuty."""
    found = _administered(call)
    found.members = call.text("AutoEnableOrganizationMembers") or (
        "NEW" if call.flag("AutoEnable") else found.members
    )
    for each in call.params.get("Features") or ():
        if each["Name"] not in found.member_plans:
            raise rejected(f"the feature {each['Name']} is not supported.")
        found.member_plans[each["Name"]] = each["AutoEnable"]
    return {}


def _home(call: Call) -> GuardDuty:
    """What GuardDuty keeps for the management account.

    Raises:
        AwsError: the caller is not of that account.
    """
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None or organization.account_id != call.signer.account_id:
        raise rejected(
            "the caller is not the management account of an organization, which alone may do this."
        )
    return backend(call)


def _administered(call: Call) -> Detector:
    """The detector of the delegated administrator.

    Raises:
        AwsError: the caller is not that account.
    """
    found = detector(call)
    organization = lookups.organization_of(call.signer.account_id)
    if (
        organization is None
        or backend(call, organization.account_id).administrator != call.signer.account_id
    ):
        raise rejected("the current account is not the delegated administrator of an organization.")
    return found
