"""Stems on disk are scored as those in memory are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.matching.bm25 import BM25
from papers.matching.decide import stems
from papers.matching.topics import Topic
from papers.query import analyse
from papers.search.view import View
from tests.builders import WORDS, crowd, paper
from tests.shelves import Shelves

NOWHERE = np.zeros(256, np.float32)


@pytest.fixture(scope="module")
def forty(shelves: Shelves) -> View:
    return shelves.index(crowd(40), bare=True).view


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from((*WORDS, "zebra", "robot", "a")), st.floats(-2, 5)), st.data())
def test_lexical_scores_are_those_of_bm25(forty: View, words: dict[str, float], data: st.DataObject) -> None:
    papers = crowd(40)
    documents = [stems(analyse(one)) for one in papers]
    like = BM25(documents[: data.draw(st.integers(0, 40))]).like
    topic = Topic(words, NOWHERE)
    rows = np.array(data.draw(st.lists(st.integers(0, 39))), np.int64)
    found, _ = forty.scores(rows, topic, like)
    assert found == pytest.approx(BM25(documents, like).scores(topic.terms)[rows], abs=1e-4)


def test_a_paper_that_says_a_word_a_hundred_thousand_times_says_it_often(shelves: Shelves) -> None:
    told = [paper(1, "graph " * 100_000), paper(2, "graph")]
    view = shelves.index(told, bare=True).view
    like = BM25([["graph"], ["kernel"]]).like
    often, once = view.counts.scores(np.array([0, 1]), {"graph": 1.0}, like)
    assert 0 < often != once > 0
