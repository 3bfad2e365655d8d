"""The newest papers in memory: analysed once a process, embedded once anywhere, and never older than the archive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np
import pytest

from papers.matching.topics import text_of
from papers.model import Paper
from papers.ports import Embedder
from papers.query import analyse
from papers.services.corpus import Corpus, Stream, day_of
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import TODAY, Counting, crowd, paper, store, stream
from tests.conftest import NOW

DAY = timedelta(days=1)


def ids(of: Stream) -> list[str]:
    return [entry.paper.id for entry in of.entries]


def dated(*days: date | None) -> list[Paper]:
    return [paper(number, f"Paper number {number}", day=day) for number, day in enumerate(days, start=1)]


def test_the_newest_papers_come_first_and_no_more_than_asked_for(corpus: Corpus, stores: Stores) -> None:
    papers = dated(TODAY - 2 * DAY, TODAY, TODAY - DAY)
    store(stores.papers, *papers)
    assert ids(corpus.stream(2)) == [papers[1].id, papers[2].id]
    assert ids(corpus.stream()) == [papers[1].id, papers[2].id, papers[0].id]


def test_an_empty_archive_is_an_empty_stream(corpus: Corpus) -> None:
    empty = corpus.stream()
    assert (empty.entries, empty.window, empty.newest) == ((), (), None)
    assert (empty.days, empty.busy_days, empty.per_day) == (1, 1, 0.0)


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
    corpus.around(papers)
    assert len([*chain(*counting.asked)]) == 10


def test_a_paper_is_embedded_once_anywhere(corpus: Corpus, stores: Stores, server: Server, embedder: Embedder) -> None:
    store(stores.papers, *crowd(10))
    here = corpus.stream()
    another = Counting(embedder)
    there = Corpus(stores.papers, VectorStore(server, another.name, another.dim), another).stream()
    assert another.asked == []
    assert np.allclose(here.entries[0].vector, there.entries[0].vector, atol=1e-3)


def test_vectors_of_two_models_never_meet(corpus: Corpus, stores: Stores, server: Server, embedder: Embedder) -> None:
    store(stores.papers, *crowd(3))
    corpus.stream()
    other = Counting(embedder, "another-model")
    Corpus(stores.papers, VectorStore(server, other.name, other.dim), other).stream()
    assert len([*chain(*other.asked)]) == 3


CHANGES = [
    {"title": "Another title of it"},
    {"abstract": "It has one now."},
    {"organization": "Deep Lab"},
    {"categories": ("cs.LG",)},
    {"authors": ("Ada Lovelace",)},
    {"sources": ("arxiv",)},
]
"""Of what a QUERY looks at."""


@pytest.mark.parametrize("changes", [*CHANGES, {"upvotes": 9}, {"code_stars": 3}, {"ai_summary": "Short."}])
def test_what_others_write_is_followed(corpus: Corpus, stores: Stores, changes: dict[str, Any]) -> None:
    store(stores.papers, paper(1), paper(2))
    before = corpus.stream().entries
    store(stores.papers, paper(1, **changes))
    (after,) = [entry for entry in corpus.stream().entries if entry not in before]
    assert after.paper == stores.papers.find(paper(1).id)
    assert after.document == analyse(after.paper)


@pytest.mark.parametrize("changes", CHANGES)
def test_what_a_query_looks_at_is_analysed_anew_when_it_changes(
    corpus: Corpus, stores: Stores, changes: dict[str, Any]
) -> None:
    store(stores.papers, paper(1))
    (before,) = corpus.stream().entries
    store(stores.papers, paper(1, **changes))
    (after,) = corpus.stream().entries
    assert after.document != before.document


def test_what_changes_from_day_to_day_needs_no_new_analysis(corpus: Corpus, stores: Stores) -> None:
    store(stores.papers, paper(1, upvotes=1))
    (before,) = corpus.stream().entries
    store(stores.papers, paper(1, upvotes=9))
    (after,) = corpus.stream().entries
    assert (after.document is before.document, after.paper.upvotes) == (True, 9)


def test_writes_within_a_millisecond_of_a_look_are_followed_too(corpus: Corpus, stores: Stores) -> None:
    seen = []
    for upvotes in range(1, 31):
        store(stores.papers, paper(1, upvotes=upvotes))
        seen += [entry.paper.upvotes for entry in corpus.stream().entries]
    assert seen == [*range(1, 31)]


def test_streams_of_every_size_are_followed(corpus: Corpus, stores: Stores) -> None:
    store(stores.papers, *dated(TODAY, TODAY - DAY))
    assert [len(corpus.stream(size).entries) for size in (1, 2)] == [1, 2]
    store(stores.papers, paper(1, "Paper number 1", upvotes=9))
    assert [corpus.stream(size).entries[0].paper.upvotes for size in (2, 1)] == [9, 9]


def test_while_nobody_writes_a_stream_is_kept(corpus: Corpus, stores: Stores, counting: Counting) -> None:
    store(stores.papers, paper(1), paper(2, "An old one", day=TODAY - DAY))
    kept = corpus.stream(1)
    store(stores.papers, paper(2, "An old one", day=TODAY - DAY, upvotes=9))
    assert corpus.stream(1) is kept
    assert len(counting.asked) == 1


def test_a_changed_text_is_embedded_anew(corpus: Corpus, stores: Stores, counting: Counting) -> None:
    told = paper(1, abstract="A robot arm learns to grasp.")
    store(stores.papers, paper(1))
    before = corpus.stream().entries[0].vector
    store(stores.papers, told)
    after = corpus.stream().entries[0].vector
    assert counting.asked == [[text_of(paper(1))], [text_of(told)]]
    assert np.allclose(after, counting.embed([text_of(told)])[0], atol=1e-3)
    assert not np.allclose(after, before, atol=1e-3)


def test_the_vector_of_an_old_text_is_taken_by_nobody(
    corpus: Corpus, stores: Stores, server: Server, embedder: Embedder
) -> None:
    told = paper(1, abstract="A robot arm learns to grasp.")
    store(stores.papers, paper(1))
    corpus.stream()  # stores the vector of a title alone
    store(stores.papers, told)
    there = Corpus(stores.papers, VectorStore(server, embedder.name, embedder.dim), embedder).stream()
    assert np.allclose(there.entries[0].vector, embedder.embed([text_of(told)])[0], atol=1e-3)


def test_a_text_that_comes_back_is_not_embedded_again(corpus: Corpus, stores: Stores, counting: Counting) -> None:
    for title in ("Attention on graphs", "Attention on trees", "Attention on graphs"):
        store(stores.papers, paper(1, title))
        assert corpus.stream().entries[0].paper.title == title
    assert counting.asked == [["Attention on graphs"], ["Attention on trees"]]


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
    seen = stream(dated(TODAY, TODAY, TODAY, TODAY - 5 * DAY), embedder)
    assert (seen.busy_days, seen.per_day) == (2, 2.0)


def test_a_paper_without_a_day_stands_in_the_day_it_was_first_seen() -> None:
    assert day_of(paper(1, day=None, first_seen=NOW)) == NOW.date()
    assert day_of(replace(paper(1, first_seen=NOW), day=TODAY - DAY)) == TODAY - DAY


def test_papers_that_left_the_stream_are_let_go_of(
    corpus: Corpus, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papers.services.corpus.KEPT", 12)
    for day in range(9):
        store(
            stores.papers,
            *(paper(10 * day + n, f"Paper number {10 * day + n}", day=TODAY + day * DAY) for n in range(6)),
        )
        assert len(corpus.stream(6).entries) == 6
        assert len(corpus._entries) <= 12
    assert ids(corpus.stream(6)) == ids(corpus.around([entry.paper for entry in corpus.stream(6).entries]))
