"""Removing the stacks and returning to them: what stays in AWS is adopted, and is the same.

Each stack is deployed as it is committed, replica included, and removed and adopted again as
docs/how-to/remove-and-return.md says.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from demo.working_copy import working_copy

from sandbox.session import Sandbox
from tests.support.adoption import adopt
from tests.support.engine import Project, engine

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("return")]

STAYS = (
    *("logs-key", "logs-alias", "logs-bucket", "logs-encryption", "logs-versioning", "logs-policy"),
    *("logs-object-lock", "logs-lifecycle"),
)
ACCESS_LOGS = ("logs-logging", "logs-access-logs-bucket")
REPLICA = tuple(
    f"cloudtrail-guard-replica-{part}"
    for part in (
        *("key", "alias", "bucket", "encryption", "versioning", "object-lock", "lifecycle"),
        *("policy", "role", "replication"),
    )
)


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The program in a sandbox of its own: what one stack leaves behind concerns no other."""
    with Sandbox(pulumi=engine()) as sandbox:
        yield Project(working_copy(tmp_path_factory.mktemp("program")), sandbox)


def leave(project: Project, *stacks: str) -> None:
    """Take stacks away, in this order."""
    for stack in stacks:
        project.configure(stack, protect=False)
        project.up(stack).succeeded()
    for stack in stacks:
        project.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack).succeeded()
        project.configure(stack, protect=True)


def found_again(found: str) -> set[str]:
    """The logical names of what `adopt find` found."""
    rows = [line.split() for line in found.splitlines() if "will be made" not in line]
    return {row[0] for row in rows if len(row) == 3}


def test_security_and_management_come_back(project: Project) -> None:
    project.init("security", "management")
    for stack in ("security", "management"):
        project.up(stack).succeeded()
    before = project.outputs("security")

    leave(project, "management", "security")
    found, _ = adopt(project, "security")
    adopt(project, "management")

    assert {*STAYS, *ACCESS_LOGS, *REPLICA} <= found_again(found), found
    after = project.outputs("security")
    for name in ("bucketName", "keyArn", "replicaBucketName", "replicaKeyArn"):
        assert after[name] == before[name]
    s3: Any = project.sandbox.session("security").client("s3")
    assert s3.get_bucket_replication(Bucket=after["bucketName"])["ReplicationConfiguration"]


@pytest.mark.parametrize(
    ("stack", "config", "stays"),
    [
        ("standalone", {}, {*STAYS, *ACCESS_LOGS, *REPLICA}),
        ("workload", {"workload": {"ownBucket": True}}, {*STAYS, *ACCESS_LOGS}),
        ("archive", {"sourceAccountId": "123456789012"}, set(STAYS)),
    ],
)
def test_a_stack_of_one_account_comes_back(
    project: Project, stack: str, config: dict[str, Any], stays: set[str]
) -> None:
    project.init("security", stack)
    if stack == "workload":
        project.configure_core()
        project.up("security").succeeded()
    project.configure(stack, **config)
    project.up(stack).succeeded()
    before = project.outputs(stack)

    leave(project, stack)
    found, _ = adopt(project, stack)

    assert stays <= found_again(found), found
    after = project.outputs(stack)
    # What the keys of the feed and of query results encrypt goes with the stack.
    kept = set(before) - {"logFeedKeyArn", "queryResultsKeyArn"}
    names = [name for name in kept if name.endswith(("ucketName", "eyArn", "archive"))]
    assert names
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
