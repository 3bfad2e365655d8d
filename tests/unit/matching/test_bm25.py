"""BM25 against its formula, written out."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.bm25 import BM25, K1, B

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcde"), max_size=8), min_size=1, max_size=10)
TERMS = st.lists(st.sampled_from("abcdef"), max_size=6)


def by_the_book(documents: list[list[str]], row: int, terms: list[str]) -> float:
    """One document's score, word by word of the text asked for, each weighed by the root of its idf."""
    document, average = documents[row], sum(map(len, documents)) / len(documents)
    score = 0.0
    for term in terms:
        having = sum(term in one for one in documents)
        idf = log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        count = document.count(term)
        if count:
            score += idf * sqrt(idf) * count * (K1 + 1) / (count + K1 * (1 - B + B * len(document) / average))
    return score


@given(DOCUMENTS, TERMS)
def test_scores_are_those_of_the_formula(documents: list[list[str]], terms: list[str]) -> None:
    expected = [by_the_book(documents, row, terms) for row in range(len(documents))]
    assert BM25(documents).scores(Counter(terms)) == pytest.approx(expected, abs=1e-4)


@given(DOCUMENTS, TERMS)
def test_a_word_that_a_text_says_twice_counts_twice(documents: list[list[str]], terms: list[str]) -> None:
    index = BM25(documents)
    assert index.scores(Counter([*terms, *terms])) == pytest.approx(2 * index.scores(Counter(terms)), abs=1e-4)


@given(DOCUMENTS, TERMS)
def test_no_score_is_negative_and_only_papers_with_a_term_have_one(
    documents: list[list[str]], terms: list[str]
) -> None:
    scores = BM25(documents).scores(Counter(terms))
    assert [score > 0 for score in scores] == [not set(terms).isdisjoint(one) for one in documents]


def test_a_rare_word_says_more_than_a_common_one() -> None:
    index = BM25([["model", "rare"], ["model", "other"], ["model", "other"]])
    assert index.scores(Counter(["rare"]))[0] > index.scores({"model": 1})[0] > 0


def test_a_word_says_more_in_a_short_paper() -> None:
    short, long = BM25([["graph", "net"], ["graph", *"abcdefgh"]]).scores(Counter(["graph"]))
    assert short > long > 0


def test_a_word_said_often_says_more_but_never_more_than_its_ceiling() -> None:
    once, often = BM25([["graph", *"abcdefghi"], ["graph"] * 10]).scores(Counter(["graph"]))
    assert once < often < once * (K1 + 1)


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_nothing_scores_nothing(documents: list[list[str]]) -> None:
    scores = BM25(documents).scores(Counter(["graph"]))
    assert scores.shape == (len(documents),)
    assert scores.dtype == np.float32
    assert not scores.any()
