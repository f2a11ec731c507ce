"""Two deployments are compared by what they made, not by ids, times and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.found import differences

if TYPE_CHECKING:
    from tests.faults.found import Plain


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"a": [1, 2]}, {"a": [2, 1]}, []),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ['- /a/b = "x"', '+ /a/b = "y"']),
        ({"keys": [{"n": 1}]}, {"keys": [{"n": 1}, {"n": 1}]}, ["+ /keys[]/n = 1"]),
        ({"keys": [{"n": 1}]}, {"keys": []}, ["- /keys[]/n = 1", "+ /keys = []"]),
    ],
)
def test_a_difference_is_said_a_line_for_each_value(
    before: Plain, after: Plain, said: list[str]
) -> None:
    assert differences(before, after) == said
