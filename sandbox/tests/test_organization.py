"""The organization that every sandbox starts with."""

import pytest

from sandbox.organization import BREAK_GLASS_ROLE, Organization
from sandbox.tests.support import Clients


def test_the_ids_are_those_that_aws_tells(clients: Clients, organization: Organization) -> None:
    organizations = clients("organizations")

    described = organizations.describe_organization()["Organization"]
    accounts = organizations.list_accounts()["Accounts"]
    root = organizations.list_roots()["Roots"][0]

    assert described["Id"] == organization.id
    assert described["FeatureSet"] == "ALL"
    assert described["MasterAccountId"] == organization.management_account_id == "123456789012"
    assert root["Id"] == organization.root_id
    assert {account["Name"]: account["Id"] for account in accounts} == {
        "master": organization.management_account_id,
        "security": organization.security_account_id,
        "workload": organization.workload_account_id,
    }


def test_scps_and_rcps_are_enabled_and_cloudtrail_is_trusted(clients: Clients) -> None:
    organizations = clients("organizations")

    types = organizations.list_roots()["Roots"][0]["PolicyTypes"]
    trusted = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]

    assert {enabled["Type"] for enabled in types} == {
        "SERVICE_CONTROL_POLICY",
        "RESOURCE_CONTROL_POLICY",
    }
    # Other tests may let other services in for a while.
    assert "cloudtrail.amazonaws.com" in [service["ServicePrincipal"] for service in trusted]


@pytest.mark.parametrize("name", ["Security", "Workloads"])
def test_each_member_account_has_its_ou(
    clients: Clients, organization: Organization, name: str
) -> None:
    organizations = clients("organizations")
    places = {
        "Security": (organization.security_ou_id, organization.security_account_id),
        "Workloads": (organization.workloads_ou_id, organization.workload_account_id),
    }
    unit, account = places[name]

    units = organizations.list_organizational_units_for_parent(ParentId=organization.root_id)
    accounts = organizations.list_accounts_for_parent(ParentId=unit)["Accounts"]

    found = {found["Name"]: found["Id"] for found in units["OrganizationalUnits"]}
    assert found[name] == unit
    assert [found["Id"] for found in accounts] == [account]


@pytest.mark.parametrize("profile", ["security", "workload"])
def test_break_glass_is_a_role_of_each_member_that_its_own_account_may_assume(
    clients: Clients, profile: str
) -> None:
    account = clients("sts", profile).get_caller_identity()["Account"]

    role = clients("iam", profile).get_role(RoleName=BREAK_GLASS_ROLE)["Role"]

    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{account}:root"}


@pytest.mark.parametrize("profile", ["management", "security", "workload"])
def test_each_account_has_cloudtrails_service_linked_role(clients: Clients, profile: str) -> None:
    role = clients("iam", profile).get_role(RoleName="AWSServiceRoleForCloudTrail")["Role"]

    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trusted == {"Service": ["cloudtrail.amazonaws.com"]}


@pytest.mark.parametrize("profile", ["management", "security", "workload"])
def test_the_role_of_each_profile_is_an_administrator(
    clients: Clients, organization: Organization, profile: str
) -> None:
    name = organization.roles[profile].rpartition("/")[2]

    attached = clients("iam", profile).list_attached_role_policies(RoleName=name)

    arns = [policy["PolicyArn"] for policy in attached["AttachedPolicies"]]
    assert arns == ["arn:aws:iam::aws:policy/AdministratorAccess"]
