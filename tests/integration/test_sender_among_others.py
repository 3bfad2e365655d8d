"""The outbox's sender among others: many channels, several senders, a server that goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import posting
from bot.posting import Sender
from bot.verdict import Judge
from cli.embedded import EmbeddedValkey
from papers.model import Destination
from papers.stores.outbox import Pace
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL
from tests.fakes.platform import Platform
from tests.integration.outboxes import delivery, put

RANDOM = Destination("terminal", "local", "random")
FIRST, SECOND = delivery(1).id, delivery(2).id


@pytest.fixture
def platform() -> Platform:
    return Platform()


def sender(stores: Stores, platform: Platform, *paces: Pace, timeout: float = 5.0) -> Sender:
    judge = Judge(stores.papers, platform, timeout=timeout)
    return Sender("terminal", stores.outbox, stores.channels, judge, lambda _: paces)


def test_one_message_is_in_flight_a_channel_and_channels_do_not_wait_for_each_other(
    stores: Stores, platform: Platform
) -> None:
    put(stores, *(delivery(number) for number in range(1, 6)))
    put(stores, *(delivery(number, where=RANDOM) for number in range(1, 6)))

    async def two_senders() -> None:
        await asyncio.gather(*(sender(stores, platform).drain() for _ in range(2)))

    asyncio.run(two_senders())
    assert platform.most_at_once == 1
    assert sorted(platform.shows) == sorted([delivery(number).id for number in range(1, 6)] * 2)


def test_a_hanging_channel_does_not_hold_up_another(stores: Stores, platform: Platform) -> None:
    put(stores, delivery(1))
    put(stores, delivery(2, where=RANDOM))
    platform.will("hangs")
    assert asyncio.run(sender(stores, platform, timeout=0.3).drain()) == 1
    assert len(platform.shows) == 1


def test_a_platforms_pace_is_kept_by_all_its_senders_together(stores: Stores, platform: Platform) -> None:
    interval = 0.2
    pace = Pace("terminal", interval, everywhere=True)
    for where in (GENERAL, RANDOM):
        put(stores, delivery(1, where=where), delivery(2, where=where))

    async def two_senders() -> None:
        await asyncio.gather(*(sender(stores, platform, pace).drain() for _ in range(2)))

    began = time.monotonic()
    asyncio.run(two_senders())
    assert len(platform.shows) == 4
    assert time.monotonic() - began >= 3 * interval


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A server of this test's own, to be killed."""
    embedded = EmbeddedValkey(tmp_path)
    embedded.start()
    yield embedded
    embedded.stop()


def test_a_server_that_goes_away_is_waited_for_and_sending_resumes(
    mortal: EmbeddedValkey, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "AWAY", 0.2)
    server = Server(mortal.url)
    stores = Stores(server)
    put(stores, delivery(1))

    async def scene() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(sender(stores, platform).run(stop))
        await until(lambda: stores.outbox.by_state(GENERAL) == {"sent": 1})
        assert mortal._process is not None
        mortal._process.kill()
        await asyncio.sleep(0.6)
        assert not running.done()
        assert mortal.keep_alive()  # from this thread: the server would end with another
        await asyncio.to_thread(put, stores, delivery(2))
        await until(lambda: platform.shows == [FIRST, SECOND])
        stop.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(scene())
    assert stores.outbox.by_state(GENERAL) == {"sent": 2}
    server.close()


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.02)
