"""AWS's own security services, and CloudTrail Lake."""

from typing import Any

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import FoundTrail, Lookups
from stacks.preflight.services import check_control_tower, check_organization_services
from stacks.settings.roles import ManagementSettings
from tests.support.deployment import MANAGEMENT_ACCOUNT, ORGANIZATION
from tests.support.stacks import management, security

EVERYTHING = {
    service: {"enabled": True}
    for service in ("config", "guardDuty", "securityHub", "accessAnalyzer")
}


def texts(
    *, alone: bool = False, trails: tuple[FoundTrail, ...] = (), fatal: bool = True, **values: Any
) -> list[str]:
    organization = Organization(id=ORGANIZATION, management_account=MANAGEMENT_ACCOUNT)
    context = DeploymentContext(
        settings=ManagementSettings.model_validate(values),
        account=MANAGEMENT_ACCOUNT,
        region="eu-west-1",
        partition="aws",
        deployer=f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:role/Deploy",
        found_organization=None if alone else organization,
    )
    found = [
        *check_organization_services(context),
        *check_control_tower(context, Lookups(trails=trails)),
    ]
    assert all(finding.fatal is fatal for finding in found)
    return [finding.text for finding in found]


def test_no_service_is_touched_unless_asked_for() -> None:
    kinds = {each.type for each in management(security().outputs).resources}

    assert not [
        kind
        for kind in kinds
        if any(word in kind for word in ("guardduty", "securityhub", "cfg", "accessanalyzer"))
    ]


def test_what_is_asked_for_is_enabled() -> None:
    asked = (
        '{"config": {"enabled": true, "rules": ["trail-enabled"]}, "guardDuty": {"enabled": true},'
        ' "securityHub": {"enabled": true, "standards": ["fsbp"]},'
        ' "accessAnalyzer": {"enabled": true}}'
    )

    deployment = management(security().outputs, securityServices=asked)

    rule = deployment.only("OrganizationManagedRule").inputs
    assert rule["ruleIdentifier"] == "CLOUD_TRAIL_ENABLED"
    assert deployment.only("Detector").inputs["findingPublishingFrequency"] == "FIFTEEN_MINUTES"
    assert deployment.only("StandardsSubscription")
    assert deployment.only("Analyzer").inputs["type"] == "ORGANIZATION"


def test_lake_is_there_only_when_asked_for_and_warned_of() -> None:
    exported = security().outputs

    assert management(exported).of_type("EventDataStore") == []
    made = management(exported, eventDataStore='{"enabled": true, "retentionDays": 90}')
    assert made.only("EventDataStore", "cloudtrail-guard-store").inputs["retentionPeriod"] == 90
    assert any("closed CloudTrail Lake" in message for message in made.messages)


def test_services_of_an_organization_need_one() -> None:
    asked = {**EVERYTHING, "guardDuty": {"enabled": True, "organization": True}}

    assert texts(securityServices=asked) == []
    found = texts(alone=True, securityServices=asked)
    assert [text.partition(" = ")[0].rpartition("securityServices.")[2] for text in found] == [
        *("config.enabled", "guardDuty.organization", "accessAnalyzer.organization"),
    ]
    local = {"guardDuty": {"enabled": True}, "securityHub": {"enabled": True}}
    assert texts(alone=True, securityServices=local) == []


def test_control_tower_is_warned_of() -> None:
    arn = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT_ACCOUNT}:trail/aws-controltower-BaselineTrail"
    trails = (FoundTrail(arn=arn, organization=True),)

    assert texts(trails=trails) == []
    (text,) = texts(trails=trails, fatal=False, securityServices=EVERYTHING)
    assert "leave out of cloudtrail-guard:securityServices what it has" in text
