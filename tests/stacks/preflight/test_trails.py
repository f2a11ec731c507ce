from typing import Any

import pytest

from stacks.context import DeploymentContext
from stacks.lookups.found import FoundTrail, Lookups
from stacks.preflight.checks import check_workload
from stacks.settings.roles import WorkloadSettings
from tests.support.preflight import IN_SECURITY, TRAIL, WORKLOAD_TRAIL, management, outputs


@pytest.mark.parametrize(("count", "fatal"), [(4, False), (5, True), (6, True)])
def test_a_sixth_trail_in_a_region_is_refused_before_it_is_made(count: int, fatal: bool) -> None:
    there = tuple(
        FoundTrail(arn=TRAIL.replace("SecurityAuditTrail", f"T{i}"), organization=False)
        for i in range(count)
    )

    findings = management(found=Lookups(trails=there))

    assert [finding.fatal for finding in findings] == ([True] if fatal else [])


def test_the_stacks_own_trail_does_not_count_against_it() -> None:
    there = tuple(
        FoundTrail(arn=TRAIL.replace("SecurityAuditTrail", name), organization=False)
        for name in ("A", "B", "C", "D", "SecurityAuditTrail")
    )

    assert management(found=Lookups(trails=there)) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("aws-controltower-BaselineCloudTrail", "in the landing zone's settings"),
        ("OldTrail", "run `cloudtrail-guard adopt find`"),
    ],
)
def test_another_organization_trail_is_pointed_out_with_what_to_do(name: str, advice: str) -> None:
    arn = TRAIL.replace("SecurityAuditTrail", name)
    there = (FoundTrail(arn=arn, organization=True),)

    (finding,) = management(found=Lookups(trails=there))

    assert not finding.fatal
    assert f"another organization trail, {name}" in finding.text
    assert advice in finding.text


def test_the_organizations_trails_count_in_a_member_account() -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"""
    theirs = FoundTrail(arn=TRAIL, organization=True)
    own = [
        FoundTrail(arn=WORKLOAD_TRAIL.replace("DataAccess", f"T{i}"), organization=False)
        for i in range(4)
    ]
    found = Lookups(trails=(theirs, *own))
    here: dict[str, Any] = {**IN_SECURITY, "account": "444455556666"}
    context = DeploymentContext(settings=WorkloadSettings(role="workload"), **here)

    findings = check_workload(
        context, found, WORKLOAD_TRAIL, outputs(memberTrailNames=["DataAccess"]), None
    )

    assert ["has 5 trails already" in finding.text for finding in findings] == [True]
