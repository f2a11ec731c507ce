"""Looking things up."""

from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.services import FUNCTIONS
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.world import DENY, World

GET_ROLE = "aws:iam/getRole:getRole"


def token(name: str) -> str:
    return next(function for function in FUNCTIONS if function.endswith(f":{name}"))


def look_up(provider: Provider, function: str, /, **arguments: Any) -> dict[str, Any]:
    invoked = provider.invoke(token(function), arguments)
    assert invoked.failures == []
    return invoked.result


def test_the_caller_is_known(provider: Provider, world: World) -> None:
    found = look_up(provider, "getCallerIdentity")

    assert found["accountId"] == found["id"] == world.organization.management_account_id
    assert found["arn"].endswith(":assumed-role/OrganizationAdmin/sandbox")
    assert found["userId"]


def test_the_partition_is_known(provider: Provider) -> None:
    assert look_up(provider, "getPartition") == {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


@pytest.mark.parametrize(
    ("arguments", "region", "description"),
    [
        ({}, "us-east-1", "US East (N. Virginia)"),
        ({"name": "eu-west-1"}, "eu-west-1", "Europe (Ireland)"),
        ({"region": "eu-west-1"}, "eu-west-1", "Europe (Ireland)"),
    ],
)
def test_a_region_is_described(
    arguments: dict[str, Any], region: str, description: str, provider: Provider
) -> None:
    found = look_up(provider, "getRegion", **arguments)

    assert (found["name"], found["region"], found["description"]) == (region, region, description)
    assert found["endpoint"] == f"ec2.{region}.amazonaws.com"


def test_the_organization_is_described_to_its_management_account(
    provider: Provider, world: World
) -> None:
    found = look_up(provider, "getOrganization")

    organization = world.organization
    assert found["id"] == organization.id
    assert found["masterAccountId"] == organization.management_account_id
    assert found["featureSet"] == "ALL"
    assert [root["id"] for root in found["roots"]] == [organization.root_id]
    assert found["enabledPolicyTypes"] == ["RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"]
    assert "cloudtrail.amazonaws.com" in found["awsServiceAccessPrincipals"]
    members = {account["id"] for account in found["nonMasterAccounts"]}
    assert members == {organization.security_account_id, organization.workload_account_id}
    assert members < {account["id"] for account in found["accounts"]}
    assert found["masterAccountName"]


def test_a_member_sees_only_which_organization_it_is_in(providers: Providers, world: World) -> None:
    found = look_up(providers("workload"), "getOrganization")

    assert found["id"] == world.organization.id
    assert found["masterAccountId"] == world.organization.management_account_id
    for name in ("accounts", "nonMasterAccounts", "roots", "enabledPolicyTypes"):
        assert found[name] == []


def test_only_the_organization_itself_may_be_asked_for(provider: Provider) -> None:
    assert look_up(provider, "getOrganization", returnOrganizationOnly=True)["roots"] == []


def test_organizational_units_are_found_below_their_parent(
    provider: Provider, world: World
) -> None:
    organization, client = world.organization, world.client("organizations")
    inner = client.create_organizational_unit(
        ParentId=organization.workloads_ou_id, Name=world.name
    )["OrganizationalUnit"]

    direct = look_up(provider, "getOrganizationalUnits", parentId=organization.root_id)
    units = look_up(
        provider,
        "getOrganizationalUnitDescendantOrganizationalUnits",
        parentId=organization.root_id,
    )
    accounts = look_up(
        provider, "getOrganizationalUnitDescendantAccounts", parentId=organization.root_id
    )

    assert {unit["name"] for unit in direct["children"]} == {"Security", "Workloads"}
    assert {unit["name"] for unit in units["childrens"]} == {
        "Security",
        "Workloads",
        world.name,
    }
    assert {account["id"] for account in accounts["accounts"]} == {
        organization.management_account_id,
        organization.security_account_id,
        organization.workload_account_id,
    }
    client.delete_organizational_unit(OrganizationalUnitId=inner["Id"])


def test_policies_are_listed_by_type(provider: Provider, world: World) -> None:
    scp = world.scp()

    found = look_up(provider, "getPolicies", filter="SERVICE_CONTROL_POLICY")

    assert {"p-FullAWSAccess", scp} <= set(found["ids"])
    assert found["id"] == "SERVICE_CONTROL_POLICY"
    world.client("organizations").delete_policy(PolicyId=scp)


def test_policies_are_listed_by_their_target_and_described(
    provider: Provider, world: World
) -> None:
    client, scp = world.client("organizations"), world.scp()
    unit = world.organization.workloads_ou_id
    client.attach_policy(PolicyId=scp, TargetId=unit)

    attached = look_up(
        provider, "getPoliciesForTarget", targetId=unit, filter="SERVICE_CONTROL_POLICY"
    )
    found = look_up(provider, "getPolicy", policyId=scp)

    assert attached["id"] == unit
    assert set(attached["ids"]) == {"p-FullAWSAccess", scp}
    assert (found["id"], found["name"], found["content"]) == (scp, world.name, DENY)
    assert (found["type"], found["awsManaged"]) == ("SERVICE_CONTROL_POLICY", False)
    assert look_up(provider, "getPolicy", policyId="p-FullAWSAccess")["awsManaged"] is True
    client.detach_policy(PolicyId=scp, TargetId=unit)
    client.delete_policy(PolicyId=scp)


def test_delegated_administrators_are_listed_by_service(provider: Provider, world: World) -> None:
    client, account = world.client("organizations"), world.organization.workload_account_id
    delegation = {"AccountId": account, "ServicePrincipal": "config.amazonaws.com"}
    client.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    client.register_delegated_administrator(**delegation)

    found = look_up(provider, "getDelegatedAdministrators", servicePrincipal="config.amazonaws.com")
    others = look_up(provider, "getDelegatedAdministrators", servicePrincipal="fms.amazonaws.com")

    [administrator] = found["delegatedAdministrators"]
    assert (administrator["id"], administrator["status"]) == (account, "ACTIVE")
    assert administrator["delegationEnabledDate"].endswith("Z")
    assert found["id"] == world.organization.management_account_id
    assert others["delegatedAdministrators"] == []
    client.deregister_delegated_administrator(**delegation)
    client.disable_aws_service_access(ServicePrincipal="config.amazonaws.com")


def test_the_role_behind_a_session_is_found(provider: Provider, world: World) -> None:
    caller = look_up(provider, "getCallerIdentity")["arn"]

    found = look_up(provider, "getSessionContext", arn=caller)

    assert found["issuerArn"] == world.organization.roles["management"]
    assert (found["issuerName"], found["sessionName"]) == ("OrganizationAdmin", "sandbox")


def test_a_principal_that_is_no_session_is_its_own_issuer(provider: Provider) -> None:
    user = "arn:aws:iam::123456789012:user/operator"

    found = look_up(provider, "getSessionContext", arn=user)

    assert (found["issuerArn"], found["issuerName"]) == (user, "")


def test_a_role_is_described(provider: Provider, world: World) -> None:
    found = look_up(provider, "getRole", name=world.role())

    assert found["arn"].endswith(f":role/{world.name}")
    assert (found["path"], found["maxSessionDuration"]) == ("/", 3600)


def test_a_bucket_and_its_policy_are_found(providers: Providers, world: World) -> None:
    world.profile = "security"
    provider, bucket = providers("security"), world.trail_bucket()

    assert look_up(provider, "getBucket", bucket=bucket) == {
        "arn": f"arn:aws:s3:::{bucket}",
        "bucket": bucket,
        "bucketDomainName": f"{bucket}.s3.amazonaws.com",
        "bucketRegion": "us-east-1",
        "bucketRegionalDomainName": f"{bucket}.s3.us-east-1.amazonaws.com",
        "id": bucket,
        "region": "us-east-1",
    }
    assert "cloudtrail" in look_up(provider, "getBucketPolicy", bucket=bucket)["policy"]


def test_a_key_and_its_alias_are_found(provider: Provider, world: World) -> None:
    key, alias = world.key(), f"alias/{world.name}"
    world.client("kms").create_alias(AliasName=alias, TargetKeyId=key)

    described = look_up(provider, "getKey", keyId=alias)
    named = look_up(provider, "getAlias", name=alias)

    assert described["id"] == named["targetKeyId"] == key
    assert described["arn"] == named["targetKeyArn"]
    assert (described["keyState"], described["multiRegion"]) == ("Enabled", False)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("getRole", {"name": "absent"}, "reading IAM Role: absent: couldn't find resource"),
        ("getBucket", {"bucket": "nothing"}, "reading S3 Bucket: nothing: couldn't find resource"),
        (
            "getBucketPolicy",
            {"bucket": "nothing"},
            "reading S3 Bucket Policy: nothing: couldn't find resource",
        ),
        ("getAlias", {"name": "alias/none"}, "reading KMS Alias: alias/none: couldn't find"),
        ("getKey", {"keyId": "nothing"}, "reading KMS Key: operation error KMS: DescribeKey"),
        (
            "getOrganizationalUnits",
            {"parentId": "r-none"},
            "operation error Organizations: ListOrganizationalUnitsForParent",
        ),
        (
            "getSessionContext",
            {"arn": "arn:aws:sts::123456789012:assumed-role/absent/session"},
            "reading IAM Session Context: absent: couldn't find resource",
        ),
        ("getSessionContext", {"arn": "me"}, '"arn" (me) is an invalid ARN'),
        ("getRegion", {"name": "mars-1"}, "region not found for name 'mars-1'"),
        ("getPolicies", {"filter": "NONE"}, "operation error Organizations: ListPolicies"),
        ("getPolicy", {"policyId": "p-none0000"}, "Organizations: DescribePolicy"),
        (
            "getPoliciesForTarget",
            {"targetId": "111111111111", "filter": "SERVICE_CONTROL_POLICY"},
            "Organizations: ListPoliciesForTarget",
        ),
    ],
)
def test_what_does_not_exist_is_an_error_of_one_line(
    name: str, arguments: dict[str, Any], message: str, provider: Provider
) -> None:
    with pytest.raises(ResourceError) as caught:
        provider.invoke(token(name), arguments)

    assert str(caught.value).startswith(f"invoking {token(name)}: reading ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("getRole", {}, "Missing required property 'name'"),
        (
            "getRole",
            {"name": "r", "nam": "r"},
            f"Invalid or unknown key. Examine values at '{GET_ROLE}.nam'. Did you mean 'name'?",
        ),
        (
            "getRole",
            {"name": ["r"]},
            f"expected string type, got list type. Examine values at '{GET_ROLE}.name'.",
        ),
    ],
)
def test_wrong_arguments_are_named(
    name: str, arguments: dict[str, Any], reason: str, provider: Provider
) -> None:
    failures = provider.invoke(token(name), arguments).failures

    assert reason in [failure.reason for failure in failures]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("aws:ec2/getVpc:getVpc", "function 'aws:ec2/getVpc:getVpc' is not emulated in the"),
        ("aws:iam/getRolle:getRolle", "unknown function 'aws:iam/getRolle:getRolle'. Did you mean"),
    ],
)
def test_a_function_that_is_not_here_is_an_error(
    function: str, message: str, provider: Provider
) -> None:
    with pytest.raises(ResourceError) as caught:
        provider.invoke(function, {})

    assert message in str(caught.value)
