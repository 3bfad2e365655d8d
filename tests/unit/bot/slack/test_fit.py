"""What fits is shown, what does not is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.fit import fit, weight
from bot.slack.parts import DIVIDER, small
from tests.unit.bot.slack.samples import seen


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 900)), max_size=80), st.integers(6, 50))
def test_never_more_than_there_is_room_for_and_never_less_than_everything_told(
    sizes: list[tuple[int, int]], blocks: int
) -> None:
    groups = [[small("x" * length)] * many for many, length in sizes]
    shown = fit([small("head")], groups, [small("tail")], blocks=blocks, characters=8_000)
    assert len(shown) <= blocks
    assert weight(shown) <= 8_000
    lines = seen(shown).splitlines()
    assert (lines[0], lines[-1]) == ("head", "tail")
    inside, left, taken = lines[1:-1], 0, 0
    if inside and inside[-1].startswith("… and "):
        left = int(inside.pop().split()[2].replace(",", ""))
    taken = len(groups) - left
    assert inside == ["x" * length for many, length in sizes[:taken] for _ in range(many)]


def test_everything_that_fits_to_the_last_block_is_shown() -> None:
    assert len(fit([], [[DIVIDER]] * 50, blocks=50)) == 50
    assert seen(fit([], [[DIVIDER]] * 51, blocks=50)).endswith("… and 2 more papers")


def test_a_json_value_weighs_its_strings() -> None:
    assert weight({"type": "abc", "inner": [{"text": "de"}, 5, True, None, ("f",)]}) == 6
