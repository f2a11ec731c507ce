"""A disagreement is seen, and explained by a difference that is about it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.compare import comparisons
from tests.oracle.pairs.pair import FAIL, PASS, SILENT, UNDECIDED
from tests.oracle.scanning import Finding
from tests.oracle.shapes import Shape, sound_but_for
from tests.oracle.site import Deployed

if TYPE_CHECKING:
    from tests.oracle.compare import Comparison

BUCKET, CHECK, RULE = "arn:aws:s3:::logs", "s3_bucket_object_lock", "log-bucket-object-lock"


def compared(shape: Shape, evaluated: dict[str, str], *statuses: str) -> Comparison:
    deployed = Deployed(shape, "111122223333", {}, evaluated, {"bucket": BUCKET, "key": "arn"})
    findings = [
        Finding(CHECK, "arn:aws:s3:::another", "us-east-1", "FAIL"),
        *(Finding(CHECK, BUCKET, "us-east-1", status) for status in statuses),
    ]
    [found] = [each for each in comparisons(deployed, findings) if each.pair.checks == (CHECK,)]
    return found


@pytest.mark.parametrize(
    ("evaluated", "statuses", "pack", "prowler"),
    [
        ({}, ["PASS"], PASS, PASS),
        ({RULE: FAIL}, ["FAIL"], FAIL, FAIL),
        ({RULE: FAIL}, ["PASS"], FAIL, PASS),
        ({RULE: UNDECIDED}, ["PASS"], UNDECIDED, PASS),
        ({"log-bucket-versioning": FAIL}, ["PASS", "FAIL"], PASS, FAIL),
        ({}, [], PASS, SILENT),
        ({}, ["MANUAL"], PASS, "manual"),
    ],
)
def test_each_says_pass_or_fail_of_the_programs_own_resource(
    evaluated: dict[str, str], statuses: list[str], pack: str, prowler: str
) -> None:
    found = compared(Shape(), evaluated, *statuses)

    assert (found.pack, found.prowler, found.agree) == (pack, prowler, pack == prowler)


def test_a_difference_explains_its_own_choice_and_direction_alone() -> None:
    there = sound_but_for({"lock": "without a period"})

    assert compared(there, {RULE: FAIL}, "PASS").explained()
    assert not compared(there, {}, "FAIL").explained()
    assert not compared(Shape(), {RULE: FAIL}, "PASS").explained()


def test_nothing_of_a_trail_is_compared_where_another_program_has_it() -> None:
    elsewhere = sound_but_for({"trail": "in another program"})
    deployed = Deployed(elsewhere, "111122223333", {}, {}, {"bucket": BUCKET, "key": "arn"})

    assert {each.pair.on for each in comparisons(deployed, [])} == {"bucket", "key"}
