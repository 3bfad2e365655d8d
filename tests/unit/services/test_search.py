"""Search: exactly what a subscription would match first, then what is close in meaning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import QueryError, UsageError
from papers.model import Paper
from papers.query import analyse, matches, parse
from papers.services.search import PER_PAGE
from tests.builders import TODAY, WORDS, crowd, paper, paper_lists, queries
from tests.shops import Open, ask, every_page

DAY = timedelta(days=1)


FAR = [paper(2000 + n, "Whispered speech", abstract="Acoustic models.", day=TODAY - 9 * DAY) for n in range(60)]
"""Papers beside which those made of WORDS are close in meaning."""


@given(queries(), paper_lists(most=25))
def test_first_come_exactly_the_papers_that_a_subscription_would_match(
    open_: Open, query: str, papers: list[Paper]
) -> None:
    expr = parse(query)
    having = {one.id for one in papers + FAR if matches(expr, analyse(one))}
    found = [one.id for one in every_page(open_(papers + FAR), query)]
    assert set(found[: len(having)]) == having


@given(queries(), paper_lists(most=25))
def test_the_pages_together_hold_every_hit_once(open_: Open, query: str, papers: list[Paper]) -> None:
    seen = open_(papers + FAR)
    first = ask(seen, query)
    found = [one.id for one in every_page(seen, query)]
    assert len(set(found)) == len(found) == first.total
    assert len(first.cards) == min(PER_PAGE, first.total)
    assert first.pages == max(1, -(-first.total // PER_PAGE))


SHAPES = ["-{}", "-title:{}", "-({} {})", "-({} OR {})", '-"{} {}"', "title:{}", "abstract:{}", '"{} {}"', "{:.3}*"]
EXACT = st.builds(str.format, st.sampled_from(SHAPES), st.sampled_from(WORDS), st.sampled_from(WORDS))
"""What a paper must fulfil to the letter, however close in meaning it is."""


@given(EXACT, st.sampled_from(WORDS), paper_lists(least=5, most=15))
def test_a_hit_by_meaning_may_lack_a_plain_word_and_nothing_else(
    open_: Open, exact: str, plain: str, papers: list[Paper]
) -> None:
    for one in every_page(open_(papers + FAR), f"{plain} {plain}ness {exact}"):
        assert matches(parse(exact), analyse(one))


@pytest.mark.parametrize(
    "exact",
    [
        "-demonstrations",
        "-(arm objects)",
        "-(zebra OR arm)",
        "-abstract:arm",
        "-abstract:demon*",
        "NOT NOT zeb*",
        "title:zebra",
        '"arm robot"',
        "zeb*",
        "(title:zebra OR cat:cs)",
        "author:knuth",
        "org:lab",
        "source:arxiv",
    ],
)
def test_what_is_asked_for_exactly_holds_for_what_is_close_in_meaning_too(open_: Open, exact: str) -> None:
    seen = open_(crowd(140))
    about = "grasping robots dexterously"
    assert ask(seen, about).total > PER_PAGE
    assert ask(seen, f"{about} {exact}").total == 0


def test_papers_close_in_meaning_follow_those_with_the_words(open_: Open) -> None:
    papers = [*crowd(70), paper(99, "Manipulation of deformable things", abstract="Cloth is folded by a robot arm.")]
    answer = ask(open_(papers), "manipulation robot grasping objects OR manipulation")
    assert answer.cards[0].paper.id == papers[-1].id
    assert answer.total > 1
    assert answer.note == f"1 with the words, {answer.total - 1} close in meaning"


def test_where_no_paper_has_the_words_the_answer_says_so(open_: Open) -> None:
    answer = ask(open_(crowd(140)), "grasping demonstrations zebra")
    assert answer.cards
    assert answer.cards[0].paper.title.startswith("Grasping")
    assert answer.note == "no paper has all of these words; these are close in meaning; 20 without “zebra”"


def test_where_nothing_is_found_the_answer_says_what_to_try(open_: Open) -> None:
    answer = ask(open_([paper(1)]), "title:zebra")
    assert (answer.cards, answer.total, answer.page, answer.pages) == ((), 0, 1, 1)
    assert answer.note == "nothing found: try another word for it"


def test_an_empty_archive_is_searched_in_vain(open_: Open) -> None:
    answer = ask(open_([]), "attention")
    assert (answer.total, answer.note) == (0, "nothing found: no paper was polled yet")


def test_where_only_fields_are_asked_for_the_newest_come_first(open_: Open) -> None:
    papers = [paper(n, categories=("cs.LG",), day=TODAY - n * DAY) for n in range(1, 8)]
    found = every_page(open_(papers), "cat:cs")
    assert [one.id for one in found] == [one.id for one in papers]


def test_the_closest_come_first(open_: Open) -> None:
    papers = [
        paper(1, "Elephants at the river", abstract="A herd that drinks pays attention to lions, and then walks on."),
        paper(2, "Attention mechanisms", abstract="Attention heads attend: attention in transformers."),
    ]
    found = every_page(open_([*papers, *crowd(30)[5:]]), "attention")
    places = [one.title for one in found]
    assert places.index(papers[1].title) < places.index(papers[0].title)


@given(st.integers(1, 40), queries(), paper_lists(most=20))
def test_since_leaves_out_what_is_older_and_nothing_else(
    open_: Open, days: int, query: str, papers: list[Paper]
) -> None:
    seen = open_(papers)
    found = [one.id for one in every_page(seen, query)]
    days_of = {one.id: one.day for one in papers}
    recent = [one for one in found if (days_of[one] or TODAY) >= TODAY - days * DAY]
    assert [one.id for one in every_page(seen, query, since=TODAY - days * DAY)] == recent


@pytest.mark.parametrize("page", [0, 3, 99])
def test_a_page_that_does_not_exist_is_refused_with_those_that_do(open_: Open, page: int) -> None:
    seen = open_([paper(n) for n in range(PER_PAGE + 1)])
    with pytest.raises(UsageError, match="the last one is 2") as caught:
        ask(seen, "title:attention", page=page)
    assert "page:1 to page:2" in caught.value.advice


def test_a_query_that_does_not_parse_is_refused_with_the_place(open_: Open) -> None:
    with pytest.raises(QueryError) as caught:
        ask(open_([]), "graph (")
    assert caught.value.position == 6
