"""What runs each script of papers, sources and their summaries once, for `test_stores_twice`: a function a script.

`forgetful` runs each of its scripts twice; what `stores` says afterwards is what one run makes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from papers.courtesy import Courtesy
from papers.matching.shards import Shard
from papers.stores import keys
from papers.stores.census import CensusStore
from papers.stores.coverage import Coverage
from papers.stores.hosts import HostPace
from papers.stores.summaries import Claim, SummaryStore
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import paper, store
from tests.conftest import NOW
from tests.integration.forgetful import runs

HOST = Courtesy("lab.example", 60.0)


def finish_poll(stores: Stores, forgetful: Stores) -> None:
    token = stores.sources.lease("huggingface", 60)
    assert token
    forgetful.sources.finish("huggingface", token, NOW, {"cursor": "c"})
    assert stores.sources.state("huggingface").cursor == "c"


def matched(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    first, second = Shard(1, 2), Shard(2, 2)
    forgetful.papers.matched(stores.papers.unmatched(1, first), first)
    assert [arrival.paper for arrival in stores.papers.unmatched(9, first)] == ["2603.00002"]
    forgetful.papers.matched(stores.papers.unmatched(1, second), second)
    assert [arrival.paper for arrival in stores.papers.unmatched(9)] == ["2603.00002"]


def unmatched(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    assert len(forgetful.papers.unmatched(9)) == 2


def save_papers(stores: Stores, forgetful: Stores) -> None:
    store(forgetful.papers, paper(1), paper(2))
    assert [arrival.paper for arrival in stores.papers.unmatched(9)] == ["2603.00001", "2603.00002"]


def highest(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1, upvotes=3), paper(2, "Robots on graphs", upvotes=5))
    assert forgetful.trends.highest("upvotes", [NOW.date()], slice(0, 1)) == (2, ["2603.00002"])


def put_vectors(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1))
    VectorStore(forgetful.server, "m", 2).put({f"{paper(1).id}:0": np.ones(2, np.float32)})
    assert list(VectorStore(stores.server, "m", 2).get([f"{paper(1).id}:0"])) == [f"{paper(1).id}:0"]


def note_coverage(stores: Stores, forgetful: Stores) -> None:
    stores.coverage.begin("m")
    assert forgetful.coverage.progress("m", 3, 9)
    assert stores.coverage.get() == Coverage("m", 3, 9)


def end_lease(stores: Stores, forgetful: Stores) -> None:
    with forgetful.coverage.lease() as taken:
        assert taken
    with stores.coverage.lease() as taken:
        assert taken


def resume_source(stores: Stores, forgetful: Stores) -> None:
    token = stores.sources.lease("feed", 60)
    assert token
    assert stores.sources.finish("feed", token, None, {"failures": 9})
    assert not forgetful.sources.resume("feed", NOW)  # the second answer: it is polled already, which is so
    assert (stores.sources.state("feed").failures, stores.sources.due(NOW)) == (0, ["feed"])


def take_turn(stores: Stores, forgetful: Stores) -> None:
    assert HostPace(forgetful.server).take(HOST, "mine") == 0.0
    assert HostPace(stores.server).take(HOST, "another's") > 0


def end_turn(stores: Stores, forgetful: Stores) -> None:
    HostPace(stores.server).take(HOST, "mine")
    HostPace(forgetful.server).end(HOST, "mine")
    assert [(run.first, run.second) for run in runs(forgetful)] == [(1, 0)]  # the second time it is not ours to end
    assert 0 < HostPace(stores.server).take(HOST, "mine") <= HOST.rest


def claim_summary(stores: Stores, forgetful: Stores) -> None:
    assert isinstance(SummaryStore(forgetful.server, "m", 1).claim(paper(1), NOW, 60), Claim)
    assert SummaryStore(stores.server, "m", 1).asked(NOW) == 1


def summary_failed(stores: Stores, forgetful: Stores) -> None:
    claim = SummaryStore(stores.server, "m", 1).claim(paper(1), NOW, 60)
    assert isinstance(claim, Claim)
    SummaryStore(forgetful.server, "m", 1).failed(claim)
    assert stores.server.call("GET", keys.SUMMARIES_FAILED) == "1"


def swap_paper(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1))
    forgetful.papers.write_summary(paper(1).id, paper(1).abstract, ("In short.", "m"))
    assert [run.second for run in runs(forgetful)] == [1]  # a lost answer is not taken for somebody else's write
    assert stores.papers.get([paper(1).id])[paper(1).id].generated == ("In short.", "m")


def count_sources(stores: Stores, forgetful: Stores) -> None:
    stores.sources.settle_on(["huggingface"], NOW)
    assert CensusStore(forgetful.server, {}).take(NOW).healthy == 1


def prune_papers(stores: Stores, forgetful: Stores) -> None:
    store(stores.papers, paper(1))
    list(forgetful.expiry.prune(datetime.now(UTC) + timedelta(days=1), "m"))
    assert [(run.first, run.second) for run in runs(forgetful)] == [(1, 0)]
    assert stores.papers.count() == 0
