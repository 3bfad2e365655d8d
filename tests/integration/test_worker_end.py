"""A worker that ends while its server is away, or refuses to write, ends like any other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from cli.embedded import EmbeddedValkey
from papers.stores.server import Server
from workers.worker import Threadable

SAID = "a worker ended without the server's knowing"


class Ending(Threadable):
    """Is asked to stop as soon as it begins, when `trouble` has come."""

    trouble: Callable[[], object] = staticmethod(lambda: None)

    def check_for_suspension(self, *_: object) -> None:
        self.trouble()
        self._stop_requested = True


def worker(server: Server) -> Ending:
    queue = Queue("bells", connection=server.raw, serializer=JSONSerializer)
    made = Ending([queue], connection=server.raw, serializer=JSONSerializer)
    made.last_cleaned_at = None
    return made


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> list[threading.ExceptHookArgs]:
    """What threads died of."""
    found: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", found.append)
    return found


def test_a_worker_whose_server_goes_away_as_it_stops_ends_with_a_line(
    tmp_path: Path, crashes: list[threading.ExceptHookArgs]
) -> None:
    valkey = EmbeddedValkey(tmp_path)
    valkey.start()
    server = Server(valkey.url)
    ending = worker(server)
    ending.trouble = valkey.stop
    with capture_logs() as said:
        ending.work(logging_level="ERROR")
    server.close()
    thread: Any = ending.pubsub_thread
    assert [(one["event"], one["log_level"]) for one in said] == [(SAID, "info")]
    assert thread is not None
    thread.join(10)
    assert not thread.is_alive()
    assert crashes == []


def test_so_does_one_whose_server_refuses_to_write(server: Server) -> None:
    ending = worker(server)
    ending.trouble = lambda: server.call("CONFIG", "SET", "min-replicas-to-write", "1")
    try:
        with capture_logs() as said:
            ending.work(logging_level="ERROR")
    finally:
        server.call("CONFIG", "SET", "min-replicas-to-write", "0")
    assert [one["event"] for one in said] == [SAID]
    assert "NOREPLICAS" in said[0]["error"]


def test_what_is_no_trouble_of_the_servers_is_still_raised(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Threadable) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Threadable, "register_death", broken)
    with pytest.raises(ZeroDivisionError):
        worker(server).work(logging_level="ERROR")
