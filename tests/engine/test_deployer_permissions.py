"""A role with the published policies alone deploys each stack; with one action less it cannot."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo.working_copy import working_copy
from generate.deployer_record import run_all

from sandbox.session import Sandbox
from tests.support.engine import Project, engine
from tests.support.permissions import PROFILES, restrict

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.xdist_group("deployer-permissions"),
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The program in a sandbox of its own: nothing is there yet."""
    with Sandbox(pulumi=engine()) as sandbox:
        yield Project(working_copy(tmp_path), sandbox)


def test_with_the_published_policies_everything_works(project: Project) -> None:
    restrict(project.sandbox, PROFILES)

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
    restrict(project.sandbox, PROFILES, without=action)

    # In the service's spelling: SNS:CreateTopic, sqs:createqueue.
    assert action.lower() in project.up("security").failed().output.lower()
