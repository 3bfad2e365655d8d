"""The pages of a day and of a trend."""

from __future__ import annotations

from datetime import timedelta

import pytest

from papers.errors import NotFoundError, UsageError
from papers.services.pages import PAGE, digest_page, trending_page
from papers.wiring import Stores
from tests.builders import TODAY, paper, store

DAY = timedelta(days=1)


def test_a_days_page_is_most_upvoted_first_and_shows_ten(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", upvotes=n) for n in range(15)))
    page = digest_page(stores.papers, TODAY)
    assert (page.title, page.first, page.last, page.total) == ("digest", TODAY, TODAY, 15)
    assert [card.paper.upvotes for card in page.cards] == list(range(14, 14 - PAGE, -1))


@pytest.mark.parametrize("trending", [False, True])
def test_the_pages_of_a_day_bring_every_paper_once_and_in_order(stores: Stores, *, trending: bool) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", upvotes=1 + n) for n in range(25)))
    pages = [
        trending_page(stores.papers, page, week=True) if trending else digest_page(stores.papers, TODAY, page)
        for page in (1, 2, 3)
    ]
    assert [card.paper.upvotes for page in pages for card in page.cards] == list(range(25, 0, -1))
    assert [(page.page, page.pages, page.rank, page.total) for page in pages] == [
        (1, 3, 1, 25),
        (2, 3, 11, 25),
        (3, 3, 21, 25),
    ]


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_there_is_not_is_refused_with_those_that_are(stores: Stores, page: int) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}") for n in range(PAGE)))
    with pytest.raises(UsageError, match=f"no page {page}") as caught:
        digest_page(stores.papers, TODAY, page)
    assert "page:1 to page:1" in caught.value.advice


def test_papers_without_votes_are_in_the_digest_but_do_not_trend(stores: Stores) -> None:
    store(stores.papers, paper(1, "Paper number one", upvotes=1), paper(2, "Paper number two"))
    assert digest_page(stores.papers, TODAY).total == 2
    assert trending_page(stores.papers, week=False).total == 1


def test_without_a_day_the_newest_is_shown(stores: Stores) -> None:
    store(stores.papers, paper(1, "Paper of yesterday", day=TODAY - DAY), paper(2, "Paper of today"))
    assert [card.paper.id for card in digest_page(stores.papers, None).cards] == [paper(2).id]


def test_a_day_that_is_not_here_is_refused_with_those_that_are(stores: Stores) -> None:
    store(stores.papers, paper(1))
    with pytest.raises(NotFoundError, match="2026-03-10") as caught:
        digest_page(stores.papers, TODAY - DAY)
    assert "2026-03-11" in caught.value.advice


@pytest.mark.parametrize("week", [False, True])
def test_before_the_first_poll_there_is_no_page(stores: Stores, *, week: bool) -> None:
    with pytest.raises(NotFoundError, match="no digest was polled yet"):
        trending_page(stores.papers, week=week)
    with pytest.raises(NotFoundError, match="no digest was polled yet"):
        digest_page(stores.papers, None)


def test_the_weeks_trend_is_that_of_the_seven_days_that_end_with_the_newest(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", day=TODAY - n * DAY, upvotes=10 + n) for n in range(9)))
    page = trending_page(stores.papers, week=True)
    assert (page.title, page.first, page.last, page.total) == ("trending", TODAY - 6 * DAY, TODAY, 7)
    assert [card.paper.upvotes for card in page.cards] == [16, 15, 14, 13, 12, 11, 10]


def test_the_days_trend_is_of_the_newest_day_alone(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", day=TODAY - n * DAY, upvotes=10) for n in range(3)))
    page = trending_page(stores.papers, week=False)
    assert (page.first, page.last, page.total) == (TODAY, TODAY, 1)


def test_a_paper_of_two_days_trends_once(stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=5, day=TODAY - DAY))
    store(stores.papers, paper(1, upvotes=8, day=TODAY))
    page = trending_page(stores.papers, week=True)
    assert [card.paper.upvotes for card in page.cards] == [8]
