"""A QUERY means in the archive's index exactly what `papers.query.matches` says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papers.model import Paper
from papers.query import Expr, analyse, matches, parse
from papers.search.view import View
from tests.builders import paper
from tests.shelves import Shelves, lines
from tests.unit.query.strategies import exprs, papers


def held(view: View, expr: Expr) -> set[str]:
    return set(view.named(np.flatnonzero(view.holding(expr) & view.alive)))


def numbered(told: list[Paper]) -> list[Paper]:
    return [replace(one, id=f"2603.{place:05}") for place, one in enumerate(told)]


@settings(max_examples=80)
@given(st.lists(exprs(12), max_size=20), st.lists(papers(), max_size=12))
@example([parse("-survey"), parse("a OR -a"), parse("a -a"), parse("-(-a)")], [])
def test_it_holds_for_exactly_the_papers_that_match(shelves: Shelves, asked: list[Expr], told: list[Paper]) -> None:
    told = numbered(told)
    documents = {one.id: analyse(one) for one in told}
    view = shelves.index(told, bare=True).view
    for expr in asked:
        assert held(view, expr) == {name for name, document in documents.items() if matches(expr, document)}


@settings(max_examples=25)
@given(st.lists(exprs(6), min_size=1, max_size=10), st.lists(st.lists(papers(), max_size=6), min_size=2, max_size=4))
def test_it_still_does_after_papers_were_told_otherwise(
    shelves: Shelves, asked: list[Expr], tellings: list[list[Paper]]
) -> None:
    index = shelves.index([], bare=True)
    now: dict[str, Paper] = {}
    for mark, told in enumerate(map(numbered, tellings), start=2):
        index.put(lines(told), [], float(mark))
        now |= {one.id: one for one in told}
        for expr in asked:
            assert held(index.view, expr) == {one.id for one in now.values() if matches(expr, analyse(one))}


@pytest.mark.parametrize(
    "query",
    ["cat:cs.*", "cat:machine*", 'cat:"machine learning"', "cat:(cs* -cs)", 'org:"a.b*"', "titl*", "naive", "深層"],
)
def test_what_stands_between_letters_is_never_a_pattern(shelves: Shelves, query: str) -> None:
    told = numbered(
        [
            paper(1, "Title", categories=("cs.CL",)),
            paper(1, "Titles", categories=("csxcl", "Machine  Learning")),
            paper(1, "naïve", organization="a.b*"),
            paper(1, "深層学習", organization="axb"),
        ]
    )
    expr = parse(query)
    view = shelves.index(told, bare=True).view
    assert held(view, expr) == {one.id for one in told if matches(expr, analyse(one))} != set()


@pytest.mark.parametrize("length", [499, 16_000, 70_000])
def test_words_of_any_length_are_found_by_how_they_begin(shelves: Shelves, length: int) -> None:
    view = shelves.index([paper(1, "a" * length)], bare=True).view
    assert held(view, parse("a" * 400 + "*")) == {paper(1).id}
    assert held(view, parse("a" * 401)) == set()


@pytest.mark.parametrize("field", ["author", "source"])
def test_a_phrase_does_not_run_from_one_name_into_the_next(shelves: Shelves, field: str) -> None:
    names = ("Donald Knuth", "Ada Lovelace")
    view = shelves.index([paper(1, authors=names, sources=names)], bare=True).view
    assert held(view, parse(f'{field}:"knuth ada"')) == set()
    assert held(view, parse(f'{field}:"donald knuth"')) == {paper(1).id}


def test_lone_surrogates_harm_nobody(shelves: Shelves) -> None:
    view = shelves.index([paper(1, categories=("cs.\ud800",))], bare=True).view
    assert held(view, parse("cat:cs")) == {paper(1).id}
