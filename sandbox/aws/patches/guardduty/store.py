"""What GuardDuty keeps for an account in a region."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from moto.core.base_backend import BackendDict, BaseBackend

from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.aws.call import Call

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
    """A detector; the settings in the words of the API."""

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


class GuardDuty(BaseBackend):
    """The detector of an account in a region, forgotten with the rest of moto's state."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without one."""
        super().__init__(region_name, account_id)
        self.detector: Detector | None = None
        self.administrator = ""
        """The organization's delegated administrator, in its management account."""


_BACKENDS = BackendDict(GuardDuty, "guardduty")


def backend(call: Call, account_id: str = "") -> GuardDuty:
    """What GuardDuty keeps for an account, the caller's by default, in the call's region."""
    return _BACKENDS[account_id or call.signer.account_id][call.region]


def detector(call: Call) -> Detector:
    """The detector that a call names.

    Raises:
        AwsError: the caller has no such detector.
    """
    found = backend(call).detector
    if found is None or found.id != call.text("DetectorId"):
        raise rejected("the input detectorId is not owned by the current account.")
    return found
