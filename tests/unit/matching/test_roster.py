"""Whose each stored subscription is, by its place."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from papers.matching.roster import Roster, milliseconds
from papers.model import Destination
from tests.builders import GENERAL, subscription
from tests.conftest import NOW

OTHER = Destination("slack", "T1", "C1")


def by_channel(roster: Roster, pairs: list[tuple[int, int]]) -> list[tuple[Destination, list[tuple[int, int]]]]:
    """The pairs of a place and a paper as the roster tells them apart."""
    places, papers = np.array(pairs, np.int64).reshape(-1, 2).T
    return [(where, [pairs[pair] for pair in chosen]) for where, chosen in roster.by_channel(places, papers)]


def test_every_subscription_has_a_place_of_its_own() -> None:
    roster = Roster()
    places = [roster.add(subscription(number, created_at=NOW)) for number in (7, 8, 9)]
    assert places == [0, 1, 2]
    assert (len(roster), list(roster.numbers), set(roster.born)) == (3, [7, 8, 9], {milliseconds(NOW)})


def test_a_cleared_channels_places_are_used_again() -> None:
    roster = Roster()
    for number in (1, 2):
        roster.add(subscription(number))
    roster.add(subscription(1, destination=OTHER))
    assert roster.clear(GENERAL) == [0, 1]
    assert len(roster) == 1
    assert {roster.add(subscription(number)) for number in (3, 4, 5)} == {0, 1, 3}
    assert by_channel(roster, [(2, 0), (0, 0)]) == [(GENERAL, [(0, 0)]), (OTHER, [(2, 0)])]


def test_clearing_a_channel_that_nobody_knows_clears_nothing() -> None:
    assert Roster().clear(GENERAL) == []


def test_pairs_come_by_channel_then_by_paper_then_by_number() -> None:
    roster = Roster()
    second, first = roster.add(subscription(2)), roster.add(subscription(1))
    other = roster.add(subscription(1, destination=OTHER))
    pairs = [(other, 4), (second, 5), (second, 3), (first, 5)]
    assert by_channel(roster, pairs) == [(GENERAL, [(second, 3), (first, 5), (second, 5)]), (OTHER, [(other, 4)])]
    assert by_channel(roster, []) == []


def test_an_instant_is_told_in_whole_milliseconds() -> None:
    assert milliseconds(None) == 0
    assert milliseconds(NOW + timedelta(microseconds=1999)) - milliseconds(NOW) == 1
