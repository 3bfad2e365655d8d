"""Sources in Redis: when each is polled, by whom, and how that ended."""

from __future__ import annotations

import time
from datetime import timedelta

from papers.stores.sources import SourceState
from papers.wiring import Stores
from tests.conftest import NOW
from tests.integration.outboxes import kept

HF, FEED = "huggingface", "https://example.org/feed"
LATER = NOW + timedelta(minutes=15)


def test_nothing_is_remembered_of_a_source_that_was_never_polled(stores: Stores) -> None:
    assert stores.sources.state(HF) == SourceState(HF)
    assert stores.sources.names() == []


def test_new_sources_are_polled_at_once_and_old_ones_keep_their_time(stores: Stores) -> None:
    stores.sources.settle_on([HF], NOW)
    stores.sources.settle_on([HF, FEED], LATER)
    assert stores.sources.due(NOW) == [HF]
    assert stores.sources.due(LATER) == [HF, FEED]
    assert stores.sources.state(FEED).next_due == LATER


def test_a_source_that_is_gone_is_polled_no_more_but_its_cursor_stays(stores: Stores) -> None:
    stores.sources.settle_on([HF, FEED], NOW)
    token = stores.sources.lease(FEED, 60)
    assert token
    stores.sources.finish(FEED, token, LATER, {"cursor": "c"})
    stores.sources.settle_on([HF], NOW)
    assert stores.sources.names() == [HF]
    assert stores.sources.state(FEED).cursor == "c"


def test_a_source_is_leased_to_one_poller_at_a_time(stores: Stores) -> None:
    first = stores.sources.lease(HF, 60)
    assert first
    assert stores.sources.lease(HF, 60) is None
    assert stores.sources.lease(FEED, 60)
    assert stores.sources.finish(HF, first, LATER, {"failures": 0})
    assert stores.sources.lease(HF, 60) not in {None, first}


def test_a_poller_whose_lease_ran_out_writes_nothing(stores: Stores) -> None:
    slow = stores.sources.lease(HF, 0.01)
    assert slow
    time.sleep(0.05)
    other = stores.sources.lease(HF, 60)
    before = kept(stores.server)
    assert not stores.sources.finish(HF, slow, LATER, {"cursor": "old"})
    assert kept(stores.server) == before
    assert other
    assert stores.sources.finish(HF, other, LATER, {"cursor": "new"})
    assert stores.sources.state(HF).cursor == "new"


def test_a_poll_is_written_down_whole(stores: Stores) -> None:
    token = stores.sources.lease(HF, 60)
    assert token
    fields = {"polled_at": NOW, "ok_at": NOW, "failures": 2, "error": "SourceStatus: 500", "day": "2026-03-11"}
    assert stores.sources.finish(HF, token, LATER, fields)
    assert stores.sources.state(HF) == SourceState(
        HF, None, NOW, NOW, "2026-03-11", 2, "SourceStatus: 500", next_due=LATER
    )


def test_a_bell_is_not_rung_again_so_soon_and_each_has_its_own_rest(stores: Stores) -> None:
    assert stores.sources.ring("match", 0.05)
    assert not stores.sources.ring("match", 0.05)
    assert stores.sources.ring("plan", 0.05)
    time.sleep(0.1)
    assert stores.sources.ring("match", 0.05)


def test_a_source_that_failed_or_was_never_read_is_doubtful(stores: Stores) -> None:
    for name, fields in (("well", {"cursor": "c", "failures": 0}), ("failing", {"cursor": "c", "failures": 2})):
        token = stores.sources.lease(name, 60)
        assert token
        stores.sources.finish(name, token, LATER, fields)
    assert stores.sources.doubtful(["well", "failing", "new"]) == {"failing", "new"}
