"""What narrows and orders a search, questions, misspelt words, and how the words that hit are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.model import Paper
from papers.query import parse
from papers.search.ranking import SHOWN
from papers.search.reader import IndexReader
from papers.services.questions import subject
from papers.services.search import PER_PAGE
from tests.builders import TODAY, crowd, paper, paper_lists, queries
from tests.conftest import NOW
from tests.shops import Open, ask, every_page

DAY = timedelta(days=1)
CODE = "https://code.example/repository"


@settings(max_examples=50)
@given(queries(), paper_lists(most=20), st.integers(-1, 11))
def test_before_leaves_out_that_day_and_what_is_newer(open_: Open, query: str, papers: list[Paper], ago: int) -> None:
    seen, before = open_(papers), TODAY - ago * DAY
    older = [one for one in every_page(seen, query) if one.day and one.day < before]
    assert every_page(seen, query, before=before) == older


@settings(max_examples=50)
@given(queries(), paper_lists(most=20), st.sets(st.integers(0, 19)))
def test_has_code_leaves_out_what_has_none(open_: Open, query: str, papers: list[Paper], having: set[int]) -> None:
    told = [paper_with(one, row in having) for row, one in enumerate(papers)]
    seen = open_(told)
    assert every_page(seen, query, code=True) == [one for one in every_page(seen, query) if one.code_url]


def test_what_is_only_close_in_meaning_has_to_have_code_too(open_: Open) -> None:
    told = [paper_with(one, row % 2 == 0) for row, one in enumerate(crowd(140))]
    found = every_page(open_(told), "grasping demonstrations zebra", code=True)
    assert {one.code_url for one in found} == {CODE}


def paper_with(one: Paper, code: bool) -> Paper:  # noqa: FBT001 - what it has
    return paper(0, one.title, **{**fields(one), "code_url": CODE if code else None})


def fields(one: Paper) -> dict[str, object]:
    names = ("id", "abstract", "authors", "sources", "day", "categories", "organization", "upvotes")
    return {name: getattr(one, name) for name in names}


@pytest.mark.parametrize("query", ["title:whales", "whales"])
@pytest.mark.parametrize(("sort", "order"), [("new", [3, 1, 2]), ("top", [2, 3, 1])])
def test_those_with_the_words_come_newest_or_most_upvoted_first(
    open_: Open, query: str, sort: str, order: list[int]
) -> None:
    papers = [
        paper(1, "Whales", day=TODAY - DAY, upvotes=3),
        paper(2, "Whales, whales", day=TODAY - 2 * DAY, upvotes=9),
        paper(3, "On whales and other things", day=TODAY, upvotes=5),
    ]
    found = every_page(open_([*papers, *crowd(40)[4:]]), query, sort=sort)
    assert [one.id for one in found[:3]] == [paper(number).id for number in order]


def test_those_close_in_meaning_are_ordered_too_after_those_with_the_words(open_: Open) -> None:
    found = every_page(open_(crowd(140)), "grasping demonstrations zebra", sort="new")
    days = [one.day for one in found if one.day]
    assert len(days) > PER_PAGE
    assert days == sorted(days, reverse=True)


def test_what_has_only_fields_can_be_ordered_by_votes(open_: Open) -> None:
    found = every_page(open_(crowd(60)), "source:huggingface", sort="top")
    assert [one.upvotes for one in found] == sorted((one.upvotes for one in found), reverse=True)


def test_every_hit_is_counted_though_not_every_one_is_shown(open_: Open) -> None:
    answer = ask(open_(paper(number, "Robots") for number in range(SHOWN + 7)), "title:robots")
    assert (answer.total, answer.pages) == (SHOWN + 7, SHOWN // PER_PAGE)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("how do people quantise KV caches?", "quantise KV caches"),
        ("What is the best way of grasping objects", "way grasping objects"),
        ("diffusion models for images?", "diffusion models images"),
        ("is attention all you need", "attention need"),
        ("who are you?", "who are you?"),
        ("how so", "how so"),
        ("robots how", "robots how"),
        ("how do -people quantise", "how do -people quantise"),
        ('how do "state space" models work?', 'how do "state space" models work?'),
        ("title:how do they?", "title:how do they?"),
        ("does it OR not?", "does it OR not?"),
        ("拡散モデルとは？", "拡散モデルとは？"),  # noqa: RUF001 - a question mark too
        ("lone?", "lone"),
    ],
)
def test_of_a_question_the_words_that_ask_are_not_looked_for(question: str, about: str) -> None:
    assert subject(parse(question), question) == parse(about)


@pytest.mark.parametrize(
    "query", ["the", "the of a", "and", "title:the OR of", '"what is it"', "the -survey", "who are you?"]
)
def test_of_words_that_say_nothing_of_a_subject_this_is_said(open_: Open, query: str) -> None:
    answer = ask(open_(crowd(20)), query)
    assert (answer.note or "").startswith("that says nothing of a subject: add a word that does")
    assert answer.query == query


@pytest.mark.parametrize("query", ["the mamba", "-the", "author:the", "cat:a", "of* robots", "grasping"])
def test_it_is_not_said_of_others(open_: Open, query: str) -> None:
    assert "says nothing" not in (ask(open_(crowd(20)), query).note or "")


def test_a_question_is_answered_with_what_it_is_about(open_: Open) -> None:
    answer = ask(open_(crowd(140)), "how can a robot grasp objects?")
    assert all("Grasping" in card.paper.title for card in answer.cards)
    assert answer.query == "how can a robot grasp objects?"
    assert "with the words" in (answer.note or "with the words")


def test_what_comes_newest_first_tells_its_days(open_: Open) -> None:
    old = paper(2, day=None, first_seen=NOW - timedelta(days=900))
    cards = ask(open_([old, paper(1), paper(3, first_seen=None, day=None)]), "attention", sort="new").cards
    assert [card.day for card in cards] == [TODAY, (NOW - timedelta(days=900)).date(), None]


def test_the_words_that_hit_are_told(open_: Open) -> None:
    answer = ask(open_(crowd(140)), "(robot OR robots) grasp* -kernel")
    assert {card.reasons[0].words for card in answer.cards} <= {("robot", "grasp*"), ("robot", "robots", "grasp*")}
    lacking = ask(open_(crowd(140)), "grasping demonstrations zebra").cards[0]
    assert lacking.reasons[0].words == ("grasping", "demonstrations")


def test_what_the_library_has_to_say_stands_below(open_: Open) -> None:
    seen = open_(crowd(20))
    assert isinstance(seen.reader, IndexReader)
    building = replace(seen, reader=replace(seen.reader, note="the index is being built"))
    answer = ask(building, "title:zebra")
    assert (answer.note or "").endswith("; the index is being built")
