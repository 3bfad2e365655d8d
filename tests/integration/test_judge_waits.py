"""How long a delivery of unknown fate is left alone before its absence from the platform's history proves anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import pytest

from bot.posting import Sender
from bot.verdict import Judge
from papers.errors import Unknown
from papers.model import Delivery, Paper, Receipt
from papers.stores.outbox import Verdict
from papers.wiring import Stores
from tests.builders import GENERAL
from tests.conftest import NOW
from tests.fakes.platform import Platform
from tests.integration.outboxes import claimed, delivery, put, time_passes

TIMEOUT, LOOK_AFTER = 10.0, 60.0
LEASE = 2 * TIMEOUT + LOOK_AFTER
FIRST = delivery(1).id


def patient(stores: Stores, platform: Platform, lease: float = LEASE) -> Judge:
    """A judge for a platform whose history is a minute late."""
    return Judge(stores.papers, platform, lease=lease, timeout=TIMEOUT, look_after=LOOK_AFTER)


def judged(stores: Stores, platform: Platform, ago: float) -> Verdict:
    """The verdict on a claim that was asked for so many seconds ago."""
    put(stores, delivery(1))
    return asyncio.run(patient(stores, platform).judge(claimed(stores), time.monotonic() - ago))


@pytest.mark.parametrize("trouble", [Unknown("the connection was closed"), ValueError("a defect of ours")], ids=repr)
def test_it_is_not_looked_for_before_the_history_shows_it_for_certain(stores: Stores, trouble: Exception) -> None:
    platform = Platform()
    put(stores, delivery(1))
    platform.will(trouble)
    sender = Sender("terminal", stores.outbox, stores.channels, patient(stores, platform))
    assert asyncio.run(sender.drain()) == 0
    time_passes(stores, LOOK_AFTER - 5)
    assert asyncio.run(sender.drain()) == 0
    assert platform.looked_for == []
    time_passes(stores, 6)
    assert asyncio.run(sender.drain()) == 1
    assert (platform.looked_for, platform.shows) == ([FIRST], [FIRST])


def test_a_post_that_begins_in_time_is_over_so_long_before_the_lease_is(stores: Stores) -> None:
    platform = Platform()
    assert judged(stores, platform, ago=LEASE - LOOK_AFTER - TIMEOUT - 1).state == "sent"
    assert platform.shows == [FIRST]


def test_a_post_that_would_begin_too_late_for_that_is_not_made(stores: Stores) -> None:
    platform = Platform()
    assert judged(stores, platform, ago=LEASE - LOOK_AFTER - TIMEOUT + 1).state == "unknown"
    assert platform.shows == []
    assert stores.outbox.history(GENERAL)[0].state == "sending"


class Waiting(Platform):
    """Has to ask something before it takes a message, and is stopped meanwhile for longer than a post may take."""

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        del papers, thread
        asyncio.get_running_loop().call_soon(time.sleep, 0.3)
        await asyncio.to_thread(time.sleep, 0.05)
        self.shows.append(delivery.id)
        return Receipt("m1", NOW)


def test_a_process_that_was_stopped_does_not_post_when_it_goes_on(stores: Stores) -> None:
    platform = Waiting()
    put(stores, delivery(1))
    judge = Judge(stores.papers, platform, timeout=0.1)
    assert asyncio.run(judge.judge(claimed(stores), time.monotonic())).state == "unknown"
    assert platform.shows == []


def test_a_lease_that_leaves_no_room_for_it_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="too short"):
        patient(stores, Platform(), lease=LEASE - 1)
