"""The outbox's sender against a platform that answers what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.posting import Sender
from bot.verdict import LEASE, POST_TIMEOUT, Judge
from papers.errors import Rejected, RetryAfter, Unknown, Unverifiable
from papers.model import Destination
from papers.stores.outbox import Verdict
from papers.wiring import Stores
from tests.builders import GENERAL, paper, store, subscription
from tests.conftest import NOW
from tests.fakes.platform import Platform
from tests.integration.outboxes import claimed, delivery, put, replies, time_passes

ADA = Destination("terminal", "local", "@ada")
FIRST, SECOND = delivery(1).id, delivery(2).id


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def send(stores: Stores, platform: Platform) -> Callable[[], int]:
    """Send what may be sent now; how many messages that was."""
    return lambda: asyncio.run(sender(stores, platform).drain())


def sender(stores: Stores, platform: Platform, timeout: float = POST_TIMEOUT) -> Sender:
    return Sender("terminal", stores.outbox, stores.channels, Judge(stores.papers, platform, timeout=timeout))


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


def test_what_can_never_be_looked_for_is_parked_and_said_to_be_possibly_sent(
    stores: Stores, platform: Platform, send: Send
) -> None:
    put(stores, delivery(1), delivery(2))
    platform.will("takes it and hangs up")
    platform.will_not_look(Unverifiable("the history scope is missing"))
    for _ in range(3):
        send()
        time_passes(stores, 60)
    assert told(stores) == [("parked", "possibly sent: the history scope is missing"), ("sent", "")]
    assert platform.shows == [FIRST, SECOND]


def test_a_channel_that_is_closed_is_left_alone_and_each_owner_is_told_once(
    stores: Stores, platform: Platform, send: Send
) -> None:
    for owner in ("ada", "bob", "ada"):
        stores.channels.add(subscription(query=f"words of {owner}", created_by=owner, created_at=NOW))
    put(stores, delivery(1), delivery(2))
    platform.will(Rejected("the channel is archived", suspends=True))
    assert send() == 2
    assert told(stores) == [("pending", "the channel is archived"), ("pending", "")]
    for owner in ("ada", "bob"):
        (notice,) = stores.outbox.history(Destination("terminal", "local", f"@{owner}"))
        assert (notice.state, notice.delivery.kind) == ("sent", "notice")
        assert "the channel is archived" in (notice.delivery.heading.note or "")
    time_passes(stores, 1e6)
    assert send() == 0
    assert not {FIRST, SECOND} & {*platform.shows}
    stores.outbox.unsuspend(GENERAL, NOW)
    assert send() == 2
    assert (platform.shows[-2:], platform.looked_for) == ([FIRST, SECOND], [])


def test_a_channel_that_is_still_closed_when_it_is_resumed_tells_its_owner_again(
    stores: Stores, platform: Platform, send: Send
) -> None:
    stores.channels.add(subscription(created_by="ada"))
    put(stores, delivery(1))
    closed = Rejected("the channel is archived", suspends=True)
    platform.will(closed)
    assert send() == 1
    stores.outbox.unsuspend(GENERAL, NOW)
    platform.will(closed)
    assert send() == 1
    assert states(stores) == ["pending"]
    assert [record.state for record in stores.outbox.history(ADA)] == ["sent", "sent"]


def test_a_thread_that_is_cut_by_a_closing_goes_on_where_it_stopped(
    stores: Stores, platform: Platform, send: Send
) -> None:
    head = delivery(1)
    planned = [head, *replies(head, 3)]
    put(stores, *planned)
    claim = claimed(stores)
    stores.outbox.settle(claim, Verdict("sent", message=f"message of {FIRST}"))
    platform.will(Rejected("the channel is archived", suspends=True))
    assert send() == 0
    assert states(stores) == ["sent", "pending", "pending", "pending"]
    stores.outbox.unsuspend(GENERAL, NOW)
    assert send() == 3
    assert platform.shows == [one.id for one in planned[1:]]
    assert set(platform.threads.values()) == {f"message of {FIRST}"}


def test_owners_whose_direct_messages_are_closed_are_told_nothing_more(
    stores: Stores, platform: Platform, send: Send
) -> None:
    stores.channels.add(subscription(created_by="ada"))
    put(stores, delivery(1))
    closed = Rejected("closed", suspends=True)
    platform.will(closed, closed)
    assert send() == 0
    assert send() == 0
    assert (states(stores), told(stores, ADA)) == (["pending"], [("dead", "closed")])
    assert stores.outbox.suspended(ADA) is None  # nobody could mend that: the next notice is tried again
    assert stores.outbox.next_due("terminal") is None


def test_a_notice_is_not_kept_for_direct_messages_that_are_closed(
    stores: Stores, platform: Platform, send: Send
) -> None:
    stores.channels.add(subscription(created_by="ada"))
    stores.outbox.suspend(ADA, "closed", "an event")
    put(stores, delivery(1))
    platform.will(Rejected("the channel is archived", suspends=True))
    assert send() == 0
    assert (states(stores), stores.outbox.history(ADA)) == (["pending"], [])


def test_a_poster_that_breaks_may_have_posted(stores: Stores, platform: Platform, send: Send) -> None:
    put(stores, delivery(1), delivery(2))
    platform.will(ZeroDivisionError("a defect of ours"))
    assert send() == 1
    assert told(stores)[0] == ("unknown", "ZeroDivisionError('a defect of ours')")
    time_passes(stores, 60)
    send()
    assert (platform.shows, platform.looked_for) == ([SECOND, FIRST], [FIRST])


def test_a_platform_that_does_not_answer_is_given_up_within_the_lease(stores: Stores, platform: Platform) -> None:
    assert 2 * POST_TIMEOUT < LEASE
    put(stores, delivery(1), delivery(2))
    platform.will("hangs")
    assert asyncio.run(sender(stores, platform, timeout=0.1).drain()) == 1
    assert told(stores) == [("unknown", "no answer in time"), ("sent", "")]
    time_passes(stores, 60)
    assert asyncio.run(sender(stores, platform, timeout=0.1).drain()) == 1
    assert platform.shows == [SECOND, FIRST]


def test_a_sender_that_died_while_posting_leaves_an_unknown_that_is_looked_for(
    stores: Stores, platform: Platform, send: Send
) -> None:
    put(stores, delivery(1))
    asyncio.run(platform.post(claimed(stores).delivery, {}, None))  # and then kill -9
    assert send() == 0
    time_passes(stores, LEASE + 1)
    assert send() == 1
    assert (platform.shows, platform.looked_for) == ([FIRST], [FIRST])


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
