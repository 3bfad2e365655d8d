"""What comes late in Redis: papers that are matched again, and papers that rose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from papers.revising import WINDOW
from papers.stores import keys
from papers.stores.papers import COMMON, Arrival
from papers.wiring import Stores
from tests.builders import paper, store
from tests.conftest import NOW

FEED = "https://example.org/feed"
LATER = NOW + timedelta(hours=1)
ONE = paper(1).id
CODE = "https://github.com/lab/code"


def matched(stores: Stores) -> list[Arrival]:
    """Everything that waits to be matched, and waits no more."""
    arrivals = stores.papers.unmatched(99)
    stores.papers.matched(arrivals)
    assert stores.papers.unmatched(99) == []
    return arrivals


def told(arrivals: Sequence[Arrival]) -> list[tuple[str, str]]:
    return [(one.paper, one.scope) for one in arrivals]


def test_a_paper_whose_lab_comes_later_is_matched_again_as_of_its_arrival(stores: Stores) -> None:
    store(stores.papers, paper(1))
    (first,) = matched(stores)
    store(stores.papers, paper(1, organization="Lab"), now=LATER)
    (again,) = matched(stores)
    assert (again.paper, again.scope, again.at) == (first.paper, first.scope, NOW)
    assert again.content


def test_what_no_subscription_looks_at_has_nothing_matched_again(stores: Stores) -> None:
    store(stores.papers, paper(1))
    matched(stores)
    store(stores.papers, paper(1, upvotes=500, code_url=CODE), now=LATER)
    assert matched(stores) == []


def test_it_is_matched_again_wherever_it_arrived_and_as_of_then(stores: Stores) -> None:
    store(stores.papers, paper(1), scope=FEED)
    store(stores.papers, paper(1), now=LATER)
    matched(stores)
    store(stores.papers, paper(1, categories=("cs.LG",)), now=LATER + timedelta(hours=1))
    assert {(one.scope, one.at) for one in matched(stores)} == {(FEED, NOW), (COMMON, LATER)}


def test_where_it_never_arrived_it_is_not_matched(stores: Stores) -> None:
    store(stores.papers, paper(1), scope=FEED, announce=False)  # a feed's baseline
    store(stores.papers, paper(2), revisions={paper(2).id})  # old news
    store(stores.papers, paper(1, organization="Lab"), paper(2, organization="Lab"), now=LATER)
    assert told(matched(stores)) == [(ONE, COMMON)]  # as for the first time


def test_a_feed_that_tells_of_it_too_is_something_new_and_its_own_subscribers_get_it_once(stores: Stores) -> None:
    store(stores.papers, paper(1))
    matched(stores)
    store(stores.papers, paper(1, sources=("example.org",)), scope=FEED, now=LATER)
    assert {(one.scope, one.at) for one in matched(stores)} == {(COMMON, NOW), (FEED, LATER)}


@pytest.mark.parametrize(("late", "is_matched"), [(-timedelta(seconds=1), True), (timedelta(), False)])
def test_after_a_week_it_is_too_late(stores: Stores, late: timedelta, *, is_matched: bool) -> None:
    store(stores.papers, paper(1))
    matched(stores)
    store(stores.papers, paper(1, organization="Lab"), now=NOW + WINDOW + late)
    assert bool(matched(stores)) == is_matched
    left = stores.server.call("PTTL", keys.fresh(ONE)) / 1000
    assert 0 < left <= WINDOW.total_seconds()


def test_what_comes_while_a_paper_is_being_matched_is_not_lost(stores: Stores) -> None:
    store(stores.papers, paper(1))
    in_hand = stores.papers.unmatched(9)
    store(stores.papers, paper(1, organization="Lab"))
    stores.papers.matched(in_hand)
    in_hand = stores.papers.unmatched(9)
    assert told(in_hand) == [(ONE, COMMON)]
    store(stores.papers, paper(1, organization="Lab", categories=("cs.LG",)))
    stores.papers.matched(in_hand)
    assert told(matched(stores)) == [(ONE, COMMON)]


def test_a_paper_that_rises_is_noted_with_how_high(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=3), paper(2, upvotes=3))
    store(stores.papers, paper(1, upvotes=40), paper(2, upvotes=9))
    (riser,) = stores.papers.risen(9)
    assert (riser.paper, riser.mark) == (ONE, "32↑")


def test_a_new_paper_has_not_risen_however_high_it_stands(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=900))
    assert stores.papers.risen(9) == []


def test_a_paper_that_rises_further_while_it_is_shown_is_not_forgotten(stores: Stores) -> None:
    store(stores.papers, paper(1))
    store(stores.papers, paper(1, upvotes=20))
    in_hand = stores.papers.risen(9)
    store(stores.papers, paper(1, upvotes=40))
    stores.papers.revised(in_hand)
    assert [one.mark for one in stores.papers.risen(9)] == ["32↑"]
    stores.papers.revised([])
    stores.papers.revised(stores.papers.risen(9))
    assert stores.papers.risen(9) == []
