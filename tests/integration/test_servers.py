"""Servers of one's own: reached with passwords, by TLS and through sentinels; trusted if they keep what they say."""

from __future__ import annotations

import signal
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
import trustme
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from bot.checked import Checked
from cli import trust
from cli.context import connected, opened
from cli.doctor import _server
from papers.errors import SettingsError, StoreError, StoreUnavailable, StoreUnsafe
from papers.model import Destination
from papers.settings import Settings
from papers.stores.replicas import Replicated
from papers.stores.server import Sentinels, Server
from papers.wiring import Stores
from tests.builders import subscription
from tests.integration.servers import HOST, Running, behind_tls, running, until
from workers.bells import MATCH, bell_class, ring

PASSWORD = "s3cret/and+odd"  # noqa: S105 - of a server that lives as long as a test
ENCODED = "s3cret%2Fand+odd"
DURABLE = ("appendonly yes", "appendfsync always")


def works(server: Server) -> None:
    """Every way to it: commands, bytes, transactions, scripts."""
    stores = Stores(server)
    stores.channels.add(subscription())
    assert [one.number for one in stores.channels.subscriptions(subscription().destination)] == [1]
    assert server.call_raw("ECHO", b"\xff") == b"\xff"
    assert server.together([["SET", "a", 1], ["GET", "a"]]) == [True, "1"]


# --- passwords and TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Running]:
    """A server with a password."""
    with running(tmp_path / "locked", *DURABLE, f'requirepass "{PASSWORD}"') as server:
        yield server


def at(url: str) -> Server:
    return Server(url)


def test_a_password_in_the_url_opens_the_server(locked: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://:{ENCODED}@{HOST}:{locked.port}/0")
    with capture_logs() as said, opened(Settings.load()) as server:
        works(server)
    assert said == []


@pytest.mark.parametrize("credentials", ["", ":wrong@"])
def test_a_wrong_password_is_not_taken_for_a_server_that_is_away(locked: Running, credentials: str) -> None:
    server = at(f"redis://{credentials}{HOST}:{locked.port}")
    with pytest.raises(StoreError, match="let us in") as caught:
        server.call("PING")
    assert not isinstance(caught.value, StoreUnavailable)
    assert "password" in caught.value.advice
    server.close()


@pytest.fixture
def authority() -> trustme.CA:
    """A private certificate authority."""
    return trustme.CA()


@pytest.fixture
def encrypted(locked: Running, authority: trustme.CA) -> Iterator[str]:
    """The URL of the same server behind TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    with behind_tls(locked.port, context) as port:
        yield f"rediss://:{ENCODED}@{HOST}:{port}"


def test_tls_with_a_private_authority_named_in_the_url(encrypted: str, authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = at(f"{encrypted}?ssl_ca_certs={tmp_path}/ca.pem")
    works(server)
    server.close()


def test_a_certificate_of_a_stranger_is_not_believed(encrypted: str, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    for url in (encrypted, f"{encrypted}?ssl_ca_certs={tmp_path}/ca.pem"):
        server = at(url)
        with pytest.raises(StoreUnavailable, match=r"(?i)certificate") as caught:
            server.call("PING")
        assert "?ssl_ca_certs=FILE" in caught.value.advice
        server.close()


def test_a_certificate_for_another_host_is_not_believed(locked: Running, authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("redis.example").configure_cert(context)
    with behind_tls(locked.port, context) as port:
        server = at(f"rediss://:{ENCODED}@{HOST}:{port}?ssl_ca_certs={tmp_path}/ca.pem")
        with pytest.raises(StoreUnavailable, match=r"(?i)certificate"):
            server.call("PING")
        server.close()


@pytest.mark.parametrize("option", ["ssl_ca_cert=/ca.pem", "socket_timeout=long"])
def test_a_misspelt_option_in_the_url_is_a_wrong_setting(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"rediss://:hunter2@{HOST}:1?{option}")
    with pytest.raises(SettingsError) as caught, opened(Settings.load()):
        pass
    assert caught.value.problems[0].startswith("REDIS_URL: ")
    assert "hunter2" not in str(caught.value)


# --- which servers are trusted ----------------------------------------------------------------------------------


def findings(url: str, monkeypatch: pytest.MonkeyPatch) -> list[Checked]:
    monkeypatch.setenv("REDIS_URL", url)
    return list(_server(Settings.load()))


@pytest.mark.parametrize(
    ("lines", "grade", "reason"),
    [
        ([*DURABLE, "maxmemory 50mb", "maxmemory-policy allkeys-lru"], "bad", "set noeviction"),
        ([*DURABLE, "cluster-enabled yes"], "bad", "Sentinel"),
        ([], "warning", "set appendonly yes"),
        (["appendonly yes", "appendfsync everysec"], "warning", "set appendfsync always"),
    ],
)
def test_doctor_and_start_up_say_what_to_mend_in_a_server(
    lines: list[str], grade: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "odd", *lines) as odd:
        found = findings(odd.url, monkeypatch)
        assert [(one.grade, reason in one.what) for one in found if one.grade != "good"] == [(grade, True)]
        assert [one.grade for one in found].count("good") == (0 if grade == "bad" else 2)  # it answers; its format
        with capture_logs() as said, suppress(StoreUnsafe), opened(Settings.load()):
            assert grade == "warning", "it was let in"
        assert [one["log_level"] for one in said] == ["warning"] * (grade == "warning")


def test_a_replica_is_refused_and_its_primary_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        running(tmp_path / "primary", *DURABLE) as primary,
        running(tmp_path / "replica", *DURABLE, f"replicaof {HOST} {primary.port}") as replica,
    ):
        assert [one.grade for one in findings(replica.url, monkeypatch)] == ["bad"]
        until(lambda: bool(findings(primary.url, monkeypatch)[0].grade == "warning"))
        assert "min-replicas-to-write" in findings(primary.url, monkeypatch)[0].what
        server = at(primary.url)
        server.call("CONFIG", "SET", "min-replicas-to-write", 1)
        assert trust.examine(server) == ([], [])
        server.call("CONFIG", "SET", "min-replicas-to-write", 2)
        with pytest.raises(StoreUnavailable, match="misses replicas") as caught:
            server.call("SET", "key", "value")
        assert "disk" not in str(caught.value) + caught.value.advice
        server.close()


def test_a_server_without_config_is_not_blamed_for_it(tmp_path: Path) -> None:
    with running(tmp_path / "hosted", *DURABLE, "user default on nopass ~* &* +@all -config") as hosted:
        server = at(hosted.url)
        assert trust.examine(server) == ([], [])
        server.close()


# --- sentinels --------------------------------------------------------------------------------------------------


def rung(server: Server) -> list[str]:
    """What a worker does that is rung for once."""
    done: list[str] = []
    ring("match", connection=server.raw)
    queue = Queue(MATCH, connection=server.raw, serializer=JSONSerializer)
    bells = bell_class({"match": lambda: done.append("match")})
    SimpleWorker([queue], connection=server.raw, job_class=bells, serializer=JSONSerializer).work(
        burst=True, logging_level="ERROR"
    )
    return done


def test_after_a_failover_the_same_server_object_writes_to_the_new_primary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        running(tmp_path / "one", *DURABLE) as one,
        running(tmp_path / "two", *DURABLE, f"replicaof {HOST} {one.port}") as two,
        running(
            tmp_path / "sentinel",
            f"sentinel monitor press {HOST} {one.port} 1",
            "sentinel down-after-milliseconds press 200",
            "sentinel failover-timeout press 2000",
            sentinel=True,
        ) as sentinel,
    ):
        monkeypatch.setenv("REDIS_SENTINELS", f"{HOST}:1,{HOST}:{sentinel.port}")  # the first one does not answer
        monkeypatch.setenv("REDIS_SENTINEL_MASTER", "press")
        monkeypatch.setenv("REDIS_SENTINEL_REPLICAS", "0")  # of two servers one is left
        with connected(Settings.load()) as server:
            stores, before = Stores(server), Destination("terminal", "local", "before")
            kept = stores.channels.add(subscription(destination=before))
            assert rung(server) == ["match"]
            asked = at(sentinel.url)
            until(lambda: len(asked.call("SENTINEL", "REPLICAS", "press")) == 1)
            asked.close()
            until(lambda: server.call("WAIT", 1, 1000) == 1)
            one.kill()
            writes_again(stores)
            assert stores.channels.subscriptions(before) == (kept,)
            assert rung(server) == ["match"]
            works(server)
        new = at(two.url)
        assert new.call("ROLE")[0] == "master"
        assert Stores(new).channels.count() == 3
        new.close()


def test_what_no_replica_has_was_not_written(tmp_path: Path) -> None:
    with (
        running(tmp_path / "one", *DURABLE, "repl-diskless-sync-delay 0") as one,
        running(tmp_path / "two", *DURABLE, f"replicaof {HOST} {one.port}") as two,
    ):
        client = redis.Redis(HOST, one.port, decode_responses=True)
        until(lambda: bool(client.wait(1, 1000)))
        replicated = Replicated(client, 1, patience=10.0)
        assert replicated.run("return redis.call('SET', KEYS[1], ARGV[1])", ["a"], [1])
        assert replicated.together([["SET", "b", 2], ["HSET", "h", "x", "y"], ["HGETALL", "h"]]) == [
            True,
            1,
            {"x": "y"},
        ]
        with pytest.raises(redis.ResponseError, match="WRONGTYPE"):
            replicated.together([["SET", "b", 3], ["HGET", "b", "x"]])
        two.process.send_signal(signal.SIGSTOP)
        with pytest.raises(StoreUnavailable, match="0 of 1 replicas"):
            Replicated(client, 1, patience=0.5).call(["SET", "a", 2])
        client.close()


def writes_again(stores: Stores) -> int:
    """How often it took StoreUnavailable until a write was acknowledged."""
    after, failures = Destination("terminal", "local", "after"), 0
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            stores.channels.add(subscription(destination=after))
        except StoreUnavailable:
            failures += 1
        else:
            return failures
    pytest.fail("it never wrote again")


def test_a_primary_that_sentinels_name_is_opened_with_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        running(tmp_path / "one", *DURABLE, f'requirepass "{PASSWORD}"') as one,
        running(
            tmp_path / "sentinel",
            f"sentinel monitor press {HOST} {one.port} 1",
            f'sentinel auth-pass press "{PASSWORD}"',
            sentinel=True,
        ) as sentinel,
    ):
        monkeypatch.setenv("REDIS_SENTINELS", f"{HOST}:{sentinel.port}")
        monkeypatch.setenv("REDIS_SENTINEL_MASTER", "press")
        monkeypatch.setenv("REDIS_PASSWORD", PASSWORD)
        monkeypatch.setenv("REDIS_SENTINEL_REPLICAS", "0")
        with opened(Settings.load()) as server:
            works(server)


def test_sentinels_that_do_not_answer_or_do_not_know_the_primary_are_unavailable(tmp_path: Path) -> None:
    with running(tmp_path / "sentinel", sentinel=True) as sentinel:
        for address, primary in ((f"{HOST}:1", "mymaster"), (f"{HOST}:{sentinel.port}", "nobody")):
            server = Server(Sentinels((address,), primary))
            with pytest.raises(StoreUnavailable, match=primary) as caught:
                server.call("PING")
            assert "REDIS_SENTINELS" in caught.value.advice
            server.close()
