"""Vectors are made once anywhere, and never taken for those of another text, paper or model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest

from papers.matching.topics import text_of
from papers.ports import Embedder
from papers.services.remembering import Remembering, paper_key, topic_key
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from tests.builders import Counting, crowd, paper

ABOUT = ["a robot arm", "graphs"]
Remember = Callable[[Embedder], Remembering]


@pytest.fixture
def remember(server: Server) -> Remember:
    return lambda embedder: Remembering(embedder, VectorStore(server, embedder.name, embedder.dim))


class Narrow(Counting):
    """One that embeds three texts at once."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.at_once = 3


def test_a_topic_is_embedded_once_in_all_processes(remember: Remember, counting: Counting) -> None:
    first = remember(counting).embed(ABOUT)
    again = remember(counting).embed([*ABOUT, *ABOUT])
    assert counting.asked == [ABOUT]
    assert again == pytest.approx(np.concatenate([first, first]), abs=1e-3)


def test_a_topics_vector_is_that_of_its_text(remember: Remember, counting: Counting, embedder: Embedder) -> None:
    remember(counting).embed(["graphs"])
    assert remember(counting).embed(ABOUT) == pytest.approx(embedder.embed(ABOUT), abs=1e-3)
    assert remember(counting).embed([]).shape == (0, embedder.dim)


def test_it_is_called_what_its_model_is_called(remember: Remember, embedder: Embedder) -> None:
    same = remember(embedder)
    assert (same.name, same.dim, same.weight) == (embedder.name, embedder.dim, embedder.weight)


def test_a_paper_and_a_topic_of_the_same_text_lie_apart() -> None:
    keys = {paper_key(paper(1, "Graphs")), paper_key(paper(2, "Graphs")), topic_key("Graphs")}
    assert len(keys) == 3


@pytest.mark.parametrize(("change", "same"), [({"upvotes": 9}, True), ({"abstract": "New."}, False)])
def test_a_papers_vector_is_that_of_its_title_and_abstract(change: dict[str, str], *, same: bool) -> None:
    assert (paper_key(paper(1)) == paper_key(paper(1, **change))) is same


def test_what_is_too_much_at_once_is_kept_part_by_part(remember: Remember, embedder: Embedder) -> None:
    narrow = Narrow(embedder)
    found = remember(narrow).of_papers(crowd(7))
    assert [len(asked) for asked in narrow.asked] == [3, 3, 1]
    assert len(found) == 7


def test_who_cannot_wait_gets_what_there_is_and_a_few_more(remember: Remember, counting: Counting) -> None:
    papers = crowd(9)
    remember(counting).of_papers(papers[4:6])
    found = remember(counting).of_papers(papers, at_most=3)
    assert sorted(found) == [papers[row].id for row in (0, 1, 2, 4, 5)]
    assert remember(counting).lacking(papers) == [papers[row] for row in (3, 6, 7, 8)]


def test_none_at_most_is_none(remember: Remember, counting: Counting) -> None:
    assert remember(counting).of_papers(crowd(3), at_most=0) == {}
    assert counting.asked == []


def test_what_lacks_a_vector_is_told_in_order(remember: Remember, counting: Counting) -> None:
    remember(counting).embed(["graphs"])
    assert remember(counting).lacking_topics(["b", "graphs", "a"]) == ["b", "a"]


def test_of_many_each_vector_is_its_own(remember: Remember, embedder: Embedder) -> None:
    papers = crowd(1100)
    kept = remember(Counting(embedder)).of_papers(papers)
    assert list(kept) == [one.id for one in papers]
    again = Counting(embedder)
    found = remember(again).of_papers(papers)
    assert list(chain(*again.asked)) == []
    for one in (papers[0], papers[499], papers[500], papers[-1]):
        assert found[one.id] == pytest.approx(embedder.embed([text_of(one)])[0], abs=1e-3)
