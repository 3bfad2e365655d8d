"""How the archive is followed: by marks of its changes, as many at a time as are asked for."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np

from papers.stores import keys
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import TODAY, crowd, paper, store

FEED = "https://lab.example/feed.xml"


def test_once_its_millisecond_is_over_a_change_is_not_told_again(stores: Stores) -> None:
    store(stores.papers, paper(1))
    _, mark = stores.papers.changed(0.0)
    while stores.papers.changed(mark)[0]:  # until that millisecond is over
        _, mark = stores.papers.changed(mark)
    assert stores.papers.changed(mark) == ([], mark)
    store(stores.papers, paper(2))
    assert stores.papers.changed(mark)[0] == [paper(2).id]


def test_while_its_millisecond_lasts_a_change_is_told_again(stores: Stores, server: Server) -> None:
    store(stores.papers, paper(1))
    lasting = int(stores.papers.newest_change()) + 60_000
    server.call("ZADD", keys.CHANGED, lasting, paper(1).id)
    assert stores.papers.changed(0.0) == ([paper(1).id], lasting)


def test_changes_are_told_a_few_at_a_time(stores: Stores) -> None:
    told: list[str] = []
    mark = 0.0
    for number in range(30):
        store(stores.papers, paper(number))
    while len(set(told)) < 30:
        ids, mark = stores.papers.changed(mark, 7)
        assert len(ids) <= 7
        told += ids
    assert set(told) == {paper(number).id for number in range(30)}


def test_only_what_the_archive_has_is_listed(stores: Stores) -> None:
    store(stores.papers, paper(1))
    store(stores.papers, paper(2), scope=FEED)
    assert stores.papers.listed([paper(2).id, paper(1).id, "nobody"]) == [paper(1).id]
    assert stores.papers.listed([]) == []


def test_a_paper_that_comes_into_the_archive_as_it_was_counts_as_changed(stores: Stores) -> None:
    store(stores.papers, paper(1), scope=FEED)
    mark = stores.papers.newest_change() + 0.5
    while not stores.papers.changed(mark)[0]:
        store(stores.papers, paper(1, id="2603.00002"))  # so that time passes
        store(stores.papers, paper(1))
    assert paper(1).id in stores.papers.changed(mark)[0]


def test_a_vector_makes_its_paper_changed(stores: Stores, server: Server) -> None:
    store(stores.papers, paper(1))
    mark = stores.papers.newest_change() + 0.5
    time.sleep(0.002)  # changes are told apart by the millisecond
    VectorStore(server, "a model", 2).put({f"{paper(1).id}:hash": np.ones(2, np.float32)})
    assert stores.papers.changed(mark)[0] == [paper(1).id]


def test_the_pace_is_of_days_that_have_papers_within_the_window(stores: Stores) -> None:
    assert stores.papers.pace(timedelta(days=30)) is None
    store(stores.papers, *crowd(30, days=3))
    store(stores.papers, paper(900, day=TODAY - timedelta(days=29)), paper(901, day=TODAY - timedelta(days=30)))
    assert stores.papers.pace(timedelta(days=30)) == 31 / 4
