"""A role with the published policies alone deploys each stack; with one action less it cannot."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo.working_copy import working_copy
from generate.deployer import policies
from generate.deployer_record import run_all

from sandbox.aws import lookups
from sandbox.session import Sandbox
from tests.support.engine import Project, engine
from tests.support.permissions import here

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.xdist_group("deployer-permissions"),
]

STACKS = {
    "security": ("security",),
    "management": ("management",),
    "workload": ("workload", "standalone", "archive"),
}
"""The stacks that the role of each profile deploys."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The program in a sandbox of its own: nothing is there yet."""
    with Sandbox(pulumi=engine()) as sandbox:
        yield Project(working_copy(tmp_path), sandbox)


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
                role.policies[f"{stack}-{number}"] = json.dumps(
                    here(project.sandbox, policy, without)
                )


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
        # SetTopicAttributes is also granted by the policy that every new topic has.
        "sns:CreateTopic",
        "sqs:CreateQueue",
    ],
)
def test_with_one_action_less_the_error_names_it(project: Project, action: str) -> None:
    project.init("security")
    restrict(project, without=action)

    # In the service's spelling: SNS:CreateTopic, sqs:createqueue.
    assert action.lower() in project.up("security").failed().output.lower()
