"""What fits is shown, what does not is counted, and room is shared so that who wants little gets it all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.discord.fit import fit, shares
from bot.discord.parts import beside, button, length, number, row, small, text
from tests.unit.bot.discord.samples import seen


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 900)), max_size=50), st.integers(4, 38))
def test_never_more_than_there_is_room_for_and_never_less_than_everything_told(
    sizes: list[tuple[int, int]], components: int
) -> None:
    groups = [[text("x" * long)] * many for many, long in sizes]
    shown = fit([text("head")], groups, [text("tail")], components=components, characters=3_000)
    assert number(shown) <= components
    assert length(shown) <= 3_000
    head, *inside, tail = seen(shown).splitlines()
    assert (head, tail) == ("head", "tail")
    left = 0
    if inside and inside[-1].startswith("-# … and "):
        left = int(inside.pop().split()[3].replace(",", ""))
        assert left
    taken = len(groups) - left
    assert inside == ["x" * long for many, long in sizes[:taken] for _ in range(many)]


def test_everything_that_fits_to_the_last_component_and_character_is_shown() -> None:
    assert len(fit([], [[text("x")]] * 38)) == 38
    assert seen(fit([], [[text("x")]] * 39)).endswith("x\n-# … and 2 more papers")
    assert len(fit([], [[text("x" * 10)]] * 5, characters=50)) == 5
    assert seen(fit([], [[text("x" * 40)]] * 3, characters=119)).endswith(f"{'x' * 40}\n-# … and 2 more papers")


def test_components_within_others_are_counted_and_their_texts_measured() -> None:
    there = [
        text("abc", small("de")),
        beside(text("fgh"), button("x", "say")),
        *row(button("a", "say"), button("b", "up")),
    ]
    assert number(there) == 7
    assert length(there) == len("abc\n-# defgh")


@given(st.lists(st.integers(0, 500), max_size=8), st.integers(-10, 2_000))
def test_room_is_shared_fairly_and_none_is_wasted(wanted: list[int], room: int) -> None:
    given_to = shares(wanted, room)
    assert all(0 <= got <= want for got, want in zip(given_to, wanted, strict=True))
    assert sum(given_to) <= max(room, 0)
    cut = [got for got, want in zip(given_to, wanted, strict=True) if got < want]
    assert not cut or sum(given_to) > room - len(wanted)
    assert not cut or max(given_to) - min(cut) <= 1 + len(wanted)
    assert not cut or all(got <= min(cut) + len(wanted) for got in given_to)
