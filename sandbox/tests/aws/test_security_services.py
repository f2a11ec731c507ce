"""GuardDuty, Security Hub and Access Analyzer."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.organization import Organization
from sandbox.tests.support import Clients, refused

REGION = "eu-west-3"
"""One that no other test's detector or hub is in."""

STANDARD = f"arn:aws:securityhub:{REGION}::standards/cis-aws-foundations-benchmark/v/3.0.0"


@pytest.fixture
def guardduty(clients: Clients) -> Generator[Any]:
    client: Any = clients("guardduty", "management", REGION)
    yield client
    for detector in client.list_detectors()["DetectorIds"]:
        client.delete_detector(DetectorId=detector)


@pytest.fixture
def hub(clients: Clients) -> Generator[Any]:
    client: Any = clients("securityhub", "management", REGION)
    client.enable_security_hub(EnableDefaultStandards=False, Tags={"owner": "audit"})
    yield client
    client.disable_security_hub()


@pytest.fixture
def analyzers(clients: Clients) -> Any:
    return clients("accessanalyzer", "management", REGION)


def features(guardduty: Any, detector: str) -> dict[str, str]:
    found = guardduty.get_detector(DetectorId=detector)["Features"]
    return {each["Name"]: each["Status"] for each in found}


def test_a_region_has_one_detector(guardduty: Any) -> None:
    guardduty.create_detector(Enable=True)

    with refused("BadRequestException", "a detector already exists for the current account"):
        guardduty.create_detector(Enable=True)


def test_a_plan_is_switched_and_the_others_stay(guardduty: Any) -> None:
    detector = guardduty.create_detector(Enable=True)["DetectorId"]

    wanted = [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]
    guardduty.update_detector(DetectorId=detector, Features=wanted)

    found = features(guardduty, detector)
    assert (found["S3_DATA_EVENTS"], found["RDS_LOGIN_EVENTS"]) == ("DISABLED", "ENABLED")
    assert (found["CLOUD_TRAIL"], found["RUNTIME_MONITORING"]) == ("ENABLED", "DISABLED")
    with refused("BadRequestException", "Value 'FLOW_LOGS'"):
        guardduty.update_detector(
            DetectorId=detector, Features=[{"Name": "FLOW_LOGS", "Status": "DISABLED"}]
        )


def test_a_deleted_detector_is_not_found(guardduty: Any) -> None:
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    guardduty.delete_detector(DetectorId=detector)

    for call in (guardduty.get_detector, guardduty.delete_detector):
        with refused("BadRequestException", "is not owned by the current account"):
            call(DetectorId=detector)


def test_a_detector_keeps_its_tags(guardduty: Any, organization: Organization) -> None:
    detector = guardduty.create_detector(Enable=True, Tags={"a": "1", "b": "2"})["DetectorId"]
    arn = f"arn:aws:guardduty:{REGION}:{organization.management_account_id}:detector/{detector}"

    guardduty.tag_resource(ResourceArn=arn, Tags={"a": "3"})
    guardduty.untag_resource(ResourceArn=arn, TagKeys=["b"])

    assert guardduty.get_detector(DetectorId=detector)["Tags"] == {"a": "3"}
    assert guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "3"}


def test_the_delegated_administrator_gets_a_detector_and_configures_the_members(
    guardduty: Any, clients: Clients, organization: Organization
) -> None:
    security = organization.security_account_id
    delegate: Any = clients("guardduty", "security", REGION)
    with refused("BadRequestException", "not the management account"):
        delegate.enable_organization_admin_account(AdminAccountId=security)

    guardduty.enable_organization_admin_account(AdminAccountId=security)

    (detector,) = delegate.list_detectors()["DetectorIds"]
    delegate.update_organization_configuration(
        DetectorId=detector,
        AutoEnableOrganizationMembers="ALL",
        Features=[{"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"}],
    )
    found = delegate.describe_organization_configuration(DetectorId=detector)
    assert found["AutoEnableOrganizationMembers"] == "ALL"
    assert {"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"} in found["Features"]
    with refused("BadRequestException", "already enabled"):
        guardduty.enable_organization_admin_account(AdminAccountId=organization.workload_account_id)

    guardduty.disable_organization_admin_account(AdminAccountId=security)
    assert guardduty.list_organization_admin_accounts()["AdminAccounts"] == []
    with refused("BadRequestException", "is not the delegated administrator"):
        delegate.describe_organization_configuration(DetectorId=detector)
    delegate.delete_detector(DetectorId=detector)


def test_a_hub_is_enabled_once_and_configured(hub: Any) -> None:
    with refused("ResourceConflictException", "already subscribed"):
        hub.enable_security_hub()

    hub.update_security_hub_configuration(AutoEnableControls=False)

    found = hub.describe_hub()
    assert found["AutoEnableControls"] is False
    assert found["ControlFindingGenerator"] == "SECURITY_CONTROL"
    assert hub.list_tags_for_resource(ResourceArn=found["HubArn"])["Tags"] == {"owner": "audit"}


def test_standards_are_subscribed_to_by_their_arn(hub: Any) -> None:
    assert hub.get_enabled_standards()["StandardsSubscriptions"] == []

    request = [{"StandardsArn": STANDARD}]
    [made] = hub.batch_enable_standards(StandardsSubscriptionRequests=request)[
        "StandardsSubscriptions"
    ]

    assert made["StandardsStatus"] == "READY"
    arn = made["StandardsSubscriptionArn"]
    assert arn.endswith(":subscription/cis-aws-foundations-benchmark/v/3.0.0")
    assert STANDARD in {each["StandardsArn"] for each in hub.describe_standards()["Standards"]}
    hub.batch_disable_standards(StandardsSubscriptionArns=[arn])
    assert hub.get_enabled_standards()["StandardsSubscriptions"] == []
    with refused("InvalidInputException", "does not exist in eu-west-3"):
        hub.batch_enable_standards(
            StandardsSubscriptionRequests=[{"StandardsArn": f"{STANDARD}.1"}]
        )


def test_an_account_without_a_hub_says_so(clients: Clients) -> None:
    client: Any = clients("securityhub", "workload", REGION)

    for call in (client.describe_hub, client.get_enabled_standards, client.disable_security_hub):
        with refused("InvalidAccessException", "is not subscribed to AWS Security Hub"):
            call()


def test_a_new_hub_has_awss_default_standards_unless_the_call_leaves_them_out(
    clients: Clients,
) -> None:
    client: Any = clients("securityhub", "workload", REGION)
    client.enable_security_hub()

    found = client.get_enabled_standards()["StandardsSubscriptions"]
    client.disable_security_hub()

    assert len(found) == 2


def test_an_analyzer_has_a_name_of_its_own_and_tags(analyzers: Any, name: str) -> None:
    arn = analyzers.create_analyzer(analyzerName=name, type="ORGANIZATION", tags={"a": "1"})["arn"]

    with refused("ConflictException", "already exists"):
        analyzers.create_analyzer(analyzerName=name, type="ACCOUNT")
    analyzers.tag_resource(resourceArn=arn, tags={"b": "2"})
    analyzers.untag_resource(resourceArn=arn, tagKeys=["a"])

    found = analyzers.get_analyzer(analyzerName=name)["analyzer"]
    assert (found["arn"], found["status"], found["tags"]) == (arn, "ACTIVE", {"b": "2"})
    assert name in {
        each["name"] for each in analyzers.list_analyzers(type="ORGANIZATION")["analyzers"]
    }
    analyzers.delete_analyzer(analyzerName=name)
    with refused("ResourceNotFoundException"):
        analyzers.get_analyzer(analyzerName=name)


def test_an_organizations_analyzer_belongs_to_its_management_account_or_a_delegate(
    clients: Clients, name: str
) -> None:
    client: Any = clients("accessanalyzer", "workload", REGION)

    with refused("AccessDeniedException", "neither the management account"):
        client.create_analyzer(analyzerName=name, type="ORGANIZATION")
    client.create_analyzer(analyzerName=name, type="ACCOUNT")
    client.delete_analyzer(analyzerName=name)
