"""GuardDuty: the detector of a region, its protection plans, and those of the organization.

Sources: `internal/service/guardduty` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName, ResourceError
from sandbox.plugin.validators import one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

# GuardDuty has one error code for everything.
_GONE: Final = ("the input detectorId is not owned by the current account",)
_PLANS: Final = (
    *("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS"),
    *("LAMBDA_NETWORK_LOGS", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING", "AI_PROTECTION"),
    "AI_ANALYST",
)
_AGENTS: Final = "agents of runtime monitoring: leave additionalConfigurations out"
_FORM: Final = "<detector id>/<feature name>"


def _keep(_call: Call) -> None:
    """Deleting it changes nothing: the real provider leaves the plan as it is."""


class _Detectors(Api):
    """DeleteDetector says of a detector that is gone what it says of everything."""

    def remove(self, call: Call) -> None:
        if self.find(call, self.read, DetectorId=call.id) is not None:
            Api.remove(self, call)


DETECTOR: Final = _Detectors(
    service="guardduty",
    create="CreateDetector",
    read="GetDetector",
    update="UpdateDetector",
    whole=True,
    delete="DeleteDetector",
    made="DetectorId",
    key="DetectorId",
    arn="detector/{id}",
    outputs=lambda call, found: {
        "accountId": call.account.account_id,
        "enable": found["Status"] == "ENABLED",
    },
    gone=_GONE,
    tags=Tags(target="ResourceArn"),
).row(
    type="aws:guardduty/detector:Detector",
    noun="GuardDuty Detector",
    defaults={"enable": True},
    not_emulated={"datasources": "deprecated: use aws.guardduty.DetectorFeature"},
)


def _feature(call: Call) -> Properties:
    return {"Features": [{"Name": call.inputs["name"], "Status": call.inputs["status"]}]}


DETECTOR_FEATURE: Final = Api(
    service="guardduty",
    create="UpdateDetector",
    update="UpdateDetector",
    read="GetDetector",
    id="{detectorId}/{name}",
    form=_FORM,
    more=_feature,
    answer="Features",
    gone=_GONE,
).row(
    type="aws:guardduty/detectorFeature:DetectorFeature",
    noun="GuardDuty Detector Feature",
    delete=_keep,
    name=AutoName(),
    validate={"name": (one_of(*_PLANS),), "status": (one_of("ENABLED", "DISABLED"),)},
    not_emulated={"additionalConfigurations": _AGENTS},
)

_UPDATE: Final = "UpdateOrganizationConfiguration"
_DESCRIBE: Final = "DescribeOrganizationConfiguration"

ORGANIZATION_CONFIGURATION: Final = Api(
    service="guardduty",
    create=_UPDATE,
    update=_UPDATE,
    read=_DESCRIBE,
    id="{detectorId}",
    gone=_GONE,
).row(
    type="aws:guardduty/organizationConfiguration:OrganizationConfiguration",
    noun="GuardDuty Organization Configuration",
    delete=_keep,
    not_emulated={"datasources": "deprecated: use OrganizationConfigurationFeature"},
)


def _members_feature(call: Call, request: Properties) -> None:
    """A protection plan is written together with what the configuration says of members."""
    members, client = "AutoEnableOrganizationMembers", call.client("guardduty")
    found = client.describe_organization_configuration(DetectorId=request["DetectorId"])
    feature = {"Name": call.inputs["name"], "AutoEnable": request.pop("AutoEnable")}
    request |= {members: found[members], "Features": [feature]}


class _MembersFeatures(Api):
    def look_up(self, call: Call) -> Properties | None:
        found = Api.look_up(self, call)
        detector = self.identity(call)["detectorId"]
        if found is None and self.find(call, "GetDetector", DetectorId=detector):
            raise ResourceError(f"couldn't find the feature {self.identity(call)['name']}")
        return found


ORGANIZATION_CONFIGURATION_FEATURE: Final = _MembersFeatures(
    service="guardduty",
    create=_UPDATE,
    update=_UPDATE,
    read=_DESCRIBE,
    id="{detectorId}/{name}",
    form=_FORM,
    refine=_members_feature,
    answer="Features",
    gone=_GONE,
).row(
    type="aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature",
    noun="GuardDuty Organization Configuration Feature",
    delete=_keep,
    name=AutoName(),
    validate={"autoEnable": (one_of("ALL", "NEW", "NONE"),), "name": (one_of(*_PLANS),)},
    not_emulated={"additionalConfigurations": _AGENTS},
)
