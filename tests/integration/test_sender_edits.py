"""Edits, as the sender makes them: again if need be, never as a message, never at the cost of the channel's posts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.posting import Sender
from bot.verdict import EDIT_TRIES, Judge
from papers.errors import Rejected, RetryAfter, Unknown
from papers.model import Delivery, Paper, Receipt
from papers.revising import Riser, edits
from papers.stores import keys
from papers.stores.outbox import Claim
from papers.wiring import Stores
from tests.builders import GENERAL, paper, store
from tests.conftest import NOW
from tests.fakes.platform import Answer, Platform
from tests.integration.outboxes import delivery, put, replies, time_passes

ONE = paper(1).id
FIRST = delivery(1, ONE)
MESSAGE = f"message of {FIRST.id}"


class Bench:
    """A sender of terminal channels, to a platform that was sent one message, with one paper."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.platform = Platform()
        self.sender = Sender("terminal", stores.outbox, stores.channels, Judge(stores.papers, self.platform))
        store(stores.papers, paper(1))
        put(stores, FIRST)
        assert self.send() == 1

    def rises(self, upvotes: int = 20, *messages: Delivery) -> None:
        """The paper does, and an edit is put for each message that shows it."""
        store(self.stores.papers, paper(1, upvotes=upvotes))
        later = datetime.now(UTC) + timedelta(seconds=1)
        shown = self.stores.edits.showing([Riser(ONE, f"{upvotes}↑", later)])
        assert self.stores.edits.put(edits(shown, NOW)) == len(messages or (FIRST,))

    def send(self) -> int:
        """All that may be sent now; how many messages."""
        return asyncio.run(self.sender.drain())

    def state(self) -> str:
        """Of the first message's last edit."""
        edit = self.stores.server.call("HGET", keys.delivery(GENERAL, FIRST.id), "edit")
        return str(self.stores.server.call("HGET", keys.delivery(GENERAL, edit), "state"))


@pytest.fixture
def bench(stores: Stores) -> Bench:
    return Bench(stores)


def test_a_message_is_shown_anew_with_its_papers_as_they_are_now(bench: Bench) -> None:
    bench.rises(20)
    assert bench.send() == 0  # an edit is no message
    assert bench.platform.edited == [(FIRST.id, MESSAGE, None)]
    assert bench.platform.papers[FIRST.id][ONE].upvotes == 20
    assert (bench.platform.shows, bench.state()) == ([FIRST.id], "sent")
    assert bench.stores.outbox.history(GENERAL)[0].edited


def test_a_reply_is_edited_in_its_thread(bench: Bench) -> None:
    (reply,) = replies(FIRST, 1)
    brings = delivery(3, ONE, kind="more", parent=FIRST.id)
    put(bench.stores, reply, brings)
    bench.send()
    bench.rises(20, FIRST, brings)
    bench.send()
    assert set(bench.platform.edited) == {
        (FIRST.id, MESSAGE, None),
        (brings.id, f"message of {brings.id}", MESSAGE),
    }


@pytest.mark.parametrize("answer", ["takes it and hangs up", "hangs up", Unknown("503"), ValueError("broken")])
def test_an_edit_of_unknown_fate_is_made_again_and_nothing_is_looked_for_or_posted(
    bench: Bench, answer: Answer
) -> None:
    bench.rises()
    bench.platform.will(answer)
    bench.send()
    assert bench.state() == "unknown"
    time_passes(bench.stores, 100)
    bench.send()
    assert bench.state() == "sent"
    assert bench.platform.edited[-1] == (FIRST.id, MESSAGE, None)
    assert (bench.platform.shows, bench.platform.looked_for) == ([FIRST.id], [])


def test_an_edit_whose_sender_died_is_made_again(bench: Bench) -> None:
    bench.rises()
    assert isinstance(bench.stores.outbox.claim(GENERAL, 60), Claim)
    time_passes(bench.stores, 61)
    bench.send()
    assert (bench.platform.shows, bench.platform.looked_for) == ([FIRST.id], [])
    assert bench.platform.edited == [(FIRST.id, MESSAGE, None)]


@pytest.mark.parametrize("refusal", [Rejected("the message was deleted"), Rejected("archived", suspends=True)])
def test_an_edit_that_is_refused_is_dead_in_silence_and_closes_nothing(bench: Bench, refusal: Rejected) -> None:
    bench.rises()
    bench.platform.will(refusal)
    bench.send()
    assert bench.state() == "dead"
    assert bench.stores.outbox.suspended(GENERAL) is None
    (record,) = bench.stores.outbox.history(GENERAL)
    assert (record.state, record.edited, record.detail) == ("sent", None, "")
    put(bench.stores, delivery(2))
    assert bench.send() == 1


def test_an_edit_that_is_asked_to_wait_holds_nothing_else_up(bench: Bench) -> None:
    bench.rises()
    bench.platform.will(RetryAfter(1000, "message"))
    bench.send()
    assert bench.state() == "pending"
    assert bench.stores.server.call("KEYS", keys.pace("*")) == []
    put(bench.stores, delivery(2))
    assert bench.send() == 1
    time_passes(bench.stores, 1001)
    bench.send()
    assert bench.state() == "sent"


def test_an_edit_that_fails_for_ever_is_given_up(bench: Bench) -> None:
    bench.rises()
    bench.platform.will(*[Unknown("503")] * (EDIT_TRIES + 5))
    for _ in range(EDIT_TRIES):
        bench.send()
        assert bench.state() == "unknown"
        time_passes(bench.stores, 100)
    bench.send()
    assert bench.state() == "dead"
    assert bench.platform.shows == [FIRST.id]


def test_a_message_that_said_that_it_was_late_goes_on_saying_so(stores: Stores) -> None:
    platform = Notes()
    sender = Sender("terminal", stores.outbox, stores.channels, Judge(stores.papers, platform))
    put(stores, FIRST)  # due long ago
    asyncio.run(sender.drain())
    later = datetime.now(UTC) + timedelta(seconds=1)
    stores.edits.put(edits(stores.edits.showing([Riser(ONE, "16↑", later)]), NOW))
    asyncio.run(sender.drain())
    posted, edited = platform.notes
    assert posted
    assert edited == posted


class Notes(Platform):
    """Remembers what each message noted beside its heading."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str | None] = []

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        self.notes.append(delivery.heading.note)
        return await super().post(delivery, papers, thread)

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        self.notes.append(delivery.heading.note)
        await super().edit(delivery, papers, message, thread)
