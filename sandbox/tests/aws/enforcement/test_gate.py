"""Calls through boto3: narrow roles, groups, StackSets' role, policies that cannot be evaluated."""

import json
from collections.abc import Generator
from typing import Any

import pytest

from sandbox.aws.identity import Credentials
from sandbox.clients import client
from sandbox.organization import Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, allow, assume, deny, document, refused

REGION = "us-east-1"


@pytest.fixture
def scp(clients: Clients, organization: Organization, name: str) -> Generator[dict[str, Any]]:
    """Makes an SCP on the workload account out of ``Content``; gone after the test."""
    organizations = clients("organizations")
    everything = document({"Effect": "Deny", "Action": "health:None", "Resource": "*"})
    made = organizations.create_policy(
        Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=everything
    )["Policy"]["PolicySummary"]
    where = {"PolicyId": made["Id"], "TargetId": organization.workload_account_id}
    organizations.attach_policy(**where)
    yield {"PolicyId": made["Id"]}
    organizations.detach_policy(**where)
    organizations.delete_policy(PolicyId=made["Id"])


def write(clients: Clients, scp: dict[str, Any], statement: dict[str, Any]) -> None:
    clients("organizations").update_policy(**scp, Content=document(statement))


def denying(action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": "*", **more}


def test_a_role_may_what_its_policies_say_and_no_more(
    clients: Clients, sandbox: Sandbox, organization: Organization, bucket: str, name: str
) -> None:
    iam = clients("iam", "security")
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": organization.security_account_id},
            "Action": "sts:AssumeRole",
        }
    )
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    reading = document({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"})
    iam.put_role_policy(RoleName=name, PolicyName="reading", PolicyDocument=reading)
    role = role_arn(organization.security_account_id, name)
    s3 = assume(sandbox, role)("s3")

    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    with refused("AccessDenied", "because no identity-based policy allows the s3:PutObject action"):
        s3.put_object(Bucket=bucket, Key="a", Body=b"")


def test_a_deny_that_a_user_has_by_a_group_binds_in_the_management_account(
    clients: Clients, sandbox: Sandbox, name: str
) -> None:
    iam = clients("iam")
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.add_user_to_group(UserName=name, GroupName=name)
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    protection = iam.create_policy(
        PolicyName=name, PolicyDocument=document(denying("cloudtrail:StopLogging"))
    )["Policy"]["Arn"]
    iam.attach_group_policy(GroupName=name, PolicyArn=protection)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    trails = client(
        "cloudtrail",
        sandbox.endpoint,
        REGION,
        Credentials(key["AccessKeyId"], key["SecretAccessKey"]),
    )

    assert trails.describe_trails()["trailList"] == []
    why = f"with an explicit deny in an identity-based policy: {protection}"
    with refused("AccessDeniedException", why):
        trails.stop_logging(Name="any")


def test_an_scp_binds_a_member_and_is_named(
    clients: Clients, organization: Organization, scp: dict[str, Any]
) -> None:
    write(clients, scp, denying("cloudtrail:StopLogging"))
    account = organization.workload_account_id

    why = (
        f"is not authorized to perform: cloudtrail:StopLogging on resource: "
        f"arn:aws:cloudtrail:us-east-1:{account}:trail/any with an explicit deny in a service "
        "control policy"
    )
    with refused("AccessDeniedException", why):
        clients("cloudtrail", "workload").stop_logging(Name="any")
    # The others are asked for a trail that does not exist.
    for profile in ("management", "security"):
        with refused("TrailNotFoundException"):
            clients("cloudtrail", profile).stop_logging(Name="any")


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"DateLessThan": {"aws:userid": "2026-01-01T00:00:00Z"}}, "DateLessThan"),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "a"}}, "aws:PrincipalTag/team"),
    ],
)
def test_a_call_under_a_policy_that_cannot_be_evaluated_is_not_carried_out(
    clients: Clients, scp: dict[str, Any], name: str, condition: dict[str, Any], named: str
) -> None:
    write(clients, scp, denying("iam:CreateUser", Condition=condition))
    iam = clients("iam", "workload")

    with refused("NotImplemented", named):
        iam.create_user(UserName=name)

    assert name not in [user["UserName"] for user in iam.list_users()["Users"]]


def test_scps_bind_the_role_of_stack_sets(
    clients: Clients, organization: Organization, bucket: str, scp: dict[str, Any], name: str
) -> None:
    service = {"Service": "cloudtrail.amazonaws.com"}
    admitting = document(
        allow(service, "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"),
        allow(service, "s3:PutObject", f"arn:aws:s3:::{bucket}/*"),
    )
    clients("s3", "security").put_bucket_policy(Bucket=bucket, Policy=admitting)
    stacks = clients("cloudformation")
    stacks.activate_organizations_access()
    properties = {"TrailName": name, "S3BucketName": bucket, "IsLogging": True}
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": properties}
    stacks.create_stack_set(
        StackSetName=name,
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": False},
        TemplateBody=json.dumps({"Resources": {"Trail": trail}}),
    )
    where: dict[str, Any] = {
        "StackSetName": name,
        "DeploymentTargets": {"OrganizationalUnitIds": [organization.workloads_ou_id]},
        "Regions": [REGION],
    }

    def outcome() -> tuple[str, str]:
        started = stacks.create_stack_instances(**where)["OperationId"]
        found = stacks.list_stack_set_operation_results(StackSetName=name, OperationId=started)
        result = found["Summaries"][0]
        return result["Status"], result.get("StatusReason", "")

    write(clients, scp, denying("cloudtrail:CreateTrail"))
    status, reason = outcome()
    assert status == "FAILED"
    assert f"assumed-role/stacksets-exec-{organization.workload_account_id}/" in reason
    assert "with an explicit deny in a service control policy" in reason

    write(clients, scp, denying("health:None"))
    assert outcome() == ("SUCCEEDED", "")

    stacks.delete_stack_instances(**where, RetainStacks=False)
    stacks.delete_stack_set(StackSetName=name)
    stacks.deactivate_organizations_access()


def test_a_bucket_policy_binds_the_administrators_of_its_own_account(
    clients: Clients, bucket: str
) -> None:
    s3 = clients("s3", "security")
    s3.put_bucket_policy(
        Bucket=bucket, Policy=document(deny("s3:GetBucketVersioning", f"arn:aws:s3:::{bucket}"))
    )

    with refused("AccessDenied", "with an explicit deny in a resource-based policy"):
        s3.get_bucket_versioning(Bucket=bucket)

    s3.delete_bucket_policy(Bucket=bucket)
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
