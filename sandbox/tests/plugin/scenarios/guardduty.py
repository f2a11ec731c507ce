"""Objects of GuardDuty. A region has one detector, so each scenario takes away its own."""

from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World


def _detector(world: World) -> str:
    """The detector of the account, made if need be."""
    client = world.client("guardduty")
    found: list[str] = client.list_detectors()["DetectorIds"]
    return found[0] if found else client.create_detector(Enable=True)["DetectorId"]


def _none(world: World) -> None:
    client = world.client("guardduty")
    for detector in client.list_detectors()["DetectorIds"]:
        client.delete_detector(DetectorId=detector)


def _made(world: World) -> Inputs:
    _none(world)
    return {"enable": True, "findingPublishingFrequency": "ONE_HOUR", "tags": {"owner": "audit"}}


def _delegated(world: World) -> str:
    """The detector of the management account, which administers GuardDuty by itself."""
    client = world.client("guardduty")
    client.enable_organization_admin_account(
        AdminAccountId=world.organization.management_account_id
    )
    return _detector(world)


def _forget(world: World, deployed: Deployed) -> None:
    del deployed
    _none(world)


def _switch(status: str) -> Any:
    def act(world: World, deployed: Deployed) -> None:
        detector, _, name = deployed.id.partition("/")
        world.client("guardduty").update_detector(
            DetectorId=detector, Features=[{"Name": name, "Status": status}]
        )

    return act


def _members(world: World, deployed: Deployed) -> None:
    detector, _, name = deployed.id.partition("/")
    features: Any = {"Features": [{"Name": name, "AutoEnable": "NONE"}]} if name else {}
    world.client("guardduty").update_organization_configuration(
        DetectorId=detector, AutoEnableOrganizationMembers="NONE", **features
    )


_OTHER = "0" * 32

SCENARIOS = (
    Scenario(
        "aws:guardduty/detector:Detector",
        given=_made,
        update={
            "enable": False,
            "findingPublishingFrequency": "SIX_HOURS",
            "tags": {"owner": "security"},
        },
        changes=("enable", "findingPublishingFrequency", "tags.owner", "tagsAll.owner"),
        drift=call(
            "guardduty",
            "update_detector",
            DetectorId=id_of,
            Enable=False,
            FindingPublishingFrequency="FIFTEEN_MINUTES",
        ),
        drifted=("enable", "findingPublishingFrequency"),
        remove=_forget,
        computed=("accountId", "arn"),
    ),
    Scenario(
        "aws:guardduty/detectorFeature:DetectorFeature",
        given=lambda world: {
            "detectorId": _detector(world),
            "name": "S3_DATA_EVENTS",
            "status": "ENABLED",
        },
        update={"status": "DISABLED"},
        changes=("status",),
        drift=_switch("DISABLED"),
        drifted=("status",),
        remove=_forget,
        replace={"detectorId": _OTHER, "name": "RUNTIME_MONITORING"},
    ),
    Scenario(
        "aws:guardduty/organizationConfiguration:OrganizationConfiguration",
        given=lambda world: {
            "detectorId": _delegated(world),
            "autoEnableOrganizationMembers": "ALL",
        },
        update={"autoEnableOrganizationMembers": "NEW"},
        changes=("autoEnableOrganizationMembers",),
        drift=_members,
        drifted=("autoEnableOrganizationMembers",),
        remove=_forget,
        replace={"detectorId": _OTHER},
    ),
    Scenario(
        "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature",
        given=lambda world: {
            "detectorId": _delegated(world),
            "name": "S3_DATA_EVENTS",
            "autoEnable": "ALL",
        },
        update={"autoEnable": "NEW"},
        changes=("autoEnable",),
        drift=_members,
        drifted=("autoEnable",),
        remove=_forget,
        replace={"detectorId": _OTHER, "name": "RDS_LOGIN_EVENTS"},
    ),
)
