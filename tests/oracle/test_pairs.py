"""The table of rules and checks is about what there is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules import RULES
from hypothesis import strategies as st

from tests.oracle.choices import CHOICES, RESOURCES
from tests.oracle.pairs import CHECKS, PAIRS
from tests.oracle.pairs.unpaired import UNPAIRED
from tests.oracle.shapes import each_choice, resources, shapes
from tests.properties.runs import run_examples
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from tests.oracle.pairs.pair import Pair
    from tests.oracle.shapes import Shape

CONTROLS = CHECKOUT / "policypack/cloudtrail_guard_policies/rules/controls.json"


def test_each_rule_exists() -> None:
    assert {rule for pair in PAIRS for rule in pair.rules} <= {rule.id for rule in RULES}


def test_each_check_of_which_rules_take_controls_is_compared() -> None:
    taken = set(json.loads(CONTROLS.read_text(encoding="utf-8"))["prowler"])
    of_services = {each for each in taken if each.startswith(("cloudtrail_", "kms_", "s3_"))}

    assert of_services <= set(CHECKS)


def test_no_check_is_both_compared_and_left_out() -> None:
    assert not set(CHECKS) & UNPAIRED.keys()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.checks[0])
def test_differences_are_at_choices_that_there_are(pair: Pair) -> None:
    for difference in pair.differences:
        for part, choices in difference.where.items():
            assert set(choices) <= CHOICES[part].keys()


def test_each_program_makes_things_in_an_order_that_works() -> None:
    def hold(shape: Shape) -> None:
        made: set[str] = set()
        for name, resource in resources(shape, 1, "111122223333", "444455556666").items():
            needed = set(re.findall(r'"\$of": "([\w-]+)\.', json.dumps(resource)))
            assert needed <= made, name
            made.add(name)
        assert made <= RESOURCES.keys()

    run_examples(hold, st.one_of(st.sampled_from(list(each_choice())), shapes()), 200)
