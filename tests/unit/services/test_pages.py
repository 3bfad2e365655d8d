"""The page of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from papers.errors import NotFoundError, UsageError
from papers.services.missing import Listed, missing
from papers.services.pages import PAGE, digest_page
from papers.wiring import Stores
from tests.builders import TODAY, paper, store

DAY = timedelta(days=1)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (6, 7, 8, 9))
POLLED = (FRIDAY, TODAY)


def test_a_days_page_is_most_upvoted_first_and_shows_ten(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", upvotes=n) for n in range(15)))
    page = digest_page(stores.papers, TODAY, today=TODAY)
    assert (page.title, page.first, page.last, page.total) == ("digest", TODAY, TODAY, 15)
    assert [card.paper.upvotes for card in page.cards] == list(range(14, 14 - PAGE, -1))
    assert {card.gained for card in page.cards} == {None}


def test_the_pages_of_a_day_bring_every_paper_once_and_in_order(stores: Stores) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}", upvotes=n) for n in range(25)))
    pages = [digest_page(stores.papers, TODAY, page, today=TODAY) for page in (1, 2, 3)]
    assert [card.paper.upvotes for page in pages for card in page.cards] == list(range(24, -1, -1))
    assert [(page.page, page.pages, page.rank, page.total) for page in pages] == [
        (1, 3, 1, 25),
        (2, 3, 11, 25),
        (3, 3, 21, 25),
    ]


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_there_is_not_is_refused_with_those_that_are(stores: Stores, page: int) -> None:
    store(stores.papers, *(paper(n, f"Paper number {n}") for n in range(PAGE)))
    with pytest.raises(UsageError, match=f"no page {page}") as caught:
        digest_page(stores.papers, TODAY, page, today=TODAY)
    assert "there is only page 1" in str(caught.value)


def test_without_a_day_the_newest_is_shown(stores: Stores) -> None:
    store(stores.papers, paper(1, "Paper of yesterday", day=TODAY - DAY), paper(2, "Paper of today"))
    assert [card.paper.id for card in digest_page(stores.papers, None, today=TODAY).cards] == [paper(2).id]


def test_before_the_first_poll_there_is_no_page(stores: Stores) -> None:
    with pytest.raises(NotFoundError, match="no digest was polled yet"):
        digest_page(stores.papers, None, today=TODAY)
    with pytest.raises(NotFoundError, match="no paper of Wed 11 Mar 2026 is here") as caught:
        digest_page(stores.papers, TODAY, today=TODAY)
    assert "no day was polled yet" in caught.value.advice


def test_a_day_that_is_not_here_is_refused_with_those_that_are(stores: Stores) -> None:
    store(stores.papers, paper(1))
    with pytest.raises(NotFoundError, match="no paper of Tue 10 Mar 2026 is here: Paperboy was not running") as caught:
        digest_page(stores.papers, TODAY - DAY, today=TODAY)
    assert "whoever runs Paperboy can fetch it with `paperboy backfill --since 2026-03-10 --until 2026-03-10`" in str(
        caught.value.advice
    )
    assert "the newest days here are 2026-03-11" in caught.value.advice


@pytest.mark.parametrize(
    ("day", "listed", "said"),
    [
        (TODAY + DAY, POLLED, "Thu 12 Mar 2026 has not come yet"),
        (SATURDAY, POLLED, "Hugging Face listed no paper on Sat 7 Mar 2026, a weekend"),
        (SUNDAY, (FRIDAY, MONDAY), "Hugging Face listed no paper on Sun 8 Mar 2026, a weekend"),
        (MONDAY, POLLED, "Hugging Face listed no paper on Mon 9 Mar 2026"),
        (SATURDAY, None, "no paper of Sat 7 Mar 2026 is here: Paperboy was not running then, or the day had none"),
        (SATURDAY, (SUNDAY, TODAY), "no paper of Sat 7 Mar 2026 is here: Paperboy was not running then, or the day"),
        (date(2023, 5, 3), POLLED, "there are no Daily Papers of Wed 3 May 2023: they began on 2023-05-04"),
    ],
)
def test_that_the_source_had_nothing_is_said_only_of_a_day_that_it_was_asked_for(
    day: date, listed: Listed | None, said: str
) -> None:
    error = missing(day, TODAY, [TODAY], listed)
    assert str(error).startswith(said)
    assert ("--since" in error.advice) == ("is here:" in said)


def test_a_day_after_the_newest_is_not_here_yet() -> None:
    error = missing(SATURDAY, SATURDAY, [FRIDAY], (FRIDAY - DAY, FRIDAY))
    assert (str(error), error.advice) == (
        "no paper of Sat 7 Mar 2026 is here yet",
        "the newest days here are 2026-03-06",
    )
