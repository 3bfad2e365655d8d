"""A loop that hangs is seen by whoever probes the role; a server that is away is no hanging loop."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from bot.posting import HANGS, Sender
from bot.verdict import Judge
from cli.health import Health
from papers.courtesy import courtesy
from papers.model import Destination, Platform
from papers.pulse import Pulse
from papers.settings import Settings
from papers.stores.outbox import Outbox
from papers.stores.server import Server
from papers.wiring import Stores
from tests.fakes.platform import Platform as FakePlatform
from tests.integration.servers import until
from workers import poller, sweep
from workers.bells import Bells, ring
from workers.fetch import Poll
from workers.poller import Poller
from workers.wiring import HANGS as WORKER_HANGS
from workers.wiring import Workshop


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Freezer:
    """Something that a loop calls each time round, and that hangs from `freeze` until `thaw`."""

    def __init__(self) -> None:
        self._may = threading.Event()
        self._may.set()
        self.stuck = threading.Event()

    def freeze(self) -> None:
        self._may.clear()
        assert self.stuck.wait(10)

    def thaw(self) -> None:
        self._may.set()

    def __call__(self) -> None:
        if not self._may.is_set():
            self.stuck.set()
            self._may.wait()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def freezer() -> Freezer:
    return Freezer()


@pytest.fixture
def pulse(clock: Clock) -> Pulse:
    return Pulse(clock)


@pytest.fixture
def health(server: Server, pulse: Pulse) -> Health:
    return Health("bot terminal", Settings(), server, pulse)


def answered(health: Health, path: str) -> tuple[int, Any]:
    """A probe's status, and what it says."""
    status, body, kind = health(path)
    assert kind == "application/json"
    return status, json.loads(body)


def notices(health: Health, clock: Clock, freezer: Freezer, loop: str, seconds: float) -> None:
    """Freeze the loop: both probes say so, once it has been still for longer than it may; and not any more after."""
    assert health("/readyz")[0] == HTTPStatus.OK
    freezer.freeze()
    clock.now += seconds
    assert health("/healthz")[0] == HTTPStatus.OK
    clock.now += 1
    reasons = [f"the {loop} has not moved for {seconds + 1:.0f} s"]
    assert answered(health, "/healthz") == (503, {"alive": False, "reasons": reasons})
    assert answered(health, "/readyz") == (503, {"ready": False, "reasons": reasons})
    freezer.thaw()
    until(lambda: health("/readyz")[0] == HTTPStatus.OK)


def test_a_sender_that_hangs_is_noticed(
    stores: Stores, health: Health, pulse: Pulse, clock: Clock, freezer: Freezer
) -> None:
    class Frozen(Outbox):
        def ready(self, platform: Platform, limit: int = 100) -> list[Destination]:
            freezer()
            return super().ready(platform, limit)

    judge = Judge(stores.papers, FakePlatform())
    outbox = Frozen(stores.server)
    sender = Sender("terminal", outbox, stores.channels, judge, beat=pulse.expect("sender", HANGS))

    async def send() -> None:
        stop = asyncio.Event()
        sending = asyncio.create_task(sender.run(stop))
        try:
            await asyncio.to_thread(notices, health, clock, freezer, "sender", HANGS)
        finally:
            freezer.thaw()
            stop.set()
            await sending

    asyncio.run(send())


def test_a_sweeper_that_hangs_is_noticed(
    server: Server, health: Health, pulse: Pulse, clock: Clock, freezer: Freezer
) -> None:
    sweeper = Workshop(Settings(), server).sweeper()
    sweeper.beat = pulse.expect("sweeper", sweep.HANGS)
    told = sweeper.clock

    def slow() -> datetime:
        freezer()
        return told()

    sweeper.clock = slow
    stop = threading.Event()
    running = threading.Thread(target=sweeper.run, args=(stop,))
    running.start()
    try:
        notices(health, clock, freezer, "sweeper", sweep.HANGS)
    finally:
        freezer.thaw()
        stop.set()
        running.join()


def test_a_poller_that_hangs_is_noticed(
    stores: Stores, health: Health, pulse: Pulse, clock: Clock, freezer: Freezer
) -> None:
    def due() -> list[str]:
        freezer()
        return []

    looks = Poller(
        due,
        lambda name, _: Poll(name),
        courtesy,
        stores.hosts,
        lambda names: names,
        beat=pulse.expect("poller", poller.HANGS),
    )
    waking = threading.Event()

    def wake() -> None:
        while not waking.wait(0.02):
            looks.wake()

    bell = threading.Thread(target=wake)
    with looks.running():
        bell.start()
        try:
            notices(health, clock, freezer, "poller", poller.HANGS)
        finally:
            freezer.thaw()
            waking.set()
            bell.join()


def test_a_worker_whose_job_hangs_is_noticed(server: Server, tmp_path: Path, clock: Clock) -> None:
    seen: list[tuple[HTTPStatus, bytes, str]] = []

    class Stuck(Workshop):
        @property
        def bells(self) -> Bells:
            return {"plan": self._hang}

        def _hang(self) -> None:
            clock.now += WORKER_HANGS + 1
            seen.append(health("/healthz"))

    workshop = Stuck(Settings(paperboy_data=tmp_path), server)
    workshop.core.pulse = Pulse(clock)
    health = Health("worker match", workshop.core.settings, server, workshop.core.pulse)
    ring("plan", connection=server.raw)
    workshop.match_worker().work(burst=True, logging_level="WARNING")
    assert [(status, b"the worker has not moved" in said) for status, said, _ in seen] == [(503, True)]
    assert health("/healthz")[0] == HTTPStatus.OK


def test_a_server_that_is_away_makes_a_role_unready_but_not_dead(pulse: Pulse) -> None:
    away = Server("unix:///nowhere")
    health = Health("web", Settings(), away, pulse)
    assert health("/healthz")[0] == HTTPStatus.OK
    assert answered(health, "/readyz") == (503, {"ready": False, "reasons": ["the server does not answer"]})
    assert b"paperboy_server_up 0.0" in health("/metrics")[1]
    away.close()


def test_a_server_that_refuses_writes_makes_a_role_unready_for_its_reason(server: Server, pulse: Pulse) -> None:
    health = Health("web", Settings(), server, pulse)
    server.call("CONFIG", "SET", "min-replicas-to-write", 1)  # as `cli.embedded` does while the disk is nearly full
    try:
        reason = "the disk is nearly full, and the server refuses to write"
        assert answered(health, "/readyz") == (503, {"ready": False, "reasons": [reason]})
        assert health("/healthz")[0] == HTTPStatus.OK
    finally:
        server.call("CONFIG", "SET", "min-replicas-to-write", 0)
    assert answered(health, "/readyz") == (200, {"ready": True, "reasons": []})
    server.call("CONFIG", "SET", "maxmemory", 1)
    try:
        (reason,) = answered(health, "/readyz")[1]["reasons"]
        assert "refuses to write" in reason
    finally:
        server.call("CONFIG", "SET", "maxmemory", 0)
    assert server.call("DBSIZE") == 0  # asking leaves nothing behind
