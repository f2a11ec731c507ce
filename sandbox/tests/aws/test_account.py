"""The regions of accounts."""

from sandbox.organization import Organization
from sandbox.tests.support import Clients, refused


def test_an_account_has_the_regions_that_are_enabled_by_default(clients: Clients) -> None:
    found = clients("account").list_regions(RegionOptStatusContains=["ENABLED_BY_DEFAULT"])

    names = {region["RegionName"] for region in found["Regions"]}
    assert names >= {"us-east-1", "eu-west-1", "sa-east-1"}
    assert "af-south-1" not in names


def test_only_with_trusted_access_is_a_member_asked_about(
    clients: Clients, organization: Organization
) -> None:
    account, organizations = clients("account"), clients("organizations")
    member = {"AccountId": organization.workload_account_id}
    with refused("AccessDeniedException", "trusted access"):
        account.list_regions(**member)

    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    try:
        assert account.list_regions(**member)["Regions"]
        with refused("AccessDeniedException", "must not name itself"):
            account.list_regions(AccountId=organization.management_account_id)
        with refused("AccessDeniedException"):
            clients("account", "workload").list_regions(AccountId=organization.security_account_id)
    finally:
        organizations.disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
