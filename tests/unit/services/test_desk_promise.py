"""What the desk promises when it saves is what the match stage then delivers, over the same stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from papers.model import Asker, Paper, Reason, Want
from papers.ports import Embedder
from papers.services.backtest import backtest, with_bar
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus
from papers.services.desk import Desk
from papers.services.explaining import Explainer
from papers.services.library import Ruler
from papers.stores.papers import COMMON
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import GENERAL, crowd, paper, store, subscribe
from tests.conftest import NOW
from tests.unit.services.conftest import Shelf
from workers.match import MatchStage

LATER = NOW + timedelta(hours=1)
FEED = "https://lab.example/feed.xml"
GRASPING = "a robot arm grasps objects"


class Worker:
    """One of another process: what it knows of papers and vectors, it knows from the stores."""

    def __init__(self, stores: Stores, embedder: Embedder) -> None:
        vectors = VectorStore(stores.server, embedder.name, embedder.dim)
        corpus, compiler = Corpus(stores.papers, vectors, embedder), Compiler(embedder, vectors, stores.lessons)
        self._stores = stores
        self._stage = MatchStage(stores.papers, stores.channels, stores.inbox, corpus, compiler)

    def delivers(self, papers: Sequence[Paper], *, scope: str = COMMON) -> dict[str, tuple[Reason, ...]]:
        """What waits in the channel's inbox, and why, once these have arrived."""
        store(self._stores.papers, *papers, scope=scope, now=LATER)
        self._stage.run(LATER)
        hits = self._stores.inbox.read(GENERAL)
        papers_ = self._stores.papers.get({hit.paper for hit in hits})
        found = Explainer().explain(hits, self._stores.channels.subscriptions(GENERAL), papers_)
        return {match.paper: (match.reason,) for match in found}


@pytest.fixture
def worker(stores: Stores, embedder: Embedder) -> Worker:
    return Worker(stores, embedder)


def anew(one: Paper) -> Paper:
    """The same text as a paper of its own."""
    return replace(one, id=one.id.replace("2603.", "2604."))


@pytest.mark.parametrize("query", [None, "grasp OR graph"])
@pytest.mark.parametrize("per_day", [0.4, 1.0, 3.0])
def test_of_a_feed_with_a_topic(desk: Desk, shelf: Shelf, worker: Worker, query: str | None, per_day: float) -> None:
    shelf.feeds[FEED] = [replace(one, sources=("lab.example",)) for one in crowd(180, days=5)[140:]]
    promised = subscribe(desk, Asker(GENERAL, "ada"), Want(query, GRASPING, per_day, feed=FEED)).preview
    assert worker.delivers(shelf.feeds[FEED], scope=FEED) == {}

    brought = worker.delivers([anew(one) for one in shelf.feeds[FEED]], scope=FEED)
    assert len(brought) == promised.total > 0
    for card in promised.latest:
        assert brought[anew(card.paper).id] == card.reasons


@pytest.mark.parametrize(
    "want", [Want("grasp OR attention"), Want(topic=GRASPING, per_day=2.0), Want("part", GRASPING, 2.0)]
)
def test_of_the_archive(desk: Desk, asker: Asker, worker: Worker, want: Want) -> None:
    saved = subscribe(desk, asker, want).subscription
    arriving = crowd(180, days=2)[140:]
    brought = worker.delivers(arriving)

    common = desk.corpus.stream()
    today = with_bar(saved, common, desk.compiler)
    with desk.library.reading() as reader:
        seen = reader.lookback(Ruler(common.background, desk.compiler.embedder.weight), common.per_day)
        promised = backtest(today, seen, desk.compiler, limit=1000).matches
    assert desk.test(asker, 1).total == len(promised)
    new = {one.id for one in arriving}
    assert brought == {match.paper: (match.reason,) for match, _ in promised if match.paper in new}
    assert brought


def test_what_arrives_in_the_very_instant_of_subscribing_is_delivered(
    desk: Desk, asker: Asker, stores: Stores, worker: Worker
) -> None:
    instant = LATER.replace(microsecond=1999)
    subscribe(replace(desk, clock=lambda: instant), asker, Want("whales"))
    store(stores.papers, paper(800, "Songs of whales"), now=instant)
    assert set(worker.delivers([])) == {paper(800).id}
