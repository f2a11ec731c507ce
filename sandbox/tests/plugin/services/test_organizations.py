"""Policies of an organization and their attachments, where they are particular."""

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import DENY, World, deploy

ACCESS = "aws:organizations/awsServiceAccess:AwsServiceAccess"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
DELEGATE = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
POLICY = "aws:organizations/policy:Policy"
FULL_ACCESS = "p-FullAWSAccess"


def test_a_policy_is_renamed_in_place(provider: Provider, world: World) -> None:
    policy = deploy(provider, POLICY, {"name": world.name, "content": DENY})

    policy.update({"name": f"{world.name}-2", "content": DENY})

    live = world.client("organizations").describe_policy(PolicyId=policy.id)["Policy"]
    assert live["PolicySummary"]["Name"] == f"{world.name}-2"
    policy.delete()


def test_an_attached_policy_cannot_be_deleted(provider: Provider, world: World) -> None:
    policy = deploy(provider, POLICY, {"name": world.name, "content": DENY})
    target = world.organization.workload_account_id
    attachment = deploy(provider, ATTACHMENT, {"policyId": policy.id, "targetId": target})
    assert attachment.id == f"{target}:{policy.id}"

    with pytest.raises(ResourceError, match="PolicyInUseException"):
        policy.delete()

    attachment.delete()
    policy.delete()


def test_policy_and_attachment_may_be_left_in_place(provider: Provider, world: World) -> None:
    policy = deploy(provider, POLICY, {"name": world.name, "content": DENY, "skipDestroy": True})
    inputs = {"policyId": policy.id, "targetId": world.organization.workload_account_id}
    attachment = deploy(provider, ATTACHMENT, {**inputs, "skipDestroy": True})

    attachment.delete()
    policy.delete()
    assert attachment.refresh()
    assert policy.refresh()

    attachment.update(inputs)
    attachment.delete()
    policy.update({"name": world.name, "content": DENY})
    policy.delete()
    assert not policy.refresh()


def test_the_last_policy_of_a_target_stays(provider: Provider, world: World) -> None:
    target = world.organization.workload_account_id
    found = provider.read(ATTACHMENT, f"{target}:{FULL_ACCESS}")
    assert found is not None

    with pytest.raises(ResourceError, match="ConstraintViolationException"):
        provider.delete(ATTACHMENT, found.id, found.state)


def test_a_policy_of_aws_cannot_be_imported(provider: Provider) -> None:
    with pytest.raises(ResourceError, match="AWS-managed Organizations policy"):
        provider.read(POLICY, FULL_ACCESS)


def test_an_attachment_of_a_policy_that_is_gone_is_gone(provider: Provider, world: World) -> None:
    target = world.organization.workload_account_id

    assert provider.read(ATTACHMENT, f"{target}:p-00000000") is None


def test_access_that_existed_before_is_taken_over_and_taken_away(
    provider: Provider, world: World
) -> None:
    client = world.client("organizations")
    client.enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")

    access = deploy(provider, ACCESS, {"servicePrincipal": "ram.amazonaws.com"})
    assert access.state["dateEnabled"].endswith("Z")
    access.delete()

    listed = client.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert "ram.amazonaws.com" not in {item["ServicePrincipal"] for item in listed}


def test_a_policy_that_does_not_exist_cannot_be_attached(world: World, provider: Provider) -> None:
    inputs = {"policyId": "p-00000000", "targetId": world.organization.root_id}
    with pytest.raises(ResourceError, match="PolicyNotFoundException"):
        deploy(provider, ATTACHMENT, inputs)
