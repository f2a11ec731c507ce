from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, SecurityServices

from tests.support.deployment import Deployment, deploy

DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"


def make(args: dict[str, Any], **options: Any) -> Deployment:
    wanted: Any = args
    return deploy(lambda: SecurityServices("watch", wanted), **options)


@pytest.mark.parametrize(
    ("service", "types"),
    [
        ("config", {"OrganizationManagedRule"}),
        ("guard_duty", {"Detector", "DetectorFeature"}),
        ("security_hub", {"Account", "StandardsSubscription"}),
        ("access_analyzer", {"Analyzer"}),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_each_service_is_enabled_alone(service: str, types: set[str], preview: bool) -> None:
    made = make({service: {}}, preview=preview).resources

    assert {r.type.rsplit(":", maxsplit=1)[-1] for r in made} == {"SecurityServices", *types}


def test_config_checks_every_account_but_the_excluded() -> None:
    rules = make({"config": {"excluded_account_ids": ["123456789012"]}}).of_type(
        "OrganizationManagedRule"
    )

    assert {rule.inputs["ruleIdentifier"] for rule in rules} == {
        "CLOUD_TRAIL_ENABLED",
        "MULTI_REGION_CLOUD_TRAIL_ENABLED",
        "CLOUD_TRAIL_ENCRYPTION_ENABLED",
        "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
    }
    assert {rule.inputs["name"] for rule in rules} >= {"watch-trail-enabled"}
    assert all(rule.inputs["excludedAccounts"] == ["123456789012"] for rule in rules)


def test_guardduty_watches_over_s3() -> None:
    deployment = make({"guard_duty": {}})

    assert deployment.only("Detector").inputs == {
        "enable": True,
        "findingPublishingFrequency": "FIFTEEN_MINUTES",
    }
    assert deployment.only("DetectorFeature").inputs == {
        "detectorId": "watch-detector-id",
        "name": "S3_DATA_EVENTS",
        "status": "ENABLED",
    }


def test_an_existing_detector_is_used_and_not_made_again() -> None:
    deployment = make(
        {"guard_duty": {"existing_detector_id": DETECTOR}}, live={DETECTOR: {"enable": True}}
    )

    assert deployment.only("Detector").read
    assert deployment.only("DetectorFeature").inputs["detectorId"] == DETECTOR


def test_members_get_guardduty_before_its_features_are_set() -> None:
    deployment = make({"guard_duty": {"organization": True}})

    assert deployment.only("OrganizationConfiguration").inputs == {
        "detectorId": "watch-detector-id",
        "autoEnableOrganizationMembers": "ALL",
    }
    feature = deployment.only("OrganizationConfigurationFeature")
    assert (feature.inputs["name"], feature.inputs["autoEnable"]) == ("S3_DATA_EVENTS", "ALL")
    assert "watch-members" in str(feature.dependencies)


def test_security_hub_has_the_standards_that_are_named_and_no_others() -> None:
    deployment = make({"security_hub": {"standards": ["pci-dss-4.0.1"]}})

    assert deployment.only("Account").inputs == {"enableDefaultStandards": False}
    standard = deployment.only("StandardsSubscription")
    assert standard.inputs["standardsArn"] == (
        "arn:aws:securityhub:eu-west-1::standards/pci-dss/v/4.0.1"
    )
    assert "watch-security-hub" in str(standard.dependencies)


def test_standards_are_added_to_a_hub_that_is_there() -> None:
    deployment = make({"security_hub": {"existing_hub": True}})

    assert deployment.of_type("Account") == []
    assert len(deployment.of_type("StandardsSubscription")) == 2


def test_findings_outlive_the_stack() -> None:
    deployment = make({"guard_duty": {}, "security_hub": {}})

    assert deployment.only("Detector").retain_on_delete
    assert deployment.only("Account").retain_on_delete


@pytest.mark.parametrize(("organization", "kind"), [(True, "ORGANIZATION"), (False, "ACCOUNT")])
def test_the_analyzer_asks_who_is_outside(organization: bool, kind: str) -> None:
    deployment = make({"access_analyzer": {"organization": organization}})

    assert deployment.only("Analyzer").inputs == {"analyzerName": "watch", "type": kind}


def test_everything_is_in_the_region_that_is_named() -> None:
    services = {"config": {}, "guard_duty": {}, "security_hub": {}, "access_analyzer": {}}

    made = make({**services, "region": "us-east-1"}).resources[1:]

    assert {resource.inputs["region"] for resource in made} == {"us-east-1"}


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    deployment = make({"security_hub": {}}, region=region)

    for standard in deployment.of_type("StandardsSubscription"):
        assert standard.inputs["standardsArn"].startswith(f"arn:{partition}:securityhub:{region}:")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "SecurityServices 'watch': nothing is asked for"),
        ({"region": "eu-west-1"}, "nothing is asked for"),
        ({"config": {"rules": ["all"]}}, "'all' must be one of trail-enabled"),
        ({"config": {"rules": []}}, "no config rule is named"),
        ({"security_hub": {"standards": ["cis"]}}, "'cis' must be one of fsbp"),
    ],
)
def test_what_no_service_knows_is_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(args)


def test_what_is_known_only_later_names_no_resource() -> None:
    def program() -> None:
        later: Any = [pulumi.Output.from_input("fsbp")]
        SecurityServices("watch", {"security_hub": {"standards": later}})

    with pytest.raises(ArgumentError, match="must be known while the program runs"):
        deploy(program)
