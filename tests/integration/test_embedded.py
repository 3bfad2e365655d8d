"""Embedded Valkey: what it acknowledged survives, one server a directory, and none outlives its owner."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil
import pytest

import cli
from cli.embedded import LONGEST_SOCKET_PATH, EmbeddedValkey, embedded
from papers.errors import StoreError, StoreUnavailable, StoreUnsafe
from papers.model import Destination
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import subscription

ROOT = Path(cli.__file__).parents[1]

OWNER = """
import sys, time
from pathlib import Path
from cli.embedded import EmbeddedValkey
valkey = EmbeddedValkey(Path(sys.argv[1]))
print("mine" if valkey.start() else "not mine", flush=True)
time.sleep(600)
"""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """One of this test's own, started."""
    own = EmbeddedValkey(tmp_path)
    assert own.start()
    yield own
    own.stop()


def process(valkey: EmbeddedValkey) -> psutil.Process:
    assert valkey._process is not None
    return psutil.Process(valkey._process.pid)


def kill(valkey: EmbeddedValkey) -> None:
    """As `kill -9`, and the machine has noticed."""
    running = process(valkey)
    running.kill()
    running.wait(5)


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def answers(valkey: EmbeddedValkey, *command: object) -> object:
    server = Server(valkey.url)
    try:
        return server.call(*command)
    finally:
        server.close()


def test_it_is_set_to_lose_nothing_and_to_evict_nothing(valkey: EmbeddedValkey) -> None:
    names = ("appendonly", "appendfsync", "maxmemory-policy", "save", "port")
    assert [answers(valkey, "CONFIG", "GET", name) for name in names] == [
        {"appendonly": "yes"},
        {"appendfsync": "always"},
        {"maxmemory-policy": "noeviction"},
        {"save": ""},
        {"port": "0"},
    ]


def test_the_directory_and_the_socket_are_the_users_alone(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    socket = Path(valkey.url.removeprefix("unix://"))
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "valkey").stat().st_mode) == 0o700


def test_every_acknowledged_write_survives_kill_9_of_the_server(valkey: EmbeddedValkey) -> None:
    server = Server(valkey.url)
    stores = Stores(server)
    acknowledged = []
    killer = threading.Timer(0.5, process(valkey).kill)
    killer.start()
    with suppress(StoreUnavailable):
        for number in count():
            channel = Destination("terminal", "local", f"c{number}")
            acknowledged.append(stores.channels.add(subscription(destination=channel)))
    killer.join()
    assert valkey.keep_alive()
    assert acknowledged
    for one in acknowledged:
        assert stores.channels.subscriptions(one.destination) == (one,)
    assert len(acknowledged) <= stores.channels.count() <= len(acknowledged) + 1
    server.close()


def test_a_clean_stop_loses_nothing(tmp_path: Path) -> None:
    for number in range(1, 4):
        with embedded(tmp_path) as url:
            server = Server(url)
            assert server.call("INCR", "n") == number
            server.close()


def test_a_second_start_attaches_and_the_directory_has_one_writer(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    second = EmbeddedValkey(tmp_path)
    assert second.start() is False
    assert second.url == valkey.url
    answers(second, "SET", "told by", "the second")
    assert answers(valkey, "GET", "told by") == "the second"
    second.stop()
    assert valkey.answers()


def test_a_directory_has_one_owner(tmp_path: Path) -> None:
    first, second = EmbeddedValkey(tmp_path), EmbeddedValkey(tmp_path)
    first.own()
    with pytest.raises(StoreUnsafe, match="another `paperboy up`"):
        second.own()
    first.stop()
    second.own()
    second.stop()


def test_an_owner_keeps_nobody_from_leaving_and_takes_over(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    owner = EmbeddedValkey(tmp_path)
    owner.own()
    answers(owner, "SET", "kept", "on disk")
    valkey.stop(hand_over=True)
    assert owner.keep_alive()
    assert answers(owner, "GET", "kept") == "on disk"
    owner.stop()


def test_a_one_shot_command_waits_for_the_others_on_its_server(tmp_path: Path) -> None:
    held, release = threading.Event(), threading.Event()

    def other() -> None:
        with embedded(tmp_path) as url:
            held.set()
            release.wait(10)
            server = Server(url)
            server.call("SET", "late", "but in time")
            server.close()

    with embedded(tmp_path):
        guest = threading.Thread(target=other)
        guest.start()
        assert held.wait(5)
        threading.Timer(0.3, release.set).start()
    guest.join(5)
    with embedded(tmp_path) as url:
        server = Server(url)
        assert server.call("GET", "late") == "but in time"
        server.close()


def test_commands_that_come_and_go_never_meet_a_server_that_is_leaving(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def visitor(number: int) -> None:
        time.sleep(number * 0.02)
        try:
            with embedded(tmp_path) as url:
                time.sleep(0.01 * (number % 5))
                server = Server(url)
                server.call("RPUSH", "visitors", number)
                server.close()
        except StoreError as error:
            failed.append(error)

    visitors = [threading.Thread(target=visitor, args=(number,)) for number in range(24)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join(30)
    assert failed == []
    with embedded(tmp_path) as url:
        server = Server(url)
        assert sorted(map(int, server.call("LRANGE", "visitors", 0, -1))) == list(range(24))
        server.close()


def test_a_server_that_died_is_started_again_with_its_data(valkey: EmbeddedValkey) -> None:
    answers(valkey, "SET", "n", 7)
    before = process(valkey).pid
    assert valkey.keep_alive()
    assert process(valkey).pid == before
    kill(valkey)
    assert valkey.keep_alive()
    assert process(valkey).pid != before
    assert answers(valkey, "GET", "n") == "7"


def test_a_server_that_somebody_else_started_again_will_do(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    answers(valkey, "SET", "n", 7)
    kill(valkey)
    faster = EmbeddedValkey(tmp_path)
    assert faster.start()
    assert valkey.keep_alive()
    assert answers(valkey, "GET", "n") == "7"
    faster.stop()
    assert valkey.keep_alive()
    assert answers(valkey, "GET", "n") == "7"


def test_a_server_whose_files_are_spoilt_is_not_kept_alive(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    answers(valkey, "SET", "n", 7)
    kill(valkey)
    for part in (tmp_path / "valkey" / "appendonlydir").glob("*.incr.aof"):
        part.write_bytes(b"not a command\r\n" * 5)
    assert valkey.keep_alive() is False
    with pytest.raises(StoreUnavailable, match="ended at its start") as caught:
        EmbeddedValkey(tmp_path).start()
    assert "valkey.log" in caught.value.advice


if sys.platform == "linux":  # elsewhere the kernel tells no child that its parent died

    def test_the_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
        owner = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert owner.stdout is not None
        assert owner.stdout.readline() == "mine\n"
        (server,) = psutil.Process(owner.pid).children()
        guest = EmbeddedValkey(tmp_path)
        assert guest.start() is False
        answers(guest, "SET", "n", 7)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        owner.stdout.close()
        until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
        assert guest.start() is True
        assert answers(guest, "GET", "n") == "7"
        guest.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own(tmp_path: Path) -> None:
    long = tmp_path / ("d" * 60) / ("e" * 60)
    other = tmp_path / ("d" * 60) / ("f" * 60)
    with embedded(long) as url:
        socket = Path(url.removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert EmbeddedValkey(other).url != url
        assert list((long / "valkey").glob("appendonlydir/*"))
    with embedded(long) as again:
        assert again == url


def test_stopping_twice_and_stopping_what_is_not_ours_ends_nothing(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    guest = EmbeddedValkey(tmp_path)
    guest.stop()
    guest.start()
    guest.stop(hand_over=True)
    guest.stop()
    assert valkey.answers()


def test_a_disk_that_is_nearly_full_refuses_writes_and_keeps_what_is_there_readable(tmp_path: Path) -> None:
    embedded_server = EmbeddedValkey(tmp_path)
    embedded_server.start()
    answers(embedded_server, "SET", "kept", "before")
    embedded_server._reserve = 1 << 60
    assert embedded_server.keep_alive()
    with pytest.raises(StoreUnsafe, match="disk is nearly full") as caught:
        answers(embedded_server, "SET", "kept", "after")
    assert "make room on the disk of PAPERBOY_DATA" in caught.value.advice
    assert answers(embedded_server, "GET", "kept") == "before"
    embedded_server._reserve = 0
    assert embedded_server.keep_alive()
    answers(embedded_server, "SET", "kept", "after")
    embedded_server.stop()
