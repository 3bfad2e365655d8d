"""The crash test's own parts: the platform does what the weather says, and its poster draws the right conclusion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.model import Delivery, Receipt
from tests.builders import paper
from tests.chaos.chat import Fault
from tests.chaos.crew import Chat
from tests.chaos.ledger import Taken, percentile, read, recoveries, tally
from tests.chaos.poster import ChatPoster
from tests.chaos.sender_role import where
from tests.integration.outboxes import delivery

ONE = delivery(1, "2603.00001", where=where("C1"))
TIMEOUT = 0.5

Ask = Callable[[ChatPoster], Coroutine[Any, Any, Receipt | None]]


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    running = Chat(tmp_path)
    yield running
    running.end()


def asked(url: str, ask: Ask) -> Receipt | DeliveryError | None:
    """What one question to the platform comes to."""

    async def go() -> Receipt | DeliveryError | None:
        async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
            try:
                return await ask(ChatPoster(client))
            except DeliveryError as error:
                return error

    return asyncio.run(go())


def post(chat: Chat, what: Delivery = ONE, thread: str | None = None) -> Receipt | DeliveryError | None:
    papers = {"2603.00001": paper(1)}
    return asked(chat.url, lambda poster: poster.post(what, papers, thread))


def find(chat: Chat, what: Delivery = ONE) -> Receipt | DeliveryError | None:
    return asked(chat.url, lambda poster: poster.find(what, None))


def test_a_message_that_is_taken_has_a_receipt_and_is_found_by_its_delivery(chat: Chat) -> None:
    assert find(chat) is None
    receipt = post(chat)
    assert isinstance(receipt, Receipt)
    found = find(chat)
    assert isinstance(found, Receipt)
    assert found.message_id == receipt.message_id
    assert [(one.delivery, one.papers) for one in read(chat.ledger)] == [(ONE.id, ("2603.00001",))]


@pytest.mark.parametrize(
    ("fault", "taken"),
    [("hang up before", 0), ("500 before", 0), ("hang up after", 1), ("500 after", 1), ("slow", 1)],
)
def test_whatever_goes_wrong_on_the_way_back_its_fate_is_unknown(chat: Chat, fault: Fault, taken: int) -> None:
    chat.weather({fault: 1.0}, slow=3 * TIMEOUT)
    assert isinstance(post(chat), Unknown)
    assert len(read(chat.ledger)) == taken
    assert isinstance(find(chat), Unknown)
    chat.weather()
    assert isinstance(find(chat), Receipt) is bool(taken)


def test_a_platform_that_is_not_there_was_told_nothing(chat: Chat) -> None:
    chat.end()
    assert isinstance(post(chat), RetryAfter)
    assert isinstance(find(chat), RetryAfter)


def test_limits_are_kept_to_the_second_and_say_how_long_to_wait(chat: Chat) -> None:
    chat.weather(per_channel=30.0)
    assert isinstance(post(chat), Receipt)
    limited = post(chat)
    assert isinstance(limited, RetryAfter)
    assert 25 < limited.seconds <= 30
    assert isinstance(post(chat, delivery(2, where=where("C2"))), Receipt)
    chat.weather(per_second=2)
    told = [post(chat, delivery(number, where=where("C3"))) for number in range(3, 11)]
    assert any(isinstance(one, RetryAfter) and 0 < one.seconds <= 1 for one in told)
    assert chat.counts()["429"] >= 2


def test_what_is_refused_is_refused_for_good_and_a_closed_channel_altogether(chat: Chat) -> None:
    chat.weather(poison="graphs", closed=["C2"])
    poisoned, closed = post(chat), post(chat, delivery(2, where=where("C2")))
    lost_thread = post(chat, delivery(3, where=where("C3")), thread="m99")
    assert isinstance(poisoned, Rejected)
    assert not poisoned.suspends
    assert isinstance(closed, Rejected)
    assert closed.suspends
    assert isinstance(lost_thread, Rejected)
    assert read(chat.ledger) == []


def test_the_tally_counts_what_is_lost_what_is_doubled_and_what_nobody_wanted() -> None:
    def taken(delivered: str, *papers: str) -> Taken:
        return Taken("C1", delivered, papers, None, 0.0)

    counted = tally({("C1", "a"), ("C1", "b"), ("C2", "a")}, [taken("1", "a"), taken("2", "a", "c"), taken("2")])
    assert counted.lost == {("C1", "b"), ("C2", "a")}
    assert counted.doubled == {("C1", "a"), ("C1", "2")}
    assert counted.strays == {("C1", "c")}
    assert (counted.deliveries, counted.pairs, counted.is_exact) == (2, 2, False)
    assert tally({("C1", "a")}, [taken("1", "a"), taken("2")]).is_exact


def test_a_recovery_is_measured_to_the_next_message_and_ranked() -> None:
    messages = [Taken("C1", "1", (), None, at) for at in (10.0, 12.0, 20.0)]
    assert recoveries([9.0, 12.0, 15.0, 21.0], messages) == [1.0, 8.0, 5.0]
    assert (percentile([3.0, 1.0, 2.0], 0.5), percentile([*map(float, range(1, 101))], 0.99)) == (2.0, 99.0)
    assert percentile([], 0.99) == 0.0
