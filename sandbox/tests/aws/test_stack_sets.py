"""Service-managed StackSets: the same trail in every account of an OU."""

import json
from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, document, refused

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
REGION = "us-east-1"


@pytest.fixture
def cloudformation(clients: Clients) -> Generator[Client]:
    """CloudFormation that the organization trusts, and whose stacks go after the test."""
    client = clients("cloudformation")
    client.activate_organizations_access()
    yield client
    listed = client.list_stack_sets()["Summaries"]
    for name in [item["StackSetName"] for item in listed if item["Status"] == "ACTIVE"]:
        units = client.describe_stack_set(StackSetName=name)["StackSet"]["OrganizationalUnitIds"]
        if units:
            undeploy(client, name, *units)
        client.delete_stack_set(StackSetName=name)
    client.deactivate_organizations_access()


@pytest.fixture
def log_bucket(clients: Clients, bucket: str) -> str:
    """A bucket that CloudTrail may write to."""
    admit_cloudtrail(clients, bucket)
    return bucket


def admit_cloudtrail(clients: Clients, bucket: str) -> None:
    policy = document(
        allow(CLOUDTRAIL, "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"),
        allow(CLOUDTRAIL, "s3:PutObject", f"arn:aws:s3:::{bucket}/*"),
    )
    clients("s3", "security").put_bucket_policy(Bucket=bucket, Policy=policy)


def template(name: str, bucket: str, **change: Any) -> str:
    properties = {"TrailName": name, "S3BucketName": bucket, "IsLogging": True}
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": {**properties, **change}}
    return json.dumps({"Resources": {"Trail": trail}})


def make(client: Client, name: str, body: str, **request: Any) -> None:
    request = {"AutoDeployment": {"Enabled": False}, **request}
    client.create_stack_set(
        StackSetName=name, PermissionModel="SERVICE_MANAGED", TemplateBody=body, **request
    )


def targets(name: str, *units: str) -> dict[str, Any]:
    return {
        "StackSetName": name,
        "DeploymentTargets": {"OrganizationalUnitIds": list(units)},
        "Regions": [REGION],
    }


def deploy(client: Client, name: str, *units: str) -> dict[str, Any]:
    """Deploy to OUs; answers the operation."""
    return operation(client, name, client.create_stack_instances(**targets(name, *units)))


def undeploy(client: Client, name: str, *units: str, retain: bool = False) -> dict[str, Any]:
    done = client.delete_stack_instances(**targets(name, *units), RetainStacks=retain)
    return operation(client, name, done)


def operation(client: Client, name: str, started: dict[str, Any]) -> dict[str, Any]:
    which = {"StackSetName": name, "OperationId": started["OperationId"]}
    return client.describe_stack_set_operation(**which)["StackSetOperation"]


def trails(clients: Clients, profile: str) -> list[str]:
    found = clients("cloudtrail", profile).describe_trails()["trailList"]
    return [trail["Name"] for trail in found]


def test_the_organization_must_trust_stack_sets_by_cloudformations_own_call(
    clients: Clients, name: str
) -> None:
    client, organizations = clients("cloudformation"), clients("organizations")
    principal = "member.org.stacksets.cloudformation.amazonaws.com"
    organizations.enable_aws_service_access(ServicePrincipal=principal)

    with refused("ValidationError", "You must enable organizations access"):
        make(client, name, template(name, "logs"))

    assert client.describe_organizations_access()["Status"] == "DISABLED"
    client.activate_organizations_access()
    assert client.describe_organizations_access()["Status"] == "ENABLED"
    client.deactivate_organizations_access()
    organizations.disable_aws_service_access(ServicePrincipal=principal)


@pytest.mark.usefixtures("cloudformation")
@pytest.mark.parametrize("call_as", ["SELF", "DELEGATED_ADMIN"])
def test_only_the_management_account_and_its_delegate_deploy(
    clients: Clients, name: str, call_as: str
) -> None:
    with refused("ValidationError", "You must be the management account or delegated admin"):
        make(clients("cloudformation", "workload"), name, template(name, "logs"), CallAs=call_as)


def test_a_delegate_sees_the_stack_sets_of_the_management_account(
    cloudformation: Client, clients: Clients, organization: Organization, name: str
) -> None:
    delegation = {
        "AccountId": organization.security_account_id,
        "ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com",
    }
    clients("organizations").register_delegated_administrator(**delegation)

    delegate = clients("cloudformation", "security")
    make(delegate, name, template(name, "logs"), CallAs="DELEGATED_ADMIN")

    found = cloudformation.describe_stack_set(StackSetName=name)["StackSet"]
    assert organization.management_account_id in found["StackSetARN"]
    clients("organizations").deregister_delegated_administrator(**delegation)


def test_every_account_of_an_ou_gets_the_trail_and_loses_it_again(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    selector = {
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ]
    }
    body = template(name, log_bucket, AdvancedEventSelectors=[selector])
    make(cloudformation, name, body)

    assert deploy(cloudformation, name, organization.workloads_ou_id)["Status"] == "SUCCEEDED"

    workload = clients("cloudtrail", "workload")
    [trail] = workload.describe_trails(trailNameList=[name])["trailList"]
    assert trail["S3BucketName"] == log_bucket
    assert workload.get_trail_status(Name=name)["IsLogging"]
    [kept] = workload.get_event_selectors(TrailName=name)["AdvancedEventSelectors"]
    assert kept["FieldSelectors"] == selector["FieldSelectors"]
    assert name not in trails(clients, "security")
    [instance] = cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
    assert instance["Account"] == organization.workload_account_id
    assert instance["OrganizationalUnitId"] == organization.workloads_ou_id
    assert instance["Status"] == "CURRENT"

    undeploy(cloudformation, name, organization.workloads_ou_id)

    assert name not in trails(clients, "workload")
    assert cloudformation.list_stack_instances(StackSetName=name)["Summaries"] == []


def test_the_root_stands_for_all_accounts_but_the_management_account(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.root_id)

    assert name in trails(clients, "workload")
    assert name in trails(clients, "security")
    assert name not in trails(clients, "management")


def test_an_update_reaches_every_stack(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.workloads_ou_id)

    cloudformation.update_stack_set(
        StackSetName=name, TemplateBody=template(f"{name}-new", log_bucket, IsLogging=False)
    )

    assert name not in trails(clients, "workload")
    status = clients("cloudtrail", "workload").get_trail_status(Name=f"{name}-new")
    assert not status["IsLogging"]


def test_a_stack_that_cloudtrail_refuses_is_outdated_until_it_is_tried_again(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, bucket: str
) -> None:
    make(cloudformation, name, template(name, bucket))

    failed = deploy(cloudformation, name, organization.workloads_ou_id)

    assert failed["Status"] == "FAILED"
    [result] = cloudformation.list_stack_set_operation_results(
        StackSetName=name, OperationId=failed["OperationId"]
    )["Summaries"]
    assert "InsufficientS3BucketPolicyException" in result["StatusReason"]
    [instance] = cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
    assert instance["Status"] == "OUTDATED"
    assert name not in trails(clients, "workload")

    admit_cloudtrail(clients, bucket)
    again = cloudformation.update_stack_instances(**targets(name, organization.workloads_ou_id))
    assert operation(cloudformation, name, again)["Status"] == "SUCCEEDED"
    assert name in trails(clients, "workload")


def test_a_trail_whose_selectors_are_refused_is_taken_back(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    selector = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Nothing"]}]}
    make(cloudformation, name, template(name, log_bucket, AdvancedEventSelectors=[selector]))

    failed = deploy(cloudformation, name, organization.workloads_ou_id)

    assert failed["Status"] == "FAILED"
    assert name not in trails(clients, "workload")


@pytest.mark.usefixtures("cloudformation")
@pytest.mark.parametrize("retain", [False, True])
def test_automatic_deployment_follows_the_accounts(
    clients: Clients, organization: Organization, name: str, log_bucket: str, *, retain: bool
) -> None:
    cloudformation = clients("cloudformation")
    automatic = {"Enabled": True, "RetainStacksOnAccountRemoval": retain}
    make(cloudformation, name, template(name, log_bucket), AutoDeployment=automatic)
    deploy(cloudformation, name, organization.security_ou_id)
    move = {
        "AccountId": organization.workload_account_id,
        "SourceParentId": organization.workloads_ou_id,
        "DestinationParentId": organization.security_ou_id,
    }
    back = {
        **move,
        "SourceParentId": organization.security_ou_id,
        "DestinationParentId": organization.workloads_ou_id,
    }

    clients("organizations").move_account(**move)
    assert name in trails(clients, "workload")

    clients("organizations").move_account(**back)
    assert (name in trails(clients, "workload")) is retain
    accounts = [
        item["Account"]
        for item in cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
    ]
    assert accounts == [organization.security_account_id]
    if retain:
        clients("cloudtrail", "workload").delete_trail(Name=name)


def test_without_automatic_deployment_accounts_that_come_get_nothing(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.security_ou_id)
    parents = (organization.workloads_ou_id, organization.security_ou_id)

    for source, destination in (parents, parents[::-1]):
        clients("organizations").move_account(
            AccountId=organization.workload_account_id,
            SourceParentId=source,
            DestinationParentId=destination,
        )
        assert name not in trails(clients, "workload")


def test_retained_stacks_keep_their_trails(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.workloads_ou_id)

    undeploy(cloudformation, name, organization.workloads_ou_id, retain=True)

    assert name in trails(clients, "workload")
    clients("cloudtrail", "workload").delete_trail(Name=name)


def test_a_trail_that_somebody_deleted_does_not_stop_the_deletion(
    cloudformation: Client, clients: Clients, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.workloads_ou_id)
    clients("cloudtrail", "workload").delete_trail(Name=name)

    undone = undeploy(cloudformation, name, organization.workloads_ou_id)

    assert undone["Status"] == "SUCCEEDED"


def test_a_stack_set_with_stacks_cannot_be_deleted(
    cloudformation: Client, organization: Organization, name: str, log_bucket: str
) -> None:
    make(cloudformation, name, template(name, log_bucket))
    deploy(cloudformation, name, organization.workloads_ou_id)

    with refused("StackSetNotEmptyException"):
        cloudformation.delete_stack_set(StackSetName=name)


def test_what_is_set_is_returned(cloudformation: Client, name: str) -> None:
    settings: dict[str, Any] = {
        "Description": "trails",
        "Capabilities": ["CAPABILITY_IAM"],
        "Tags": [{"Key": "owner", "Value": "audit"}],
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": True},
        "ManagedExecution": {"Active": True},
    }
    make(cloudformation, name, template(name, "logs"), **settings)

    found = cloudformation.describe_stack_set(StackSetName=name)["StackSet"]

    assert {key: found[key] for key in settings} == settings
    with refused("NameAlreadyExistsException"):
        make(cloudformation, name, template(name, "logs"))


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"TemplateBody": "{}"}, "ValidationError", "At least one Resources member"),
        ({"TemplateBody": "Resources:"}, "NotImplemented", "must be JSON"),
        (
            {"TemplateBody": '{"Resources": {"Role": {"Type": "AWS::IAM::Role"}}}'},
            "NotImplemented",
            "not AWS::IAM::Role",
        ),
        (
            {"TemplateBody": template("t", "b", S3KeyPrefix={"Ref": "AWS::AccountId"})},
            "NotImplemented",
            "Trail: Ref",
        ),
        (
            {"TemplateBody": template("t", "b", InsightSelectors=[])},
            "NotImplemented",
            "InsightSelectors",
        ),
        (
            {"ExecutionRoleName": "deployer"},
            "ValidationError",
            "ExecutionRoleName cannot be given",
        ),
        (
            {"TemplateURL": "https://bucket.s3.amazonaws.com/template.json"},
            "NotImplemented",
            "TemplateURL",
        ),
        ({"StackSetName": "1st"}, "ValidationError", "stackSetName"),
    ],
)
def test_what_cannot_be_deployed_is_refused_at_once(
    cloudformation: Client, name: str, change: dict[str, Any], code: str, message: str
) -> None:
    request = {
        "StackSetName": name,
        "PermissionModel": "SERVICE_MANAGED",
        "TemplateBody": template(name, "logs"),
        **change,
    }
    with refused(code, message):
        cloudformation.create_stack_set(**request)


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Accounts": ["111122223333"]}, "ValidationError", "only have OrganizationalUnit"),
        (
            {"DeploymentTargets": {"OrganizationalUnitIds": ["ou-a1b2-c3d4e5f6"]}},
            "ValidationError",
            "ou-a1b2-c3d4e5f6 does not exist",
        ),
        (
            {"ParameterOverrides": [{"ParameterKey": "Name", "ParameterValue": "x"}]},
            "NotImplemented",
            "ParameterOverrides",
        ),
    ],
)
def test_targets_are_ous_that_exist(
    cloudformation: Client, name: str, change: dict[str, Any], code: str, message: str
) -> None:
    make(cloudformation, name, template(name, "logs"))

    with refused(code, message):
        cloudformation.create_stack_instances(**{**targets(name, "r-a1b2"), **change})


@pytest.mark.usefixtures("cloudformation")
def test_self_managed_stack_sets_are_motos(clients: Clients, name: str) -> None:
    client = clients("cloudformation")
    client.create_stack_set(StackSetName=name, TemplateBody=template(name, "logs"))

    found = client.describe_stack_set(StackSetName=name)["StackSet"]

    assert found["PermissionModel"] == "SELF_MANAGED"
    client.delete_stack_set(StackSetName=name)
