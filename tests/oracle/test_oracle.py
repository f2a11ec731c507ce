"""The pack and Prowler say the same of programs, but for what `docs/prowler.md` explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings

from tests.oracle.pairs import CHECKS, DIFFERENCES, PAIRS
from tests.oracle.pairs.pair import FAIL, PASS, UNDECIDED
from tests.oracle.pairs.unpaired import UNPAIRED
from tests.oracle.run import run
from tests.oracle.scanning import known_checks
from tests.oracle.shapes import RANDOM, each_choice, each_difference, shapes

if TYPE_CHECKING:
    from tests.oracle.run import Run
    from tests.oracle.shapes import Shape

# All programs are one run, which is longer than any other test.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3 * 3600)]

_REFUSED_AT_MOST = 0.2
"""Of the random programs: AWS refuses some choices beside each other."""


def programs() -> list[Shape]:
    """What is run: each choice, each difference, and others every night.

    A program that makes a test fail is shown by its choices, which `sound_but_for` takes.
    """
    found = [*each_choice(), *each_difference()]

    @settings(max_examples=RANDOM, deadline=None, database=None, phases=[Phase.generate])
    @given(shapes())
    def collect(shape: Shape) -> None:
        found.append(shape)

    collect()
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(programs(), tmp_path_factory.mktemp("programs"))


def test_each_disagreement_is_explained(ran: Run) -> None:
    unexplained = [str(each) for each in ran.comparisons if not each.agree and not each.explained()]

    assert not unexplained, "\n".join(sorted(set(unexplained)))


def test_each_explanation_is_needed(ran: Run) -> None:
    needed = {id(known) for each in ran.comparisons for known in each.explained()}
    idle = [each.where for each in DIFFERENCES if id(each) not in needed]

    assert not idle


def test_each_pair_sees_both_good_and_bad_programs(ran: Run) -> None:
    seen = {(each.pair.checks, each.pack) for each in ran.comparisons}

    for pair in PAIRS:
        assert {verdict for checks, verdict in seen if checks == pair.checks} >= {PASS, FAIL}


SPEAKING_FOR_ALL = {
    "log-bucket": "log-bucket-source-arn",
    "log-key": "log-key-encryption-context",
}
"""The rules that say in a preview that it is not known yet what a bucket or key is for."""


def test_a_preview_says_what_the_update_says_or_that_it_does_not_know(ran: Run) -> None:
    for each in ran.deployed:
        unsure = tuple(
            subject
            for subject, rule in SPEAKING_FOR_ALL.items()
            if each.previewed.get(rule) == UNDECIDED
        )
        for rule in each.previewed.keys() | each.evaluated.keys():
            before, after = each.previewed.get(rule, PASS), each.evaluated.get(rule, PASS)
            said = before in (after, UNDECIDED) or rule.startswith(unsure)
            assert said, f"{rule}: {before}, then {after}: {each.shape}"


def test_most_programs_are_accepted(ran: Run) -> None:
    assert len(ran.refused) < _REFUSED_AT_MOST * RANDOM, "\n".join(ran.refused)


def test_each_check_is_compared_or_left_out_for_a_reason() -> None:
    assert known_checks(("cloudtrail", "kms", "s3")) == {*CHECKS, *UNPAIRED}
