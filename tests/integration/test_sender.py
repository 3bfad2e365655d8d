"""The outbox's sender against a platform that answers what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import pytest

from bot import posting
from bot.posting import Sender
from cli.embedded import EmbeddedValkey
from papers.errors import Rejected, RetryAfter, Unknown
from papers.model import Delivery, Destination, Paper, Receipt
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, paper, store
from tests.conftest import NOW
from tests.integration.outboxes import delivery, put, replies, time_passes

Answer = Literal["takes it", "takes it and hangs up", "hangs up", "hangs"] | Exception

RANDOM = Destination("terminal", "local", "random")
FIRST, SECOND = delivery(1).id, delivery(2).id


class Platform:
    """A chat platform. It takes every message, unless it was told to answer otherwise first.

    Attributes:
        shows: ids of the deliveries in its channels, in the order it took them.
        looked_for: ids that `find` was asked for.
        threads: the thread that each delivery was posted in.
        most_at_once: posts that were under way in one channel at the same time.
    """

    def __init__(self) -> None:
        self.shows: list[str] = []
        self.looked_for: list[str] = []
        self.threads: dict[str, str | None] = {}
        self.papers: dict[str, Mapping[str, Paper]] = {}
        self.most_at_once = 0
        self._under_way: dict[Destination, int] = {}
        self._answers: list[Answer] = []
        self._finds: list[Exception] = []

    def will(self, *answers: Answer) -> None:
        """Answer the next posts like this."""
        self._answers += answers

    def will_not_look(self, *answers: Exception) -> None:
        """Answer the next searches like this."""
        self._finds += answers

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """A `papers.ports.Poster`'s."""
        where = delivery.destination
        self._under_way[where] = self._under_way.get(where, 0) + 1
        self.most_at_once = max(self.most_at_once, self._under_way[where])
        try:
            await asyncio.sleep(0.005)
            return await self._taken(delivery, papers, thread)
        finally:
            self._under_way[where] -= 1

    async def _taken(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        answer = self._answers.pop(0) if self._answers else "takes it"
        if isinstance(answer, Exception):
            raise answer
        if answer == "hangs":
            await asyncio.sleep(3600)
        if answer == "hangs up":
            raise Unknown("the connection was closed")
        self.shows.append(delivery.id)
        self.threads[delivery.id], self.papers[delivery.id] = thread, papers
        if answer == "takes it and hangs up":
            raise Unknown("the connection was closed")
        return Receipt(f"message of {delivery.id}", NOW)

    async def find(self, delivery: Delivery) -> Receipt | None:
        """A `papers.ports.Poster`'s."""
        self.looked_for.append(delivery.id)
        if self._finds:
            raise self._finds.pop(0)
        return Receipt(f"message of {delivery.id}", NOW) if delivery.id in self.shows else None


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def send(stores: Stores, platform: Platform) -> Callable[[], int]:
    """Send what may be sent now; how many messages that was."""
    return lambda: asyncio.run(sender(stores, platform).drain())


def sender(stores: Stores, platform: Platform) -> Sender:
    return Sender("terminal", stores.outbox, stores.papers, platform)


def told(stores: Stores, where: Destination = GENERAL) -> list[tuple[str, str]]:
    """(state, detail) of a channel's deliveries, oldest first."""
    return [(record.state, record.detail) for record in reversed(stores.outbox.history(where))]


def states(stores: Stores) -> list[str]:
    return [state for state, _ in told(stores)]


Send = Callable[[], int]


def test_a_receipt_makes_it_sent_and_is_kept(stores: Stores, platform: Platform, send: Send) -> None:
    put(stores, delivery(1))
    assert send() == 1
    (record,) = stores.outbox.history(GENERAL)
    assert (record.state, record.message) == ("sent", f"message of {FIRST}")
    assert send() == 0
    assert platform.shows == [FIRST]


def test_a_message_gets_the_papers_that_it_brings_and_shows(stores: Stores, platform: Platform, send: Send) -> None:
    store(stores.papers, paper(1), paper(2), paper(3))
    put(stores, delivery(1, "2603.00001", "2603.00009", abstracts=("2603.00002",)))
    send()
    assert set(platform.papers[FIRST]) == {"2603.00001", "2603.00002"}


def test_a_platform_that_asks_to_wait_is_left_alone_so_long(stores: Stores, platform: Platform, send: Send) -> None:
    put(stores, delivery(1))
    platform.will(RetryAfter(100))
    assert send() == 0
    assert told(stores) == [("pending", "asked to wait 100 s")]
    time_passes(stores, 95)
    assert send() == 0
    time_passes(stores, 6)
    assert send() == 1
    assert (platform.shows, platform.looked_for) == ([FIRST], [])


def test_what_a_platform_refuses_is_dead_and_does_not_block_the_next(
    stores: Stores, platform: Platform, send: Send
) -> None:
    put(stores, delivery(1), delivery(2))
    platform.will(Rejected("the message is too long"))
    assert send() == 1
    assert told(stores) == [("dead", "the message is too long"), ("sent", "")]
    time_passes(stores, 1e6)
    assert send() == 0
    assert platform.shows == [SECOND]


def test_what_was_taken_unheard_is_found_and_never_posted_twice(stores: Stores, platform: Platform, send: Send) -> None:
    put(stores, delivery(1))
    platform.will("takes it and hangs up")
    assert send() == 0
    assert told(stores) == [("unknown", "the connection was closed")]
    time_passes(stores, 60)
    assert send() == 1
    assert (platform.shows, platform.looked_for) == ([FIRST], [FIRST])
    assert stores.outbox.history(GENERAL)[0].message == f"message of {FIRST}"


def test_what_was_not_taken_is_looked_for_before_it_is_posted_again(
    stores: Stores, platform: Platform, send: Send
) -> None:
    put(stores, delivery(1))
    platform.will("hangs up", "hangs up")
    for _ in range(3):
        send()
        time_passes(stores, 60)
    assert (platform.looked_for, platform.shows) == ([FIRST, FIRST], [FIRST])
    assert states(stores) == ["sent"]


@pytest.mark.parametrize(
    "trouble", [RetryAfter(1), Rejected("no history scope"), Unknown("away"), ValueError("broken")]
)
def test_as_long_as_it_cannot_be_looked_for_it_is_not_posted_again(
    stores: Stores, platform: Platform, send: Send, trouble: Exception
) -> None:
    put(stores, delivery(1))
    platform.will("takes it and hangs up")
    platform.will_not_look(trouble, trouble)
    for _ in range(3):
        send()
        assert states(stores) == ["unknown"]
        time_passes(stores, 60)
    send()
    assert (platform.shows, states(stores)) == ([FIRST], ["sent"])


def test_a_poster_that_breaks_may_have_posted(stores: Stores, platform: Platform, send: Send) -> None:
    put(stores, delivery(1), delivery(2))
    platform.will(ZeroDivisionError("a defect of ours"))
    assert send() == 1
    assert told(stores)[0] == ("unknown", "ZeroDivisionError('a defect of ours')")
    time_passes(stores, 60)
    send()
    assert (platform.shows, platform.looked_for) == ([SECOND, FIRST], [FIRST])


def test_a_platform_that_does_not_answer_is_given_up_within_the_lease(
    stores: Stores, platform: Platform, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert posting.POST_TIMEOUT < posting.LEASE / 1.5
    monkeypatch.setattr(posting, "POST_TIMEOUT", 0.1)
    put(stores, delivery(1), delivery(2))
    platform.will("hangs")
    assert send() == 1
    assert told(stores) == [("unknown", "no answer in time"), ("sent", "")]
    time_passes(stores, 60)
    send()
    assert platform.shows == [SECOND, FIRST]


def test_a_sender_that_died_while_posting_leaves_an_unknown_that_is_looked_for(
    stores: Stores, platform: Platform, send: Send
) -> None:
    put(stores, delivery(1))
    claim = stores.outbox.claim(GENERAL, posting.LEASE)
    assert claim is not None
    asyncio.run(platform.post(claim.delivery, {}, None))  # and then kill -9
    assert send() == 0
    time_passes(stores, posting.LEASE + 1)
    assert send() == 1
    assert (platform.shows, platform.looked_for) == ([FIRST], [FIRST])


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


def test_a_hanging_channel_does_not_hold_up_another(
    stores: Stores, platform: Platform, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "POST_TIMEOUT", 0.3)
    put(stores, delivery(1))
    put(stores, delivery(2, where=RANDOM))
    platform.will("hangs")
    assert send() == 1
    assert len(platform.shows) == 1


def test_a_thread_is_posted_below_its_headline_in_order(stores: Stores, platform: Platform, send: Send) -> None:
    head = delivery(1)
    planned = [head, *replies(head, 3)]
    put(stores, *planned)
    assert send() == 4
    assert platform.shows == [one.id for one in planned]
    assert [platform.threads[one.id] for one in planned] == [None, *[f"message of {FIRST}"] * 3]


def test_another_platforms_deliveries_are_not_touched(stores: Stores, platform: Platform, send: Send) -> None:
    elsewhere = Destination("slack", "T1", "C1")
    put(stores, delivery(1, where=elsewhere))
    assert send() == 0
    assert told(stores, elsewhere) == [("pending", "")]
    assert platform.shows == []


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
        await until(lambda: platform.shows == [FIRST])
        assert mortal._process is not None
        mortal._process.kill()
        await asyncio.sleep(0.6)
        assert not running.done()
        assert await asyncio.to_thread(mortal.keep_alive)
        await asyncio.to_thread(put, stores, delivery(2))
        await until(lambda: platform.shows == [FIRST, SECOND])
        stop.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(scene())
    assert states(stores)[-1] == "sent"
    server.close()


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.02)
