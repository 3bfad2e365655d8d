"""Papers in the midst of the newest: those of the archive (`around`), and those that nobody keeps (`apart`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from papers.matching.decide import compile_all
from papers.matching.topics import Topic
from papers.model import Paper
from papers.ports import Embedder
from papers.services.corpus import Corpus
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import TODAY, Counting, crowd, paper, store, subscription
from tests.unit.services.conftest import everything

FEED = "https://lab.example/feed.xml"
OLD = paper(999, "Grasping with robots, long ago", abstract="An arm grasps.", day=TODAY - timedelta(days=900))
STRANGERS = [
    paper(901, "Robots that grasp objects", abstract="A gripper learns by trial.", day=None),
    paper(902, "Whales sing under the ice", abstract="Songs are recorded.", day=None),
]


@pytest.fixture
def newest(corpus: Corpus, stores: Stores) -> list[Paper]:
    """The corpus's newest papers."""
    store(stores.papers, *crowd(30))
    return [entry.paper for entry in corpus.stream().entries]


@pytest.fixture
def topic(embedder: Embedder) -> Topic:
    (compiled,) = compile_all([subscription(query=None, topic="a robot arm grasps objects")], embedder)
    assert compiled.topic is not None
    return compiled.topic


@pytest.mark.usefixtures("newest")
def test_a_paper_that_left_the_stream_long_ago_stands_in_the_midst_of_the_newest(
    corpus: Corpus, stores: Stores, topic: Topic
) -> None:
    store(stores.papers, OLD, scope=FEED)
    seen = corpus.around([OLD])
    assert [entry.paper for entry in seen.entries] == [stores.papers.find(OLD.id)]
    assert (seen.row, len(seen.background), seen.z(topic).shape) == ({OLD.id: 0}, 31, (1,))


def test_one_of_the_newest_does_not_stand_there_twice(corpus: Corpus, newest: list[Paper]) -> None:
    assert len(corpus.around([newest[3], newest[7]]).background) == 30


def test_a_papers_z_is_the_same_wherever_it_stands(corpus: Corpus, newest: list[Paper], topic: Topic) -> None:
    everywhere = corpus.stream()
    z, chosen = everywhere.z(topic), [newest[row] for row in (7, 3, 12)]
    assert len(set(z.tolist())) > 10
    there = corpus.around(chosen)
    assert there.z(topic) == pytest.approx([z[everywhere.row[one.id]] for one in chosen], abs=1e-4)


def test_the_newest_stay_as_they_are_while_others_are_looked_at(corpus: Corpus, newest: list[Paper]) -> None:
    kept = corpus.stream()
    corpus.around([OLD, newest[0]])
    corpus.apart(STRANGERS)
    assert corpus.stream() is kept


@pytest.mark.usefixtures("newest")
def test_around_follows_the_archive(corpus: Corpus, stores: Stores) -> None:
    changed = replace(crowd(30)[4], upvotes=99)
    store(stores.papers, paper(800, "One more"), changed)
    assert len(corpus.around([paper(800, "One more")]).background) == 31
    assert {entry.paper.upvotes for entry in corpus.stream().entries if entry.paper.id == changed.id} == {99}


def test_what_was_read_before_somebody_wrote_does_not_come_back(
    corpus: Corpus, newest: list[Paper], stores: Stores
) -> None:
    store(stores.papers, replace(newest[0], upvotes=99))
    assert corpus.around([newest[0]]).entries[0].paper.upvotes == 99
    store(stores.papers, paper(800, "One more"))  # so that the stream is built anew
    assert {entry.paper.upvotes for entry in corpus.stream().entries if entry.paper.id == newest[0].id} == {99}


@pytest.mark.usefixtures("newest")
def test_papers_apart_stand_in_the_midst_of_the_newest_too(corpus: Corpus, stores: Stores, topic: Topic) -> None:
    apart = corpus.apart(STRANGERS)
    assert [entry.paper for entry in apart.entries] == STRANGERS
    assert len(apart.background) == 32
    store(stores.papers, *STRANGERS, scope=FEED)
    assert apart.z(topic) == pytest.approx(corpus.around(STRANGERS).z(topic), abs=1e-4)
    assert apart.z(topic)[0] > apart.z(topic)[1]


@pytest.mark.usefixtures("newest")
def test_nothing_of_papers_apart_is_stored(corpus: Corpus, server: Server) -> None:
    before = everything(server)
    corpus.apart(STRANGERS)
    assert everything(server) == before


@pytest.mark.usefixtures("newest")
def test_nothing_of_papers_apart_is_remembered(corpus: Corpus, counting: Counting) -> None:
    counting.asked.clear()
    corpus.apart(STRANGERS)
    corpus.apart(STRANGERS)
    assert len(counting.asked) == 2


def test_what_a_feed_says_of_an_archive_paper_does_not_leak(
    corpus: Corpus, newest: list[Paper], counting: Counting, embedder: Embedder, stores: Stores
) -> None:
    false = replace(newest[0], title="Buy whales", abstract="Cheap.", upvotes=999)
    assert corpus.apart([false]).entries[0].paper == false
    assert corpus.around([newest[0]]).entries[0].paper == newest[0]
    store(stores.papers, paper(800, "One more"))  # so that the stream is built anew
    first = next(entry for entry in corpus.stream().entries if entry.paper.id == newest[0].id)
    assert first.paper == newest[0]
    assert np.allclose(first.vector, embedder.embed([f"{newest[0].title}. {newest[0].abstract}"])[0], atol=1e-3)
    assert "Buy whales. Cheap." in counting.asked[1]


def test_nothing_at_all_is_a_stream_too(corpus: Corpus) -> None:
    for nothing in (corpus.around([]), corpus.apart([])):
        assert (nothing.entries, len(nothing.background), nothing.per_day) == ((), 0, 0.0)
