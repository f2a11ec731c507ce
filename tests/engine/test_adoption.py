"""What somebody set up with the guide's console steps comes under the stacks, and stays."""

import subprocess
import sys
from typing import Any

import pytest

from tests.support.engine import Project
from tests.support.guide import BUCKET, TRAIL, ByHand, follow_the_guide, let_through

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("adoption")]


def adoption(project: Project, command: str, stack: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "adoption", command, "--stack", stack],
        cwd=project.directory,
        env={**project.sandbox.environment, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def adopt(project: Project, stack: str) -> tuple[str, str]:
    """Follow the commands that adoption prints, and return what it found and what changes."""
    found = adoption(project, "find", stack)
    project.pulumi(
        *("import", "--stack", stack, "--file", "adopt.json", "--generate-code=false", "--yes")
    ).succeeded()
    changes = adoption(project, "changes", stack)
    operations = project.operations(stack)
    assert set(operations) <= {"create", "update"}, operations
    project.up(stack).succeeded()
    project.up(stack, "--expect-no-changes").succeeded()
    return found, changes


@pytest.fixture(scope="module")
def by_hand(project: Project) -> ByHand:
    project.configure_core()
    made = follow_the_guide(project.sandbox)
    let_through(project.sandbox, made)
    return made


def test_the_guides_set_up_is_adopted_and_hardened_and_nothing_of_it_is_lost(
    project: Project, by_hand: ByHand
) -> None:
    s3: Any = project.sandbox.session("security").client("s3")
    s3.put_object(Bucket=BUCKET, Key="AWSLogs/old.json.gz", Body=b"an old log")

    found, changes = adopt(project, "security")

    assert by_hand.key.rsplit("/", maxsplit=1)[-1] in found
    assert "enableKeyRotation" in changes
    assert "DenyLogBucketTampering" in changes
    assert project.outputs("security")["keyArn"] == by_hand.key
    assert s3.get_object(Bucket=BUCKET, Key="AWSLogs/old.json.gz")["Body"].read() == b"an old log"

    found, changes = adopt(project, "management")

    assert by_hand.trail in found
    assert by_hand.policies["ProtectCloudTrail"] in found
    assert f"{by_hand.policies['ProtectCloudTrailBucket']} forbids some of the same" in found
    assert "ProtectCloudTrailLogGroups" in changes or "ProtectCloudTrailKey" in changes
    assert project.outputs("management")["trailArn"] == by_hand.trail
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    assert cloudtrail.get_trail_status(Name=TRAIL)["IsLogging"]
    organizations: Any = project.sandbox.session("management").client("organizations")
    attached = organizations.list_policies_for_target(
        TargetId=project.sandbox.organization.root_id, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]
    assert set(by_hand.policies.values()) <= {policy["Id"] for policy in attached}
