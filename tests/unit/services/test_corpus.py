"""The newest papers in memory: analysed once a process, embedded once anywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

import numpy as np
import pytest

from papers.model import Paper
from papers.ports import Embedder
from papers.services.corpus import Corpus, Stream, day_of
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import TODAY, Counting, crowd, paper, store, stream
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


@pytest.fixture
def corpus(stores: Stores, server: Server, counting: Counting) -> Corpus:
    return Corpus(stores.papers, VectorStore(server, counting.name), counting)


def ids(of: Stream) -> list[str]:
    return [entry.paper.id for entry in of.entries]


def dated(*days: date | None) -> list[Paper]:
    return [paper(number, f"Paper number {number}", day=day) for number, day in enumerate(days, start=1)]


def test_the_newest_papers_come_first_and_no_more_than_asked_for(corpus: Corpus, stores: Stores) -> None:
    papers = dated(TODAY - 2 * DAY, TODAY, TODAY - DAY)
    store(stores.papers, *papers)
    assert ids(corpus.stream(2)) == [papers[1].id, papers[2].id]
    assert ids(corpus.stream()) == [papers[1].id, papers[2].id, papers[0].id]


def test_extra_papers_are_in_the_stream_wherever_they_stand(corpus: Corpus, stores: Stores) -> None:
    papers = dated(TODAY, TODAY - DAY, TODAY - 99 * DAY)
    store(stores.papers, *papers)
    assert set(ids(corpus.stream(1, extra=[papers[2]]))) == {papers[0].id, papers[2].id}
    assert ids(corpus.stream(1)) == [papers[0].id]


def test_an_empty_archive_is_an_empty_stream(corpus: Corpus) -> None:
    empty = corpus.stream()
    assert (empty.entries, empty.window, empty.newest, empty.days, empty.per_day) == ((), (), None, 1, 0.0)


def test_papers_that_arrive_are_followed(corpus: Corpus, stores: Stores) -> None:
    papers = dated(TODAY - DAY, TODAY)
    store(stores.papers, papers[0])
    assert ids(corpus.stream()) == [papers[0].id]
    store(stores.papers, papers[1])
    assert ids(corpus.stream()) == [papers[1].id, papers[0].id]


def test_the_background_has_a_row_a_paper(corpus: Corpus, stores: Stores) -> None:
    store(stores.papers, *crowd(20))
    seen = corpus.stream()
    assert len(seen.background) == 20
    assert [seen.row[one] for one in ids(seen)] == list(range(20))


def test_a_paper_is_embedded_once_in_a_process(corpus: Corpus, stores: Stores, counting: Counting) -> None:
    papers = crowd(10)
    store(stores.papers, *papers)
    corpus.stream()
    corpus.stream(5)
    corpus.enter(papers)
    assert len([*chain(*counting.asked)]) == 10


def test_a_paper_is_embedded_once_anywhere(corpus: Corpus, stores: Stores, server: Server, embedder: Embedder) -> None:
    store(stores.papers, *crowd(10))
    here = corpus.stream()
    another = Counting(embedder)
    there = Corpus(stores.papers, VectorStore(server, another.name), another).stream()
    assert another.asked == []
    assert np.allclose(here.entries[0].vector, there.entries[0].vector, atol=1e-3)


def test_vectors_of_two_models_never_meet(corpus: Corpus, stores: Stores, server: Server, embedder: Embedder) -> None:
    store(stores.papers, *crowd(3))
    corpus.stream()
    other = Counting(embedder, "another-model")
    Corpus(stores.papers, VectorStore(server, other.name), other).stream()
    assert len([*chain(*other.asked)]) == 3


def test_what_changes_from_day_to_day_needs_no_new_analysis(corpus: Corpus) -> None:
    (before,) = corpus.enter([paper(1, upvotes=1)])
    (after,) = corpus.enter([paper(1, upvotes=9)])
    assert after.document is before.document
    assert after.paper.upvotes == 9


@pytest.mark.parametrize(
    "changed",
    [
        paper(1, "Another title of it"),
        paper(1, abstract="It has one now."),
        paper(1, organization="Deep Lab"),
        paper(1, categories=("cs.LG",)),
        paper(1, authors=("Ada Lovelace",)),
        paper(1, sources=("huggingface", "arxiv")),
    ],
)
def test_what_a_query_looks_at_is_analysed_anew_when_it_changes(corpus: Corpus, changed: Paper) -> None:
    (before,) = corpus.enter([paper(1)])
    (after,) = corpus.enter([changed])
    assert after.document != before.document


def test_threads_may_share_a_corpus(corpus: Corpus, stores: Stores, counting: Counting) -> None:
    papers = crowd(60)
    store(stores.papers, *papers)
    with ThreadPoolExecutor(4) as pool:
        streams = list(pool.map(lambda size: ids(corpus.stream(size)), [60, 30, 60, 20, 50, 60]))
    assert [len(one) for one in streams] == [60, 30, 60, 20, 50, 60]
    assert sorted(chain(*counting.asked)) == sorted({f"{one.title}. {one.abstract}" for one in papers})


def test_the_window_is_the_thirty_days_that_end_with_the_newest(embedder: Embedder) -> None:
    seen = stream(dated(TODAY, TODAY - 29 * DAY, TODAY - 30 * DAY), embedder)
    assert [entry.paper.id for entry in seen.window] == ids(seen)[:2]
    assert (seen.newest, seen.days) == (TODAY, 30)


def test_a_young_archive_says_how_many_days_it_really_covers(embedder: Embedder) -> None:
    assert stream(dated(TODAY, TODAY - 2 * DAY), embedder).days == 3
    assert stream(dated(TODAY), embedder).days == 1


def test_the_volume_of_a_stream_is_that_of_a_day_with_papers(embedder: Embedder) -> None:
    assert stream(dated(TODAY, TODAY, TODAY, TODAY - 5 * DAY), embedder).per_day == 2.0


def test_a_paper_without_a_day_stands_in_the_day_it_was_first_seen() -> None:
    assert day_of(paper(1, day=None, first_seen=NOW)) == NOW.date()
    assert day_of(replace(paper(1, first_seen=NOW), day=TODAY - DAY)) == TODAY - DAY
