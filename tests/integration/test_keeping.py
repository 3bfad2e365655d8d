"""What is kept, and for how long: each thing goes when its time is over, in steps, and what is still of use stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from papers.model import Destination
from papers.ports import Embedder
from papers.search.about import Maker
from papers.search.following import step
from papers.search.index import Index
from papers.services.remembering import Remembering
from papers.stores import expiry, keys
from papers.stores.outbox import Verdict
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from papers.workspace import Workspace
from tests.builders import GENERAL, TODAY, paper, store, subscription
from tests.conftest import NOW
from tests.integration.outboxes import claimed, delivery, kept, put, replies, waits
from tests.shelves import Shelves
from workers.clean import CLEANED, Cleaner, Keeping

DAY = timedelta(days=1)
FEED = "https://lab.example/feed.xml"
SLACK = Destination("slack", "T1", "C1")
KEEPING = Keeping(left=30 * DAY, closed=90 * DAY, papers=60 * DAY)


@pytest.fixture
def cleaner(stores: Stores) -> Cleaner:
    return Cleaner(
        keeping=KEEPING,
        departures=stores.departures,
        removal=stores.removal,
        expiry=stores.expiry,
        channels=stores.channels,
        outbox=stores.outbox,
        coverage=stores.coverage,
        marks=stores.marks,
        wanted=("huggingface",),
    )


def days_left(stores: Stores, number: int) -> float:
    return float(stores.server.call("PTTL", keys.delivery(GENERAL, f"{number:024}")) / 86_400_000)


def test_a_delivery_is_remembered_for_as_long_as_is_set_once_it_is_out(stores: Stores) -> None:
    brief = Stores(stores.server, 90 * DAY)
    put(stores, delivery(1), delivery(2))
    assert days_left(stores, 1) < 0  # it has no end while it waits
    brief.outbox.settle(claimed(brief), Verdict("pending"))
    assert days_left(stores, 1) < 0
    brief.outbox.settle(claimed(brief), Verdict("sent", message="m1"))
    brief.outbox.settle(claimed(brief), Verdict("dead", detail="no"))
    assert 89 < days_left(stores, 1) <= 90
    assert 89 < days_left(stores, 2) <= 90


def test_one_that_is_posted_again_after_all_has_no_end_until_it_is_out(stores: Stores) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, 1))
    stores.outbox.settle(claimed(stores), Verdict("parked"))
    assert stores.outbox.claim(GENERAL, 60) is None
    assert (119 < days_left(stores, 1) <= 120, 119 < days_left(stores, 2) <= 120) == (True, True)
    stores.outbox.release(GENERAL, head.id)
    assert (days_left(stores, 1) < 0, days_left(stores, 2) < 0) == (True, True)


def leave(stores: Stores) -> Workspace:
    """A workspace with a channel, which left: closed, and noted."""
    stores.channels.add(subscription(destination=SLACK))
    stores.outbox.suspend(SLACK, "removed", "an event")
    workspace = Workspace.of(SLACK)
    stores.departures.note(workspace, NOW)
    return workspace


def test_a_workspace_that_left_is_deleted_when_its_time_is_over(stores: Stores, cleaner: Cleaner) -> None:
    leave(stores)
    cleaner.run(NOW + 29 * DAY)
    assert stores.channels.subscriptions(SLACK)
    cleaner.run(NOW + 31 * DAY)
    assert not any("slack:T1" in f"{key}{value}" for key, value in kept(stores.server).items() if key != keys.CHANGES)


def test_one_that_is_in_use_again_is_left_alone_though_nobody_told(stores: Stores, cleaner: Cleaner) -> None:
    workspace = leave(stores)
    stores.outbox.unsuspend(SLACK, NOW)
    cleaner.run(NOW + 31 * DAY)
    assert stores.channels.subscriptions(SLACK)
    assert not stores.departures.knows(workspace)


def test_a_deletion_that_was_ordered_and_died_is_ended_whatever_is_in_use(stores: Stores, cleaner: Cleaner) -> None:
    stores.departures.order(leave(stores))
    stores.outbox.unsuspend(SLACK, NOW)
    cleaner.run(NOW)
    assert not stores.channels.subscriptions(SLACK)


def test_what_waits_in_a_channel_is_let_go_of_when_that_was_closed_for_long(stores: Stores, cleaner: Cleaner) -> None:
    stores.channels.add(subscription())
    waits(stores, "2603.00001")
    put(stores, *(delivery(number) for number in range(1, expiry.BATCH + 2)))
    cleaner.run(NOW)
    stores.outbox.suspend(GENERAL, "archived", "an event")
    for later in (1, 90):
        cleaner.run(NOW + later * DAY)
        assert (stores.inbox.waiting(GENERAL), stores.outbox.by_state(GENERAL)) == (1, {"pending": 200})
    cleaner.run(NOW + 91 * DAY)
    assert (stores.inbox.waiting(GENERAL), stores.outbox.by_state(GENERAL)) == (0, {"dead": 200})
    assert stores.server.call("ZCARD", keys.outbox(GENERAL)) == 0
    assert 119 < days_left(stores, 1) <= 120
    assert stores.channels.subscriptions(GENERAL)


def test_a_channel_that_opened_in_between_begins_anew(stores: Stores, cleaner: Cleaner) -> None:
    stores.channels.add(subscription())
    stores.outbox.suspend(GENERAL, "archived", "an event")
    cleaner.run(NOW)
    stores.outbox.unsuspend(GENERAL, NOW)
    stores.outbox.suspend(GENERAL, "archived", "another")
    waits(stores, "2603.00001")
    cleaner.run(NOW + 91 * DAY)
    assert stores.inbox.waiting(GENERAL) == 1


def test_a_feed_that_nobody_reads_any_more_is_forgotten_unless_somebody_does_again(
    stores: Stores, cleaner: Cleaner
) -> None:
    other = "https://other.example/feed"
    stores.sources.settle_on([FEED, other], NOW)
    for url in (FEED, other):
        store(stores.papers, paper(1), scope=url, announce=False)
        token = stores.sources.lease(url, 60)
        assert token
        stores.sources.finish(url, token, NOW, {"cursor": "c"})
    stores.sources.settle_on([], NOW)
    cleaner.run(NOW + 89 * DAY)
    assert stores.papers.came_by(FEED, "2603.00001")
    stores.sources.settle_on([other], NOW + 89 * DAY)
    cleaner.run(NOW + 91 * DAY)
    assert not stores.papers.came_by(FEED, "2603.00001")
    assert (stores.sources.state(FEED).cursor, stores.sources.state(other).cursor) == (None, "c")


def old_and_new(stores: Stores, embedder: Embedder) -> Remembering:
    """A paper of long ago, one of today, and their vectors."""
    old = paper(1, "Diffusion of old", day=TODAY - 90 * DAY, url="https://lab.example/1")
    store(stores.papers, old, paper(2, "Diffusion of today"), now=NOW)
    store(stores.papers, replace(old, id="x0123456789abcde", sources=("rss",)), scope=FEED, now=NOW)
    memory = VectorStore(stores.server, embedder.name, embedder.dim)
    remembering = Remembering(embedder, memory)
    remembering.of_papers(list(stores.papers.get(stores.papers.recent(9)).values()))
    stores.coverage.begin(embedder.name)
    return remembering


def test_old_papers_leave_the_archive_whole_and_are_no_news_when_they_are_told_again(
    stores: Stores, cleaner: Cleaner, embedder: Embedder
) -> None:
    remembering = old_and_new(stores, embedder)
    old = stores.papers.get(["2603.00001"])["2603.00001"]
    cleaner.run(NOW)
    assert stores.papers.recent(9) == ["2603.00002"]
    assert remembering.lacking([old]) == [old]
    left = {key: value for key, value in kept(stores.server).items() if "2603.00001" in f"{key}{value}"}
    waiting = {keys.UNMATCHED, keys.fresh("2603.00001")}  # which go by themselves
    assert {*left} - waiting == {keys.arrived("*"), keys.arrived(FEED)}
    assert store(stores.papers, paper(1, "Diffusion of old", day=TODAY - 90 * DAY)).known == ("2603.00001",)


def test_without_a_limit_no_paper_ever_leaves(stores: Stores, cleaner: Cleaner, embedder: Embedder) -> None:
    old_and_new(stores, embedder)
    before = kept(stores.server)
    replace(cleaner, keeping=replace(KEEPING, papers=None)).run(NOW)
    assert {**kept(stores.server), keys.mark(CLEANED): None} == {**before, keys.mark(CLEANED): None}


def test_an_index_forgets_what_left_the_archive_also_when_it_is_opened_again(
    stores: Stores, cleaner: Cleaner, embedder: Embedder, shelves: Shelves
) -> None:
    remembering = old_and_new(stores, embedder)
    folder = shelves.folder()
    with_both = shelves.open(folder)
    step(with_both, stores.papers, remembering, 9)
    assert sorted(with_both.ids) == ["2603.00001", "2603.00002"]
    cleaner.run(NOW)
    step(with_both, stores.papers, remembering, 9)
    assert with_both.ids == ["2603.00002"]
    with_both.close()
    again = Index(folder, Maker.of(embedder.name, embedder.dim), reserve=0)
    step(again, stores.papers, remembering, 9)
    assert again.ids == ["2603.00002"]
    again.close()


def test_a_run_ends_when_its_time_is_over_and_the_next_one_goes_on(
    stores: Stores, cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(stores.papers, *(paper(number, f"Paper {number} of old", day=TODAY - 90 * DAY) for number in range(1, 6)))
    monkeypatch.setattr(expiry, "BATCH", 2)
    hasty = replace(cleaner, monotonic=_ticking(4.0))
    hasty.run(NOW)
    assert stores.papers.count() == 1
    assert stores.marks.get(CLEANED) is None
    cleaner.run(NOW)
    assert (stores.papers.count(), stores.marks.get(CLEANED)) == (0, "2026-03-11")


def _ticking(seconds: float) -> Callable[[], float]:
    """A clock that goes on by so much whenever it is looked at."""
    now = [0.0]

    def tick() -> float:
        now[0] += seconds
        return now[0]

    return tick
