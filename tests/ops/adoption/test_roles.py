"""Roles are found by their names, or where Pulumi chooses those, by what they are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from adoption.existing import Existing
from adoption.planned import AdoptionError, Planned
from adoption.roles import ROLE, ROLE_POLICY

from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from stacks.lookups.session import AwsClients

ABOUT = "CloudTrail delivers events to CloudWatch Logs with it"


def trust(trail: str) -> str:
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceArn": trail}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
INPUTS = {
    "name": "guard-delivery-1a2b3c4",
    "description": ABOUT,
    "assumeRolePolicy": trust(TRAIL),
    "__defaults": ["name"],
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=NoPulumi("these tests need none")) as running:
        yield running


@pytest.fixture
def iam(sandbox: Sandbox) -> Iterator[Any]:
    client: Any = sandbox.session("workload").client("iam")
    before = {each["RoleName"] for each in client.list_roles()["Roles"]}
    yield client
    for name in {each["RoleName"] for each in client.list_roles()["Roles"]} - before:
        for policy in client.list_role_policies(RoleName=name)["PolicyNames"]:
            client.delete_role_policy(RoleName=name, PolicyName=policy)
        client.delete_role(RoleName=name)


def make(iam: Any, name: str) -> None:
    iam.create_role(RoleName=name, Description=ABOUT, AssumeRolePolicyDocument=trust(TRAIL))


def ids(sandbox: Sandbox, *planned: Planned) -> list[str]:
    files = {
        "sharedConfigFiles": [sandbox.environment["AWS_CONFIG_FILE"]],
        "sharedCredentialsFiles": [sandbox.environment["AWS_SHARED_CREDENTIALS_FILE"]],
    }
    aws = AwsClients(None, {"profile": "workload", **files})
    return list(Existing(aws, planned).ids().values())


@pytest.mark.parametrize(
    ("name", "inputs", "is_found"),
    [
        ("guard-delivery-5d6e7f8", {}, True),
        ("guard-delivery-5d6e7f8", {"description": "Something else"}, False),
        ("guard-delivery-5d6e7f8", {"assumeRolePolicy": trust(f"{TRAIL}-2")}, False),
        ("guard-delivery-5d6e7f8", {"assumeRolePolicy": None}, False),
        ("guard-delivery-5d6e7f8", {"__defaults": []}, False),
        ("another-delivery-5d6e7f8", {}, False),
        ("guard-delivery-1a2b3c4", {"__defaults": []}, True),
    ],
)
def test_a_role_is_found_by_its_name_or_where_pulumi_chooses_that_by_what_it_is(
    sandbox: Sandbox, iam: Any, name: str, inputs: dict[str, Any], is_found: bool
) -> None:
    make(iam, name)

    found = ids(sandbox, Planned(ROLE, "guard-delivery", {**INPUTS, **inputs}))

    assert found == ([name] if is_found else [])


def test_of_several_roles_that_are_alike_none_is_chosen(sandbox: Sandbox, iam: Any) -> None:
    make(iam, "guard-delivery-5d6e7f8")
    make(iam, "guard-delivery-9a0b1c2")

    with pytest.raises(AdoptionError, match=r"guard-delivery-5d6e7f8 and guard-delivery-9a0b1c2"):
        ids(sandbox, Planned(ROLE, "guard-delivery", INPUTS))


def test_the_policy_of_a_role_whose_name_pulumi_chooses_is_found_with_it(
    sandbox: Sandbox, iam: Any
) -> None:
    role = Planned(ROLE, "guard-delivery", INPUTS, urn="urn:role")
    uses = frozenset({"urn:role"})
    policy = Planned(ROLE_POLICY, "guard-delivery", {"role": "guard-delivery-1a2b3c4"}, uses=uses)
    make(iam, "guard-delivery-5d6e7f8")
    allow = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    iam.put_role_policy(
        RoleName="guard-delivery-5d6e7f8",
        PolicyName="guard-delivery-d3e4f5a",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allow}),
    )

    assert ids(sandbox, role, policy) == [
        "guard-delivery-5d6e7f8",
        "guard-delivery-5d6e7f8:guard-delivery-d3e4f5a",
    ]
