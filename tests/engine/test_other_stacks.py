"""The stacks beside security and management: member accounts, and one account alone."""

import json
from typing import Any

import pytest
from cloudtrail_guard.detection.metric_filters import METRIC_FILTERS
from demo.working_copy import working_copy

from sandbox.session import Sandbox
from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("other-stacks")]


@pytest.fixture(scope="module")
def project(engine_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(working_copy(tmp_path_factory.mktemp("program")), engine_sandbox)
    project.init("security", "management", "workload", "standalone")
    project.configure_core()
    project.up("security").succeeded()
    return project


def test_a_workload_records_data_events_into_the_shared_bucket(project: Project) -> None:
    project.up("workload").succeeded()
    project.up("workload", "--expect-no-changes").succeeded()

    cloudtrail: Any = project.sandbox.session("workload").client("cloudtrail")
    trail = cloudtrail.get_trail(Name="DataAccess")["Trail"]
    assert trail["S3BucketName"] == project.outputs("security")["bucketName"]
    assert trail["KmsKeyId"] == project.outputs("security")["keyArn"]
    selectors = cloudtrail.get_event_selectors(TrailName="DataAccess")["AdvancedEventSelectors"]
    assert "AWS::Lambda::Function" in json.dumps(selectors)
    project.pulumi("state", "unprotect", "--all", "--yes", "--stack", "workload").succeeded()
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "workload").succeeded()


def test_a_trail_that_the_shared_bucket_does_not_admit_is_refused_beforehand(
    project: Project,
) -> None:
    project.configure("workload", workload={"trailName": "Unheard"})
    try:
        refused = project.preview("workload").refused()
    finally:
        project.configure("workload", workload={"trailName": "DataAccess"})

    assert "add Unheard to cloudtrail-guard:memberTrailNames" in refused


def test_management_gives_every_account_of_an_ou_the_same_trail_and_undoes_tampering(
    project: Project,
) -> None:
    root = project.sandbox.organization.root_id
    cloudformation: Any = project.sandbox.session("management").client("cloudformation")
    project.configure(
        "management",
        # The role that deploys the stacks of the workload account.
        guardrails={"exemptRoleArns": [project.sandbox.organization.roles["workload"]]},
        memberTrails={"organizationalUnits": [root]},
        tamperResponse={"enabled": True},
    )

    refused = project.preview("management").refused()
    assert "aws cloudformation activate-organizations-access" in refused

    cloudformation.activate_organizations_access()
    project.up("management").succeeded()
    project.up("management", "--expect-no-changes").succeeded()

    for account in ("security", "workload"):
        cloudtrail: Any = project.sandbox.session(account).client("cloudtrail")
        names = {trail["Name"] for trail in cloudtrail.describe_trails()["trailList"]}
        assert names == {"SecurityAuditTrail", "DataAccess"}
    functions: Any = project.sandbox.session("management").client("lambda")
    made = functions.get_function_configuration(FunctionName="cloudtrail-guard-response")
    assert made["Environment"]["Variables"]["DRY_RUN"] == "true"


def test_management_enables_the_security_services_that_are_asked_for(project: Project) -> None:
    organization = project.sandbox.organization
    everybody = [
        organization.management_account_id,
        organization.security_account_id,
        organization.workload_account_id,
    ]
    project.configure(
        "management",
        securityServices={
            # No account of the sandbox has a configuration recorder.
            "config": {"enabled": True, "excludedAccountIds": everybody},
            "guardDuty": {"enabled": True},
            "securityHub": {"enabled": True},
            "accessAnalyzer": {"enabled": True},
        },
        eventDataStore={"enabled": True},
    )

    assert "AWS closed CloudTrail Lake to new customers" in project.up("management").output
    project.up("management", "--expect-no-changes").succeeded()
    project.pulumi(
        *("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", "management")
    ).succeeded()

    session = project.sandbox.session("management")
    guardduty: Any = session.client("guardduty")
    (detector,) = guardduty.list_detectors()["DetectorIds"]
    features = guardduty.get_detector(DetectorId=detector)["Features"]
    assert {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"} in features
    hub: Any = session.client("securityhub")
    assert len(hub.get_enabled_standards()["StandardsSubscriptions"]) == 2
    analyzers: Any = session.client("accessanalyzer")
    assert analyzers.list_analyzers()["analyzers"][0]["type"] == "ORGANIZATION"
    cloudtrail: Any = session.client("cloudtrail")
    assert len(cloudtrail.list_event_data_stores()["EventDataStores"]) == 1


def test_one_account_without_organizations_has_trail_bucket_alarms_and_guardrails(
    project: Project,
) -> None:
    iam: Any = project.sandbox.session("workload").client("iam")
    iam.create_group(GroupName="developers")
    project.configure("standalone", iamProtection={"groups": ["developers"]})

    project.up("standalone").succeeded()
    project.up("standalone", "--expect-no-changes").succeeded()

    outputs = project.outputs("standalone")
    cloudtrail: Any = project.sandbox.session("workload").client("cloudtrail")
    assert cloudtrail.get_trail_status(Name=outputs["trailArn"])["IsLogging"]
    attached = iam.list_attached_group_policies(GroupName="developers")["AttachedPolicies"]
    assert {policy["PolicyArn"] for policy in attached} == {
        outputs["policyArn"],
        outputs["accessPolicyArn"],
    }
    logs: Any = project.sandbox.session("workload").client("cloudwatch")
    alarms = {alarm["MetricName"] for alarm in logs.describe_alarms()["MetricAlarms"]}
    assert {each.name for each in METRIC_FILTERS} < alarms
