"""What the desk promises when it saves is what the match stage then delivers, over the same stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from papers.model import Asker, Paper, Reason, Want
from papers.ports import Embedder
from papers.services.backtest import backtest
from papers.services.corpus import Corpus
from papers.services.desk import Desk
from papers.stores.vectors import VectorStore
from papers.wiring import Core, Stores
from tests.builders import GENERAL, crowd, store, subscribe
from tests.conftest import NOW
from tests.unit.services.conftest import Shelf
from workers.match import MatchStage

HOUR = timedelta(hours=1)
FEED = "https://lab.example/feed.xml"
GRASPING = "a robot arm grasps objects"


@pytest.fixture
def stage(core: Core, embedder: Embedder) -> MatchStage:
    """A worker of another process: what it knows of papers and vectors, it knows from the stores."""
    stores = core.stores
    corpus = Corpus(stores.papers, VectorStore(stores.server, embedder.name), embedder)
    return MatchStage(stores.papers, stores.channels, stores.inbox, corpus, embedder)


def delivered(stores: Stores) -> dict[str, Reason]:
    """What waits in the channel's inbox, and why."""
    return {match.paper: match.reason for match in stores.inbox.read(GENERAL)}


def anew(papers: list[Paper]) -> list[Paper]:
    """The same texts as papers of their own."""
    return [replace(one, id=one.id.replace("2603.", "2604.")) for one in papers]


@pytest.mark.parametrize("query", [None, "grasp OR graph"])
@pytest.mark.parametrize("per_day", [0.4, 1.0, 3.0])
def test_of_a_feed_with_a_topic(
    desk: Desk, asker: Asker, shelf: Shelf, core: Core, stage: MatchStage, query: str | None, per_day: float
) -> None:
    shelf.feeds[FEED] = [replace(one, sources=("lab.example",)) for one in crowd(180, days=5)[140:]]
    promised = subscribe(desk, asker, Want(query, GRASPING, per_day, feed=FEED)).preview
    stage.run(NOW)
    assert delivered(core.stores) == {}

    store(core.stores.papers, *anew(shelf.feeds[FEED]), scope=FEED, now=NOW + HOUR)
    stage.run(NOW + HOUR)
    brought = delivered(core.stores)
    assert len(brought) == promised.total > 0
    assert {one.id: card.reasons for card in promised.latest for one in anew([card.paper])}.items() <= {
        paper: (reason,) for paper, reason in brought.items()
    }.items()


@pytest.mark.parametrize(
    "want", [Want("grasp OR attention"), Want(topic=GRASPING, per_day=2.0), Want("part", GRASPING, 2.0)]
)
def test_of_the_archive(
    desk: Desk, asker: Asker, core: Core, stage: MatchStage, embedder: Embedder, want: Want
) -> None:
    saved = subscribe(desk, asker, want).subscription
    arriving = crowd(180, days=2)[140:]
    store(core.stores.papers, *arriving, now=NOW + HOUR)
    stage.run(NOW + HOUR)
    promised = backtest(saved, core.corpus.stream(), embedder).matches
    assert desk.test(asker, 1).total == len(promised)
    new = {one.id for one in arriving}
    assert delivered(core.stores) == {match.paper: match.reason for match, _ in promised if match.paper in new}
    assert delivered(core.stores)
