"""GuardDuty: one detector a region, with its protection plans, and who administers it.

An emulation of its own: moto keeps several detectors, and of features what was sent last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.aws.call import Answer, Call

LIMIT = "nothing is analysed, so there are no findings; members get no detector by themselves"
REASON = "moto keeps several detectors, any feature by any name, and no configuration of members"

# https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-feature-object-api-changes-march2023.html
_ALWAYS = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
PLANS = (
    *("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS"),
    "LAMBDA_NETWORK_LOGS",
)
"""The plans that a new detector has on; with runtime monitoring, those that can be switched."""
RUNTIME = ("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING")


def rejected(message: str) -> AwsError:
    """GuardDuty refuses; it has one error code for nearly everything."""
    return AwsError("BadRequestException", f"The request is rejected because {message}")


@dataclass
class Detector:
    """A detector; the settings as the API names them."""

    account_id: str
    enable: bool
    frequency: str
    tags: dict[str, str]
    id: str = field(default_factory=lambda: uuid4().hex)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    features: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    members: str = "NONE"
    """Which accounts of the organization get GuardDuty."""
    member_plans: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys((*PLANS, *RUNTIME), "NONE")
    )
    """Which of them get each plan."""

    def __post_init__(self) -> None:
        """Begin with the plans that are on by default."""
        self.features = {
            name: {"Name": name, "Status": "ENABLED"} for name in (*_ALWAYS, *PLANS)
        } | {name: {"Name": name, "Status": "DISABLED"} for name in RUNTIME}

    def switch(self, wanted: Iterable[Mapping[str, Any]]) -> None:
        """Change the plans that are named; the others stay.

        Raises:
            AwsError: there is no such plan.
        """
        for each in wanted:
            if each["Name"] not in (*PLANS, *RUNTIME):
                raise rejected(f"the feature {each['Name']} is not supported.")
            self.features[each["Name"]] = dict(each)


@dataclass
class GuardDuty:
    """What GuardDuty keeps for an account in a region."""

    detector: Detector | None = None
    administrator: str = ""
    """The organization's delegated administrator, in its management account."""


def backend(call: Call, account_id: str = "") -> GuardDuty:
    """What GuardDuty keeps for an account, the caller's by default, in the call's region."""
    return store.kept(GuardDuty, account_id or call.signer.account_id, call.region)


def detector(call: Call) -> Detector:
    """The detector that a call names.

    Raises:
        AwsError: the caller has no such detector.
    """
    found = backend(call).detector
    if found is None or found.id != call.text("DetectorId"):
        raise rejected("the input detectorId is not owned by the current account.")
    return found


_DEFAULT_FREQUENCY = "SIX_HOURS"


@patch("guardduty", "CreateDetector", REASON, limit=LIMIT)
def create(call: Call) -> Answer:
    """Make the one detector of account and region."""
    home = backend(call)
    if home.detector is not None:
        raise rejected("a detector already exists for the current account.")
    made = Detector(
        call.signer.account_id,
        call.flag("Enable"),
        call.text("FindingPublishingFrequency") or _DEFAULT_FREQUENCY,
        dict(call.params.get("Tags") or {}),
    )
    made.switch(call.params.get("Features") or ())
    home.detector = made
    return {"DetectorId": made.id}


@patch("guardduty", "GetDetector", REASON, limit=LIMIT)
def get(call: Call) -> Answer:
    """Describe it."""
    found = detector(call)
    account = found.account_id
    role = "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
    return {
        "CreatedAt": found.created.isoformat(),
        "UpdatedAt": found.created.isoformat(),
        "FindingPublishingFrequency": found.frequency,
        "ServiceRole": f"arn:{call.partition}:iam::{account}:{role}",
        "Status": "ENABLED" if found.enable else "DISABLED",
        "Features": list(found.features.values()),
        "Tags": found.tags,
    }


@patch("guardduty", "ListDetectors", REASON, limit=LIMIT)
def list_detectors(call: Call) -> Answer:
    """Name the one, if it is there."""
    found = backend(call).detector
    return {"DetectorIds": [found.id] if found else []}


@patch("guardduty", "UpdateDetector", REASON, limit=LIMIT)
def update(call: Call) -> Answer:
    """Change what is given."""
    found = detector(call)
    found.enable = call.flag("Enable", default=found.enable)
    found.frequency = call.text("FindingPublishingFrequency") or found.frequency
    found.switch(call.params.get("Features") or ())
    return {}


@patch("guardduty", "DeleteDetector", REASON, limit=LIMIT)
def delete(call: Call) -> Answer:
    """Delete it, with all that it found."""
    detector(call)
    backend(call).detector = None
    return {}


@patch("guardduty", store.TAG_OPERATIONS, REASON, limit=LIMIT)
def tag(call: Call) -> Answer:
    """Set, remove or list the tags of a detector."""
    found = backend(call).detector
    if found is None or not call.text("ResourceArn").endswith(f":detector/{found.id}"):
        raise NotImplementedError("tags of what is no detector of the caller")
    return store.tag(call, found.tags)


@patch("guardduty", "EnableOrganizationAdminAccount", REASON, limit=LIMIT)
def enable_administrator(call: Call) -> Answer:
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
def disable_administrator(call: Call) -> Answer:
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
def describe_organization(call: Call) -> Answer:
    """Report how accounts get GuardDuty."""
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
def update_organization(call: Call) -> Answer:
    """Report how accounts get GuardDuty."""
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
