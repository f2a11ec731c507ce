"""Config's rules of the organization."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, refused


@pytest.fixture
def config(clients: Clients) -> Generator[Client]:
    client = clients("config")
    yield client
    for rule in client.describe_organization_config_rules()["OrganizationConfigRules"]:
        name = rule["OrganizationConfigRuleName"]
        client.delete_organization_config_rule(OrganizationConfigRuleName=name)


@pytest.fixture
def recorded(clients: Clients, organization: Organization) -> Generator[None]:
    """The workload account has a recorder."""
    client = clients("config", "workload")
    role = organization.roles["workload"]
    client.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    yield
    client.delete_configuration_recorder(ConfigurationRecorderName="default")


def put(client: Client, name: str, identifier: str = "CLOUD_TRAIL_ENABLED", *excluded: str) -> str:
    return client.put_organization_config_rule(
        OrganizationConfigRuleName=name,
        OrganizationManagedRuleMetadata={"RuleIdentifier": identifier},
        ExcludedAccounts=list(excluded),
    )["OrganizationConfigRuleArn"]


def status(client: Client, name: str) -> str:
    names = {"OrganizationConfigRuleNames": [name]}
    [found] = client.describe_organization_config_rule_statuses(**names)[
        "OrganizationConfigRuleStatuses"
    ]
    return found["OrganizationRuleStatus"]


def failures(client: Client, name: str) -> dict[str, Any]:
    details = client.get_organization_config_rule_detailed_status(OrganizationConfigRuleName=name)[
        "OrganizationConfigRuleDetailedStatus"
    ]
    return {item["AccountId"]: item.get("ErrorCode") for item in details}


@pytest.mark.usefixtures("recorded")
def test_a_rule_fails_as_a_whole_where_one_account_has_no_recorder(
    config: Client, organization: Organization, name: str
) -> None:
    management, security = organization.management_account_id, organization.security_account_id

    arn = put(config, name, "CLOUD_TRAIL_ENABLED", security)
    assert status(config, name) == "CREATE_FAILED"
    assert failures(config, name) == {
        management: "NoAvailableConfigurationRecorder",
        organization.workload_account_id: None,
    }

    assert put(config, name, "CLOUD_TRAIL_ENABLED", security, management) == arn
    assert status(config, name) == "UPDATE_SUCCESSFUL"


def test_rules_that_aws_does_not_manage_are_refused(config: Client, name: str) -> None:
    with refused("InvalidParameterValueException", "NO_SUCH_RULE"):
        put(config, name, "NO_SUCH_RULE")
    with refused("NotImplemented", "OrganizationCustomRuleMetadata"):
        config.put_organization_config_rule(
            OrganizationConfigRuleName=name,
            OrganizationCustomRuleMetadata={
                "LambdaFunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:rule",
                "OrganizationConfigRuleTriggerTypes": ["ScheduledNotification"],
            },
        )


def test_a_deleted_rule_is_gone(config: Client, name: str) -> None:
    put(config, name)
    config.delete_organization_config_rule(OrganizationConfigRuleName=name)

    with refused("NoSuchOrganizationConfigRuleException", name):
        status(config, name)


def test_only_the_management_account_and_its_delegate_have_rules(
    clients: Clients, organization: Organization, name: str
) -> None:
    organizations, security = clients("organizations"), clients("config", "security")
    service = "config-multiaccountsetup.amazonaws.com"
    with refused("OrganizationAccessDeniedException", service):
        put(security, name)
    organizations.enable_aws_service_access(ServicePrincipal=service)
    delegation = {"AccountId": organization.security_account_id, "ServicePrincipal": service}
    organizations.register_delegated_administrator(**delegation)

    put(security, name)

    security.delete_organization_config_rule(OrganizationConfigRuleName=name)
    organizations.deregister_delegated_administrator(**delegation)
    organizations.disable_aws_service_access(ServicePrincipal=service)
