"""Which worker holds which channels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.shards import WHOLE, Shard
from papers.model import Destination


@given(st.integers(1, 9), st.text(min_size=1).filter(lambda text: ":" not in text))
def test_every_channel_is_held_by_exactly_one_part(of: int, channel: str) -> None:
    where = Destination("slack", "T1", channel)
    assert sum(Shard(number, of).owns(where) for number in range(1, of + 1)) == 1
    assert WHOLE.owns(where)


def test_parts_are_about_as_large_as_each_other() -> None:
    channels = [Destination("discord", "1", str(number)) for number in range(3000)]
    sizes = [sum(map(Shard(number, 3).owns, channels)) for number in (1, 2, 3)]
    assert min(sizes) > 900


@pytest.mark.parametrize(("number", "of"), [(0, 1), (2, 1), (-1, 3), (1, 0)])
def test_there_is_no_part_beyond_the_last(number: int, of: int) -> None:
    with pytest.raises(ValueError, match="there is no shard"):
        Shard(number, of)
