from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_organization_trail import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

ORGANIZATION = "isOrganizationTrail"
CASES = [
    Case(name="true", properties={ORGANIZATION: True}, verdict="pass"),
    Case(name="false", properties={ORGANIZATION: False}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={ORGANIZATION: NOT_KNOWN}, verdict="undecided"),
]
UNIT = made("aws:organizations/organizationalUnit:OrganizationalUnit", "workloads")


TABLES = (Table(RULE, CASES, lambda properties: [UNIT, made(TRAIL, "audit", properties)]),)


def test_elsewhere_a_trail_of_one_account_is_sound_unless_that_is_configured() -> None:
    trail = made(TRAIL, "audit", {})

    assert stack_verdict(RULE, [trail]) == "pass"
    assert stack_verdict(RULE, [trail], everyStack=True) == "fail"


def test_one_organization_trail_is_enough() -> None:
    trails = [made(TRAIL, "organization", {ORGANIZATION: True}), made(TRAIL, "data", {})]

    assert stack_verdict(RULE, [UNIT, *trails]) == "pass"


def test_a_stack_without_a_trail_passes() -> None:
    assert stack_verdict(RULE, [UNIT]) == "pass"
