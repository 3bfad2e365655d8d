"""The pages of a trend: by upvotes, by what papers gained, and by the stars of their code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from papers.answers.archive import DigestAnswer
from papers.errors import NotFoundError, UsageError
from papers.services.pages import Trend, trending_page
from papers.stores import keys
from papers.trends import Gained, Order, Period
from papers.wiring import Stores
from tests.builders import TODAY, paper, store
from tests.conftest import NOW

DAY = timedelta(days=1)
CODE = "https://github.com/x/y"


def trending(
    stores: Stores, period: Period = "day", by: Order = "upvotes", page: int = 1, *, later: timedelta = timedelta()
) -> DigestAnswer:
    return trending_page(stores.papers, stores.trends, Trend(period, by, page), TODAY + later)


def ids(answer: DigestAnswer) -> list[str]:
    return [card.paper.id for card in answer.cards]


def gained(answer: DigestAnswer) -> dict[str, int]:
    return {card.paper.id: card.gained.upvotes for card in answer.cards if card.gained}


@pytest.mark.parametrize("by", ["upvotes", "growth", "stars"])
def test_the_pages_of_a_trend_bring_every_paper_once_and_in_order(stores: Stores, by: Order) -> None:
    # ten papers of each height, so that equals stand on two pages
    papers = [
        paper(n, f"Paper number {n}", upvotes=1 + n // 10, code_stars=1 + n // 10, code_url=CODE) for n in range(25)
    ]
    store(stores.papers, *papers)
    pages = [trending(stores, "week", by, page) for page in (1, 2, 3)]
    expected = sorted(papers, key=lambda one: (-one.upvotes, one.id))
    assert [one for page in pages for one in ids(page)] == [one.id for one in expected]
    assert [(page.page, page.pages, page.rank, page.total) for page in pages] == [
        (1, 3, 1, 25),
        (2, 3, 11, 25),
        (3, 3, 21, 25),
    ]
    with pytest.raises(UsageError, match="no page 4, the last one is 3"):
        trending(stores, "week", by, 4)


def test_papers_without_a_figure_do_not_trend_by_it(stores: Stores) -> None:
    store(stores.papers, paper(1, "Paper number one", upvotes=1), paper(2, "Paper number two", code_stars=5))
    assert ids(trending(stores)) == ids(trending(stores, by="growth")) == [paper(1).id]
    assert ids(trending(stores, by="stars")) == [paper(2).id]


@pytest.mark.parametrize("by", ["upvotes", "growth", "stars"])
def test_before_the_first_poll_there_is_no_trend(stores: Stores, by: Order) -> None:
    with pytest.raises(NotFoundError, match="no digest was polled yet"):
        trending(stores, by=by)


@pytest.mark.parametrize(("period", "length"), [("day", 1), ("week", 7), ("month", 30)])
def test_a_trend_is_of_the_days_that_end_with_the_newest(stores: Stores, period: Period, length: int) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", day=TODAY - n * DAY, upvotes=10 + n) for n in range(35)))
    page = trending(stores, period)
    assert (page.title, page.first, page.last, page.total) == ("trending", TODAY - (length - 1) * DAY, TODAY, length)
    assert page.cards[0].paper.upvotes == 10 + length - 1
    assert (page.period, page.by, page.note) == (period, "upvotes", None)
    assert trending(stores, period, later=3 * DAY).last == TODAY  # as on a Sunday


@pytest.mark.parametrize(
    ("period", "by", "told"),
    [("day", "upvotes", False), ("day", "stars", False), ("day", "growth", True), ("week", "upvotes", True)],
)
def test_a_paper_s_day_is_told_where_a_trend_is_of_several(
    stores: Stores, period: Period, by: Order, *, told: bool
) -> None:
    store(stores.papers, paper(1, upvotes=5, code_stars=5, code_url=CODE))
    assert [card.day for card in trending(stores, period, by).cards] == [TODAY if told else None]


def test_a_paper_of_two_days_trends_once_and_as_it_is_now(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=5, day=TODAY))
    store(stores.papers, paper(1, upvotes=6, day=TODAY - DAY))  # which is its day from now on
    store(stores.papers, paper(1, upvotes=9, day=TODAY - DAY), paper(2, "Another paper of today", upvotes=7))
    page = trending(stores, "week")
    assert [(card.paper.id, card.paper.upvotes) for card in page.cards] == [(paper(1).id, 9), (paper(2).id, 7)]


def test_what_rises_is_what_gained_lately_whatever_day_it_is_of(stores: Stores) -> None:
    old = paper(1, "A paper of last week", day=TODAY - 8 * DAY, upvotes=100)
    store(stores.papers, old, now=NOW - 8 * DAY)
    store(stores.papers, paper(1, old.title, day=old.day, upvotes=103), now=NOW - 3 * DAY)
    store(stores.papers, paper(1, old.title, day=old.day, upvotes=120))
    store(stores.papers, paper(2, "A paper of today", upvotes=9))
    for period, risen, first in (("day", 17, 1), ("week", 20, 6), ("month", 120, 29)):
        page = trending(stores, period, "growth")  # type: ignore[arg-type] # one of them
        assert (ids(page), page.first, page.last) == ([paper(1).id, paper(2).id], TODAY - first * DAY, TODAY)
        assert gained(page) == {paper(1).id: risen, paper(2).id: 9}
    assert trending(stores, "day", "growth", later=2 * DAY).cards == ()


def test_upvotes_that_were_taken_back_are_no_rise(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=10))
    store(stores.papers, paper(1, upvotes=4), now=NOW + 2 * DAY)
    store(stores.papers, paper(1, upvotes=6), now=NOW + 3 * DAY)
    assert gained(trending(stores, "week", "growth", later=3 * DAY)) == {paper(1).id: 6}
    assert trending(stores, "day", "growth", later=3 * DAY).total == 0


def test_a_poll_that_changes_nothing_counts_nothing(stores: Stores) -> None:
    for _ in range(3):
        store(stores.papers, paper(1, upvotes=10))
    assert gained(trending(stores, by="growth")) == {paper(1).id: 10}


def test_cards_tell_what_papers_gained_but_not_that_all_of_it_is_new(stores: Stores) -> None:
    before = [paper(n, f"Paper number {n}", upvotes=50, code_url=CODE, code_stars=900, day=TODAY - DAY) for n in (1, 2)]
    store(stores.papers, *before, now=NOW - DAY)
    store(
        stores.papers,
        paper(1, "Paper number 1", upvotes=60, code_url=CODE, code_stars=950, day=TODAY - DAY),
        now=NOW + DAY,
    )
    page = trending(stores, later=2 * DAY)
    assert [card.gained for card in page.cards] == [Gained("day", 10, 50), Gained("day")]
    assert [card.gained for card in trending(stores, "week", later=DAY).cards] == [
        Gained("week", 0, 50),
        Gained("week"),
    ]
    assert gained(trending(stores, "week", "growth", later=DAY)) == {paper(1).id: 60, paper(2).id: 50}


def test_before_gains_were_counted_that_is_said_instead_of_an_empty_page(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=90, day=TODAY - 5 * DAY))
    first = trending(stores, by="growth")
    assert first.note == (
        "no paper is known to have gained an upvote on these days; "
        "gains are counted since Wed 11 Mar: what older papers gained before is not known"
    )
    assert trending(stores, by="growth", later=DAY).note == "no paper is known to have gained an upvote on these days"
    assert trending(stores, by="stars").note == "no paper of these days has code with stars"


def test_an_archive_that_an_older_version_filled_trends_by_what_it_has(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", upvotes=n, code_stars=n) for n in (1, 2, 3)))
    for figure in ("upvotes", "stars"):
        stores.server.call("DEL", keys.ranking(figure, TODAY), keys.gains(figure, TODAY))
    stores.server.call("DEL", keys.GAINS_SINCE)
    assert trending(stores, by="growth").note == (
        "no paper is known to have gained an upvote on these days; gains are counted from the next poll on"
    )
    store(stores.papers, paper(1, "Paper number 1", upvotes=9, code_stars=1))
    assert ids(trending(stores)) == [paper(1).id, paper(3).id, paper(2).id]
    assert ids(trending(stores, by="stars")) == [paper(3).id, paper(2).id, paper(1).id]
    assert gained(trending(stores, by="growth")) == {paper(1).id: 8}
