"""Organizations as AWS has it: who may ask, what a policy may be, where it may hang."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, document, refused

DENY_STOP = {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


@pytest.fixture
def organizations(clients: Clients) -> Client:
    return clients("organizations")


@pytest.fixture
def unit(organizations: Client, organization: Organization, name: str) -> Generator[str]:
    """An OU of its own, gone afterwards with its attachments."""
    made = organizations.create_organizational_unit(ParentId=organization.root_id, Name=name)
    unit_id = made["OrganizationalUnit"]["Id"]
    yield unit_id
    for kind in (SCP, RCP):
        attached = organizations.list_policies_for_target(TargetId=unit_id, Filter=kind)
        for policy in attached["Policies"]:
            if not policy["AwsManaged"]:
                organizations.detach_policy(PolicyId=policy["Id"], TargetId=unit_id)
    organizations.delete_organizational_unit(OrganizationalUnitId=unit_id)


def make(organizations: Client, name: str, content: str, kind: str = SCP) -> str:
    made = organizations.create_policy(Name=name, Description="", Content=content, Type=kind)
    return made["Policy"]["PolicySummary"]["Id"]


@pytest.fixture
def policy(organizations: Client, name: str) -> str:
    """An SCP that nothing is attached to yet."""
    return make(organizations, name, document(DENY_STOP))


@pytest.mark.parametrize("profile", ["security", "workload"])
def test_a_member_sees_its_organization_and_nothing_else(
    clients: Clients, organization: Organization, profile: str
) -> None:
    member = clients("organizations", profile)

    assert member.describe_organization()["Organization"]["Id"] == organization.id
    for call in (member.list_accounts, member.list_roots, member.list_delegated_administrators):
        with refused("AccessDeniedException"):
            call()
    with refused("AccessDeniedException"):
        member.create_policy(Name="x", Description="", Content=document(DENY_STOP), Type=SCP)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{not json", "valid JSON"),
        (document({**DENY_STOP, "Principal": "*"}), "prohibited field Principal"),
        (document({"Effect": "Deny", "Action": "cloudtrail:StopLogging"}), "Resource"),
        (document({"Effect": "Deny", "Resource": "*"}), "Action"),
        (document({**DENY_STOP, "Effect": "Never"}), "Invalid effect"),
        (document({**DENY_STOP, "Action": "StopLogging"}), "prefixed by a vendor"),
    ],
)
def test_what_is_no_scp_is_refused(
    organizations: Client, policy: str, name: str, content: str, message: str
) -> None:
    with refused("MalformedPolicyDocumentException", message):
        make(organizations, f"{name}-new", content)
    with refused("MalformedPolicyDocumentException", message):
        organizations.update_policy(PolicyId=policy, Content=content)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, "Principal"),
        (allow("*", "s3:*"), "Invalid effect"),
        ({**allow("*", "*"), "Effect": "Deny"}, "alone is not allowed"),
        ({**allow({"AWS": "123456789012"}, "s3:*"), "Effect": "Deny"}, "must be"),
        (
            {"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"},
            "NotAction",
        ),
    ],
)
def test_what_is_no_rcp_is_refused(
    organizations: Client, name: str, statement: dict[str, Any], message: str
) -> None:
    with refused("MalformedPolicyDocumentException", message):
        make(organizations, name, document(statement), RCP)


@pytest.mark.parametrize(("kind", "size"), [(SCP, 10_240), (RCP, 5_120)])
def test_a_policy_can_be_just_as_long_as_the_quota(
    organizations: Client, name: str, kind: str, size: int
) -> None:
    statement = {**DENY_STOP, "Action": "s3:*"} | ({"Principal": "*"} if kind == RCP else {})
    room = size - len(document({**statement, "Sid": ""}))

    make(organizations, name, document({**statement, "Sid": "s" * room}), kind)
    with refused("ConstraintViolationException", str(size)):
        make(organizations, f"{name}-2", document({**statement, "Sid": "s" * (room + 1)}), kind)


def test_a_policy_is_attached_where_it_was_put(
    organizations: Client, unit: str, policy: str
) -> None:
    organizations.attach_policy(PolicyId=policy, TargetId=unit)

    targets = organizations.list_targets_for_policy(PolicyId=policy)["Targets"]

    assert [target["TargetId"] for target in targets] == [unit]
    with refused("DuplicatePolicyAttachmentException"):
        organizations.attach_policy(PolicyId=policy, TargetId=unit)


@pytest.mark.parametrize("target", ["ou-0000-00000000", "999999999999", "r-0000"])
def test_a_target_that_does_not_exist_is_refused(
    organizations: Client, policy: str, target: str
) -> None:
    with refused("TargetNotFoundException", target):
        organizations.attach_policy(PolicyId=policy, TargetId=target)


@pytest.mark.parametrize(("kind", "most"), [(SCP, 10), (RCP, 5)])
def test_a_target_has_room_for_so_many_policies(
    organizations: Client, unit: str, name: str, kind: str, most: int
) -> None:
    statement = {**DENY_STOP, "Action": "s3:*"} | ({"Principal": "*"} if kind == RCP else {})
    policies = [make(organizations, f"{name}-{n}", document(statement), kind) for n in range(most)]
    for attached in policies[1:]:
        organizations.attach_policy(PolicyId=attached, TargetId=unit)

    with refused("ConstraintViolationException", str(most)):
        organizations.attach_policy(PolicyId=policies[0], TargetId=unit)


def test_the_last_scp_cannot_be_detached(organizations: Client, unit: str) -> None:
    with refused("ConstraintViolationException", "at least one"):
        organizations.detach_policy(PolicyId="p-FullAWSAccess", TargetId=unit)
    with refused("ConstraintViolationException"):
        organizations.detach_policy(PolicyId="p-RCPFullAWSAccess", TargetId=unit)


def test_what_is_not_attached_cannot_be_detached(
    organizations: Client, unit: str, policy: str
) -> None:
    with refused("PolicyNotAttachedException"):
        organizations.detach_policy(PolicyId=policy, TargetId=unit)


def test_an_attached_policy_cannot_be_deleted(
    organizations: Client, unit: str, policy: str
) -> None:
    organizations.attach_policy(PolicyId=policy, TargetId=unit)
    with refused("PolicyInUseException"):
        organizations.delete_policy(PolicyId=policy)


def test_a_type_that_is_disabled_takes_its_attachments_along(
    organizations: Client, organization: Organization, unit: str, policy: str
) -> None:
    root = organization.root_id
    organizations.attach_policy(PolicyId=policy, TargetId=unit)

    organizations.disable_policy_type(RootId=root, PolicyType=SCP)
    try:
        with refused("PolicyTypeNotEnabledException", "EnablePolicyType"):
            organizations.attach_policy(PolicyId=policy, TargetId=unit)
    finally:
        organizations.enable_policy_type(RootId=root, PolicyType=SCP)

    attached = organizations.list_policies_for_target(TargetId=unit, Filter=SCP)["Policies"]
    assert [found["Id"] for found in attached] == ["p-FullAWSAccess"]


@pytest.fixture
def config_delegate(organizations: Client, organization: Organization) -> Generator[dict[str, str]]:
    """The security account as delegated administrator for AWS Config."""
    service = "config.amazonaws.com"
    delegate = {"AccountId": organization.security_account_id, "ServicePrincipal": service}
    organizations.enable_aws_service_access(ServicePrincipal=service)
    organizations.register_delegated_administrator(**delegate)
    yield delegate
    organizations.deregister_delegated_administrator(**delegate)
    organizations.disable_aws_service_access(ServicePrincipal=service)


def test_a_delegated_administrator_is_listed_and_may_read(
    clients: Clients, organizations: Client, config_delegate: dict[str, str]
) -> None:
    account = config_delegate["AccountId"]
    everywhere = organizations.list_delegated_administrators()["DelegatedAdministrators"]
    here = organizations.list_delegated_administrators(
        ServicePrincipal=config_delegate["ServicePrincipal"]
    )["DelegatedAdministrators"]
    services = organizations.list_delegated_services_for_account(AccountId=account)

    member = clients("organizations", "security")
    assert [admin["Id"] for admin in everywhere] == [admin["Id"] for admin in here] == [account]
    assert services["DelegatedServices"][0]["ServicePrincipal"] == "config.amazonaws.com"
    assert len(member.list_accounts()["Accounts"]) == 3
    assert member.list_delegated_administrators()["DelegatedAdministrators"] == everywhere
    with refused("AccessDeniedException"):
        member.create_policy(Name="x", Description="", Content=document(DENY_STOP), Type=SCP)


def test_registering_twice_is_refused(
    organizations: Client, config_delegate: dict[str, str]
) -> None:
    with refused("AccountAlreadyRegisteredException"):
        organizations.register_delegated_administrator(**config_delegate)


def test_delegation_needs_trusted_access(organizations: Client, organization: Organization) -> None:
    with refused("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED"):
        organizations.register_delegated_administrator(
            AccountId=organization.security_account_id,
            ServicePrincipal="securityhub.amazonaws.com",
        )


@pytest.mark.parametrize(
    ("account", "service", "code"),
    [
        ("123456789012", "cloudtrail.amazonaws.com", "ConstraintViolationException"),
        ("999999999999", "cloudtrail.amazonaws.com", "AccountNotFoundException"),
        ("SECURITY", "nothing.amazonaws.com", "InvalidInputException"),
    ],
)
def test_an_unsound_delegation_is_refused(
    organizations: Client, organization: Organization, account: str, service: str, code: str
) -> None:
    named = account.replace("SECURITY", organization.security_account_id)
    with refused(code):
        organizations.register_delegated_administrator(AccountId=named, ServicePrincipal=service)


def test_deregistering_an_account_that_is_not_registered_is_refused(
    organizations: Client, organization: Organization
) -> None:
    with refused("AccountNotRegisteredException"):
        organizations.deregister_delegated_administrator(
            AccountId=organization.workload_account_id,
            ServicePrincipal="cloudtrail.amazonaws.com",
        )
