"""Parts of a verification: each account and region is in exactly one, always the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integrity.log_layout import AccountRegion
from integrity.options import OptionError
from integrity.shards import Shard

REGIONS = ["us-east-1", "eu-west-1", "ap-south-1", ""]


@given(
    place=st.builds(AccountRegion, st.from_regex(r"\A\d{12}\Z"), st.sampled_from(REGIONS)),
    count=st.integers(1, 200),
)
def test_every_place_is_in_exactly_one_part(place: AccountRegion, count: int) -> None:
    assert sum(Shard(number, count).has(place) for number in range(1, count + 1)) == 1


def test_the_parts_are_of_similar_size_and_those_of_every_machine_and_version() -> None:
    places = [AccountRegion(f"{n:012}", region) for n in range(500) for region in REGIONS[:3]]
    sizes = [sum(Shard(number, 8).has(place) for place in places) for number in range(1, 9)]

    assert sizes == [192, 206, 178, 185, 170, 177, 208, 184]


@pytest.mark.parametrize("text", ["1/1", "1/4", "4/4", "10000/10000"])
def test_a_part_is_written_as_it_is_read(text: str) -> None:
    assert str(Shard.parse(text)) == text


@pytest.mark.parametrize("text", ["", "0/4", "5/4", "1", "1/0", "-1/4", "1/4/2", "a/b", " 1/4"])
def test_what_is_no_part_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(OptionError, match="must be K/N, like 1/4, with K from 1 to N"):
        Shard.parse(text)
