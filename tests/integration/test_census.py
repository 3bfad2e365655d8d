"""What metrics tell of the shared state is what is there; who announced itself is there until it is silent."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from cli.watch import Watch
from papers.settings import Settings
from papers.stores import keys
from papers.stores.census import FIRST, CensusStore
from papers.stores.presence import GONE_AFTER, Presence, PresenceStore
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, paper, store
from tests.conftest import NOW
from tests.integration.outboxes import PAST, claimed, delivery, due, put
from tests.integration.servers import until
from workers.bells import queues, ring

LATE = timedelta(minutes=10)


def presence(role: str = "web", pid: int = 1) -> Presence:
    return Presence(role, "host", pid, 0, 8080, "0.1.0", NOW, 1, 1, "wordllama")


def test_an_empty_server_has_nothing_that_waits(server: Server) -> None:
    found = CensusStore(server, queues(2)).take(NOW)
    assert (found.papers, found.healthy, found.poll_lag, found.unmatched_age, found.plan_lag) == (0, 0, 0.0, 0.0, 0.0)
    assert set(found.outbox.values()) == {(0, 0.0)}
    assert found.queues == {"paperboy-fetch": 0, "paperboy-match": 0, "paperboy-match-2": 0}
    assert found.memory > 0


def test_what_waits_is_counted_with_the_age_of_the_oldest(stores: Stores) -> None:
    store(stores.papers, paper(1), paper(2))
    due(stores, GENERAL, NOW - LATE)
    ring("plan", connection=stores.server.raw)
    found = CensusStore(stores.server, queues(1)).take(NOW)
    assert (found.papers, found.unmatched, found.due) == (2, len(stores.papers.unmatched(9)), 1)
    assert found.plan_lag == LATE.total_seconds()
    assert found.queues == {"paperboy-fetch": 0, "paperboy-match": 1}


def test_a_message_that_is_put_off_ages_from_when_it_was_due(stores: Stores) -> None:
    put(stores, delivery(1))
    claimed(stores)  # in flight: its place in line is the lease's end by now
    found = CensusStore(stores.server, {}).take(PAST + LATE)
    assert found.outbox["terminal"] == (1, LATE.total_seconds())
    assert found.outbox["slack"] == (0, 0.0)


def test_each_source_is_in_one_state(stores: Stores) -> None:
    names = ["https://a.example/", "https://b.example/", "https://c.example/", "huggingface"]
    stores.sources.settle_on(names, NOW - LATE)
    for name, following in (("https://a.example/", NOW + LATE), ("https://b.example/", None)):
        token = stores.sources.lease(name, 60)
        assert token
        stores.sources.finish(name, token, following, {"failing_at": NOW})
    found = CensusStore(stores.server, {}).take(NOW)
    assert (found.healthy, found.failing, found.paused) == (2, 1, 1)
    assert found.poll_lag == LATE.total_seconds()


def test_it_costs_as_many_commands_for_many_channels_as_for_few(stores: Stores) -> None:
    def commands() -> int:
        before = stores.server.info()["total_commands_processed"]
        CensusStore(stores.server, {}).take(NOW)
        return int(stores.server.info()["total_commands_processed"]) - int(before)

    stores.server.call(
        "ZADD", keys.platform("slack"), *(part for one in range(FIRST) for part in (1, f"slack:T:C{one}"))
    )
    few = commands()
    more = (part for one in range(20 * FIRST) for part in (1, f"slack:T:D{one}"))
    stores.server.call("ZADD", keys.platform("slack"), *more)
    assert commands() == few


def test_a_role_is_there_until_it_leaves_or_is_silent(server: Server) -> None:
    roles = PresenceStore(server)
    roles.announce(presence())
    roles.announce(presence())
    roles.announce(presence("up", 2))
    assert roles.all() == [presence("up", 2), presence()]
    roles.leave(presence("up", 2))
    silent = int(server.call("ZSCORE", keys.ROLES, server.call("ZRANGE", keys.ROLES, 0, 0)[0])) - GONE_AFTER * 1000
    server.call("ZADD", keys.ROLES, silent, server.call("ZRANGE", keys.ROLES, 0, 0)[0])
    assert roles.all() == []
    roles.announce(presence("up", 2))
    assert server.call("ZCARD", keys.ROLES) == 1  # the silent one is forgotten


def test_a_watch_says_that_its_process_is_there_and_that_it_has_gone(server: Server) -> None:
    watch = Watch(server, CensusStore(server, {}))
    watch.begin("worker match", Settings(paperboy_shards=3), 8080, "0.1.0", 2)
    until(lambda: watch.census is not None)
    assert [(one.role, one.shard, one.shards) for one in PresenceStore(server).all()] == [("worker match", 2, 3)]
    assert watch.census is not None
    assert watch.census.roles == {"worker match": 1}
    assert watch.answers
    watch.end()
    assert PresenceStore(server).all() == []


def test_a_watch_whose_server_is_away_tells_so_and_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    away = Server("unix:///nowhere")
    watch = Watch(away, None)
    with caplog.at_level(logging.DEBUG):
        watch.begin("web", Settings(), 8080, "0.1.0", 1)
        watch.end()
    assert not watch.answers
    assert caplog.text == ""
    away.close()
