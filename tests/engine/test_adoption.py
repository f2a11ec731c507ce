"""What somebody set up with the guide's console steps comes under the stacks, and stays."""

from typing import Any

import pytest

from tests.support.adoption import adopt
from tests.support.engine import Project
from tests.support.guide import BUCKET, TRAIL, ByHand, follow_the_guide, let_through

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("adoption")]


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
    assert f"{by_hand.policies['ProtectCloudTrailBucket']} denies some of the same" in found
    assert "ProtectCloudTrailLogGroups" in changes or "ProtectCloudTrailKey" in changes
    assert project.outputs("management")["trailArn"] == by_hand.trail
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    assert cloudtrail.get_trail_status(Name=TRAIL)["IsLogging"]
    organizations: Any = project.sandbox.session("management").client("organizations")
    attached = organizations.list_policies_for_target(
        TargetId=project.sandbox.organization.root_id, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]
    assert set(by_hand.policies.values()) <= {policy["Id"] for policy in attached}
