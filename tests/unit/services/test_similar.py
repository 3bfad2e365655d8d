"""The papers most like another one, or like a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.answers.archive import SearchAnswer
from papers.errors import UsageError
from papers.model import Paper
from papers.services.search import Shop
from papers.services.similar import NEAREST, similar
from tests.builders import crowd, paper, paper_lists
from tests.shops import Open

ROBOTS, KERNELS = crowd(140)[2], crowd(140)[5]


@pytest.fixture(scope="module")
def seen(open_: Open) -> Shop:
    return open_(crowd(140))


def every_page(seen: Shop, to: Paper | str) -> list[Paper]:
    first = similar(seen, to, page=1)
    pages = [similar(seen, to, page=page) for page in range(1, first.pages + 1)]
    return [card.paper for answer in pages for card in answer.cards]


@pytest.mark.parametrize("to", [ROBOTS, KERNELS])
def test_papers_on_the_same_subject_come_first(seen: Shop, to: Paper) -> None:
    subject = to.title.split(",")[0]
    assert {one.title.split(",")[0] for one in every_page(seen, to)[:15]} == {subject}


def test_a_text_is_compared_by_its_meaning(seen: Shop) -> None:
    found = similar(seen, "a robot hand that picks things up", page=1)
    assert all("Grasping" in card.paper.title for card in found.cards)
    assert (found.query, found.like) == ("", "a robot hand that picks things up")


@given(paper_lists(least=1, most=40), st.data())
def test_the_pages_hold_each_paper_once_and_never_the_one_asked_for(
    open_: Open, papers: list[Paper], data: st.DataObject
) -> None:
    to = data.draw(st.sampled_from(papers))
    of = open_(papers)
    found = [one.id for one in every_page(of, to)]
    assert to.id not in found
    assert len(set(found)) == len(found) == similar(of, to, page=1).total <= NEAREST


def test_a_paper_that_has_long_left_the_stream_is_compared_too(seen: Shop) -> None:
    old = paper(999, "Grasping with robots, long ago", abstract=ROBOTS.abstract)
    assert "Grasping" in every_page(seen, old)[0].title


def test_each_paper_tells_its_day(seen: Shop) -> None:
    found = similar(seen, ROBOTS, page=1)
    assert {card.day for card in found.cards} == {card.paper.day for card in found.cards} != {None}


def test_where_nothing_is_alike_that_is_said(open_: Open) -> None:
    assert similar(open_([]), "robots", page=1) == SearchAnswer(
        "", (), 0, 1, 1, "no paper here is anything like it", like="robots"
    )


def test_of_a_text_that_says_nothing_of_a_subject_this_is_said(seen: Shop) -> None:
    assert "says nothing of a subject: add a word" in (similar(seen, "what is it about", page=1).note or "")
    assert similar(seen, "a robot hand", page=1).note is None


def test_a_page_that_does_not_exist_is_refused(seen: Shop) -> None:
    with pytest.raises(UsageError, match="no page 6"):
        similar(seen, ROBOTS, page=6)


@pytest.mark.parametrize("text", ["🦜", "--", "…"])
def test_a_text_without_a_word_is_refused(seen: Shop, text: str) -> None:
    with pytest.raises(UsageError, match="no word"):
        similar(seen, text, page=1)
