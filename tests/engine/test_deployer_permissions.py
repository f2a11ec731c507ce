"""A role with the published policies alone deploys each stack; with one action less it cannot."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo.working_copy import working_copy
from generate.deployer import policies
from generate.deployer_record import (
    MANAGEMENT,
    ORGANIZATION_ID,
    ROOT_ID,
    SECURITY,
    WORKLOAD,
    run_all,
)

from sandbox.aws import lookups
from sandbox.session import Sandbox
from tests.support.engine import Project, engine

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.xdist_group("deployer-permissions"),
]

STACKS = {
    "security": ("security",),
    "management": ("management",),
    "workload": ("workload", "standalone"),
}
"""The stacks that the role of each profile deploys."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The program in a sandbox of its own: nothing is there yet."""
    with Sandbox(pulumi=engine()) as sandbox:
        yield Project(working_copy(tmp_path), sandbox)


ON_ANYTHING = (":athena:", ":event-bus/", ":glue:")
"""What the sandbox evaluates on ``*`` alone."""


def restrict(project: Project, *, without: str = "") -> None:
    """Take all from the roles that deploy, and give them the published policies.

    Directly in the sandbox's IAM: a role could not take its own last rights by calls.
    """
    for profile, arn in project.sandbox.organization.roles.items():
        role: Any = lookups.role(arn)
        role.managed_policies.clear()
        role.policies.clear()
        for stack in STACKS[profile]:
            for number, policy in enumerate(policies(stack)):
                role.policies[f"{stack}-{number}"] = json.dumps(here(project, policy, without))


def here(project: Project, policy: Any, without: str) -> Any:
    """A policy with this organization's values, and as wide as the sandbox can tell resources."""
    organization = project.sandbox.organization
    text = json.dumps(policy)
    for place, value in (
        (MANAGEMENT, organization.management_account_id),
        (SECURITY, organization.security_account_id),
        (WORKLOAD, organization.workload_account_id),
        (ORGANIZATION_ID, organization.id),
        (ROOT_ID, organization.root_id),
    ):
        text = text.replace(place, value)
    filled = json.loads(text)
    for statement in filled["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != without]
        if any(kind in each for each in statement["Resource"] for kind in ON_ANYTHING):
            statement["Resource"] = "*"
    filled["Statement"] = [each for each in filled["Statement"] if each["Action"]]
    return filled


def test_with_the_published_policies_everything_works(project: Project) -> None:
    restrict(project)

    run_all(project, ["", ""])


@pytest.mark.parametrize(
    "action",
    [
        "athena:CreateWorkGroup",
        "events:PutRule",
        "glue:CreateTable",
        "iam:CreateRole",
        "kms:EnableKeyRotation",
        "s3:PutBucketPolicy",
        "s3:PutBucketObjectLockConfiguration",
        "sns:SetTopicAttributes",
        "sqs:CreateQueue",
    ],
)
def test_with_one_action_less_the_error_names_it(project: Project, action: str) -> None:
    project.init("security")
    restrict(project, without=action)

    # In the service's spelling: SNS:SetTopicAttributes, sqs:createqueue.
    assert action.lower() in project.up("security").failed().output.lower()
