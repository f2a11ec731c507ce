"""The sandbox's matcher of event patterns."""

import pytest

from sandbox.aws.patches.events.matching import matches
from sandbox.tests.aws.pattern_cases import CASES


@pytest.mark.parametrize("about", CASES)
def test_a_pattern_matches_what_it_asks_for(about: str) -> None:
    pattern, event, expected = CASES[about]

    assert matches(pattern, event) is expected


def test_a_comparison_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="'like'"):
        matches({"x": [{"like": "a"}]}, {"x": "a"})
