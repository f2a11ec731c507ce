"""Values for properties: good ones, near misses, and what a slip in a stack file makes of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

ARABIC_ONE = "\u0661"
SPOILED: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text}\n",  # a block of YAML ends in a line break
    lambda text: f" {text}",
    lambda _: "",
    lambda text: f"{text}*",
    lambda text: f"{text}?",
    lambda text: f"{text}/",
    lambda text: text.replace("1", ARABIC_ONE),  # a digit, but none of ASCII's
    lambda text: text.upper(),
    lambda text: text[:1],
    lambda text: text * 40,
    lambda text: f"{text}\u00e9",
    lambda text: f'{text}"',
    lambda text: f"{text}${{aws:username}}",
    lambda text: text.replace("arn:aws:", "arn:aws-cn:"),
    lambda text: text.replace("arn:aws:", "arn:awsome:"),
    lambda text: text.replace("role/", "group/"),
    lambda text: text.replace("111122223333", ""),
    lambda text: text.replace("eu-west-1", ""),
    lambda text: text.replace(":", ""),
)
"""What becomes of a good text by one slip; some of it is good again."""

SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcXY$", max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
"""Any value of JSON."""

WHOLE: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([-1, 0, 1, 2, 7, 30, 90, 91, 180, 365, 366, 400, 2_557, 36_500, 36_501]),
    st.sampled_from([2**31 - 1, 2**31, 2**63, 10**30]),
    st.integers(0, 4_000),
)
"""Numbers of days, sizes and percentages, with those at the edges of what AWS takes."""

ODD_NUMBERS: st.SearchStrategy[Any] = st.sampled_from([0.5, -0.0, 1e300, math.inf, math.nan, 7.0])


def texts(good: list[str], *, slips: int = 4) -> st.SearchStrategy[str]:
    """A good text, mostly, or one with a slip.

    Args:
        good: what is good.
        slips: one in so many has a slip.
    """
    plain = st.sampled_from(good)
    spoiled = st.builds(lambda text, spoil: spoil(text), plain, st.sampled_from(SPOILED))
    return mostly(plain, spoiled, one_in=slips)


def mostly(
    usual: st.SearchStrategy[Any], other: st.SearchStrategy[Any], *, one_in: int
) -> st.SearchStrategy[Any]:
    """The usual, and once in so many times the other."""
    return st.integers(1, one_in).flatmap(lambda draw: other if draw == one_in else usual)
