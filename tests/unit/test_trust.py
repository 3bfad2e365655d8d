"""Which servers are trusted with subscriptions and deliveries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from cli.trust import check, exposed, judge
from papers.errors import StoreUnsafe
from papers.stores.server import Sentinels, Server

GOOD: dict[str, Any] = {
    "redis_version": "7.4.1",
    "maxmemory": 0,
    "maxmemory_policy": "noeviction",
    "cluster_enabled": 0,
    "aof_enabled": 1,
}


def test_a_server_that_keeps_what_it_acknowledges_is_trusted() -> None:
    assert judge(GOOD) == ([], [])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"redis_version": "6.2.14"}, "6.2.14"),
        ({"redis_version": "5.0"}, "5.0"),
        ({"maxmemory": 100_000_000, "maxmemory_policy": "allkeys-lru"}, "allkeys-lru"),
        ({"maxmemory": 100_000_000, "maxmemory_policy": "volatile-ttl"}, "volatile-ttl"),
        ({"cluster_enabled": 1}, "cluster"),
        ({"role": "slave"}, "replica"),
    ],
)
def test_a_server_that_cannot_work_or_would_evict_is_refused_with_the_reason(said: dict[str, Any], reason: str) -> None:
    refusals, warnings = judge(GOOD | said)
    assert len(refusals) == 1
    assert reason in refusals[0]
    assert not warnings


def test_a_server_of_unknown_version_is_refused() -> None:
    assert judge({"aof_enabled": 1})[0]


def test_every_reason_is_given_at_once() -> None:
    bad = {"redis_version": "6.0.0", "maxmemory": 1, "maxmemory_policy": "allkeys-lru", "cluster_enabled": 1}
    refusals, warnings = judge(bad)
    assert (len(refusals), len(warnings)) == (3, 1)


def test_valkey_is_judged_by_its_own_version_not_by_the_one_it_is_compatible_with() -> None:
    assert judge(GOOD | {"redis_version": "7.2.4", "valkey_version": "8.1.0"}) == ([], [])
    assert judge(GOOD | {"redis_version": "6.2.0", "valkey_version": "10.0.0"}) == ([], [])


def test_an_eviction_policy_without_a_limit_never_evicts() -> None:
    assert judge(GOOD | {"maxmemory_policy": "allkeys-lru"}) == ([], [])


@pytest.mark.parametrize(
    ("said", "kept"),
    [({}, "no persistence"), ({"rdb_last_bgsave_status": "ok"}, "snapshots only")],
)
def test_a_server_without_appendonly_is_taken_with_a_warning(said: dict[str, Any], kept: str) -> None:
    refusals, (warning,) = judge(GOOD | {"aof_enabled": 0} | said)
    assert not refusals
    assert kept in warning


def test_a_server_that_acknowledges_before_it_writes_is_taken_with_a_warning() -> None:
    assert judge(GOOD | {"appendfsync": "always"}) == ([], [])
    refusals, (warning,) = judge(GOOD | {"appendfsync": "everysec"})
    assert not refusals
    assert "everysec" in warning


def test_a_server_that_could_not_write_to_its_disk_is_told_of() -> None:
    assert judge(GOOD | {"aof_last_write_status": "ok"}) == ([], [])
    assert "make room" in judge(GOOD | {"aof_last_write_status": "err"})[1][0]


def test_replicas_that_may_lag_as_they_like_are_warned_of() -> None:
    assert "min-replicas-to-write" in judge(GOOD | {"connected_slaves": 1})[1][0]
    assert judge(GOOD | {"connected_slaves": 1, "min_slaves_good_slaves": 1}) == ([], [])


@pytest.mark.parametrize(
    ("url", "stands_open"),
    [
        ("redis://redis.example:6379/0", True),
        ("rediss://redis.example", True),
        ("redis://10.0.0.7", True),
        ("redis://user@redis.example", True),
        ("redis://[2001:db8::1]:6379", True),
        ("sentinel://127.0.0.1:26379,ten.example:26379/mymaster", True),
        ("sentinel://127.0.0.1:26379,[::1]:26380/mymaster", False),
        ("rediss://redis.example?ssl_certfile=/me.pem&ssl_keyfile=/key.pem", False),
        ("redis:///1", False),
        ("redis://:secret@redis.example", False),
        ("redis://redis.example?password=secret", False),
        ("redis://localhost", False),
        ("redis://127.0.0.1:6379", False),
        ("redis://[::1]:6379", False),
        ("unix:///run/valkey.sock", False),
    ],
)
def test_a_far_server_without_a_password_stands_open(url: str, stands_open: bool) -> None:  # noqa: FBT001 - a column
    assert bool(exposed(url)) is stands_open


@pytest.fixture
def syncing(server: Server) -> Iterator[Server]:
    """The server as it is outside of tests: with every write on disk."""
    server.call("CONFIG", "SET", "appendfsync", "always")
    yield server
    server.call("CONFIG", "SET", "appendfsync", "no")


def test_a_far_server_without_a_password_is_refused_unless_its_operator_says_so(syncing: Server) -> None:
    syncing.url = "redis://ten.example"  # as if that were its address
    with pytest.raises(StoreUnsafe, match="PAPERBOY_ALLOW_OPEN_REDIS=true"):
        check(syncing)
    with capture_logs() as said:
        check(syncing, open_too=True)
    assert [(one["log_level"], "password" in one["problem"]) for one in said] == [("warning", True)]


def test_sentinels_are_no_proof_but_the_primarys_password_is() -> None:
    asked = Sentinels(("ten.example:26379",), "mymaster")
    assert exposed(str(asked))
    proven = replace(asked, password="hunter2")  # noqa: S106 - nobody's
    assert exposed(str(proven)) == []
    assert "hunter2" not in f"{proven} {proven!r}"


def test_our_own_server_passes_without_a_word(syncing: Server) -> None:
    with capture_logs() as said:
        check(syncing)
    assert said == []


def test_a_server_that_would_evict_is_refused_at_the_door(server: Server) -> None:
    server.call("CONFIG", "SET", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreUnsafe, match="allkeys-lru") as caught:
            check(server)
    finally:
        server.call("CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction")
    assert "doctor" in caught.value.advice


def test_a_server_that_may_forget_is_warned_of(server: Server) -> None:
    server.call("CONFIG", "SET", "appendonly", "no")
    try:
        with capture_logs() as said:
            check(server)
    finally:
        server.call("CONFIG", "SET", "appendonly", "yes")
        while server.info()["aof_rewrite_in_progress"]:  # a server that is at that will not stop
            time.sleep(0.01)
    assert [(one["log_level"], "appendonly" in one["problem"]) for one in said] == [("warning", True)]
