"""What may have been sent and waits for its channel's choice; and channels that are closed to us."""

from __future__ import annotations

import pytest

from bot.repair import Closures
from papers.model import Delivery, DeliveryState, Destination
from papers.stores.outbox import Claim, Settled, Verdict
from papers.wiring import Stores
from tests.builders import GENERAL, subscription
from tests.conftest import NOW
from tests.integration.outboxes import LEASE, claimed, delivery, put, replies

RANDOM = Destination("terminal", "local", "random")
HEAD = delivery(1)


def states(stores: Stores, where: Destination = GENERAL) -> list[str]:
    """Oldest first."""
    return [record.state for record in reversed(stores.outbox.history(where))]


def park(stores: Stores, *deliveries: Delivery) -> None:
    """Put these and park the first; whatever follows is looked at once."""
    put(stores, *deliveries)
    stores.outbox.settle(claimed(stores), Verdict("parked", detail="possibly sent"))
    stores.outbox.claim(GENERAL, LEASE)


def test_a_parked_delivery_that_is_released_is_posted_without_being_looked_for(stores: Stores) -> None:
    park(stores, HEAD)
    assert stores.outbox.release(GENERAL, HEAD.id)
    assert stores.outbox.ready("terminal") == [GENERAL]
    again = claimed(stores)
    assert (again.delivery, again.was, again.tries) == (HEAD, "pending", 2)


def test_a_released_headline_takes_its_thread_along_in_its_order(stores: Stores) -> None:
    thread = [delivery(900 - n, kind="more", parent=HEAD.id) for n in range(12)]  # their ids tell another order
    park(stores, HEAD, *thread)
    assert states(stores) == ["parked"] * 13
    stores.outbox.release(GENERAL, HEAD.id)
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m1"))
    order = []
    while isinstance(claim := stores.outbox.claim(GENERAL, LEASE), Claim):
        assert claim.thread == "m1"
        stores.outbox.settle(claim, Verdict("sent", message="reply"))
        order.append(claim.delivery.id)
    assert order == [one.id for one in thread]


def test_replies_that_were_parked_for_their_own_sake_elsewhere_stay(stores: Stores) -> None:
    other = delivery(100)
    park(stores, HEAD)
    park(stores, other, *replies(other, 1))
    stores.outbox.release(GENERAL, HEAD.id)
    assert states(stores) == ["pending", "parked", "parked"]


@pytest.mark.parametrize("state", ["sent", "dead", "unknown"])
def test_nothing_but_what_is_parked_is_released(stores: Stores, state: DeliveryState) -> None:
    put(stores, HEAD)
    stores.outbox.settle(claimed(stores), Verdict(state, wait=1e6))
    assert not stores.outbox.release(GENERAL, HEAD.id)
    assert not stores.outbox.release(GENERAL, "f" * 24)
    assert states(stores) == [state]


def test_a_suspended_channel_is_not_posted_to_and_only_the_first_cause_is_told(stores: Stores) -> None:
    put(stores, HEAD)
    assert stores.outbox.suspend(GENERAL, "archived", "event 1")
    assert stores.outbox.suspend(GENERAL, "archived", "event 1")
    assert not stores.outbox.suspend(GENERAL, "removed", "event 2")
    assert stores.outbox.suspended(GENERAL) == "archived"
    assert stores.outbox.ready("terminal") == []
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert stores.outbox.unsuspend(GENERAL, NOW)
    assert not stores.outbox.unsuspend(GENERAL, NOW)
    assert stores.outbox.suspend(GENERAL, "removed", "event 2")


def test_a_delivery_that_finds_its_channel_closed_is_the_cause_unless_it_was_closed_before(stores: Stores) -> None:
    closed = Verdict("pending", suspends="is_archived")
    put(stores, HEAD)
    put(stores, delivery(1, where=RANDOM))
    first, second = claimed(stores), claimed(stores, RANDOM)
    assert stores.outbox.settle(first, closed) is Settled.SUSPENDED
    assert stores.outbox.settle(first, closed) is Settled.SUSPENDED
    stores.outbox.suspend(RANDOM, "archived", "event 1")
    assert stores.outbox.settle(second, closed) is Settled.DONE
    assert stores.outbox.suspended(RANDOM) == "archived"


@pytest.fixture
def closures(stores: Stores) -> Closures:
    return Closures(stores.outbox, stores.channels, lambda: NOW)


def notices(stores: Stores, user: str) -> list[str | None]:
    """What a user was told in their direct messages."""
    return [record.delivery.heading.note for record in stores.outbox.history(Destination("terminal", "local", user))]


def test_the_owners_of_a_channel_that_closes_are_told_once_each_time(stores: Stores, closures: Closures) -> None:
    for owner, query in (("ada", "graph"), ("bob", "robots"), ("ada", "kernel")):
        stores.channels.add(subscription(query=query, created_by=owner, created_at=NOW))
    assert closures.close(GENERAL, "the channel was archived")
    assert not closures.close(GENERAL, "Paperboy was removed")
    assert [len(notices(stores, user)) for user in ("@ada", "@bob")] == [1, 1]
    assert "(the channel was archived)" in str(notices(stores, "@ada")[0])
    assert closures.open(GENERAL)
    assert not closures.open(GENERAL)
    assert closures.close(GENERAL, "the channel was archived")
    assert len(notices(stores, "@ada")) == 2


def test_a_notice_names_the_channel_that_it_is_about(stores: Stores, closures: Closures) -> None:
    stores.channels.add(subscription(created_by="ada"))
    closures.close(GENERAL, "archived")
    (record,) = stores.outbox.history(Destination("terminal", "local", "@ada"))
    assert (record.delivery.kind, record.delivery.heading.about) == ("notice", "general")


def test_a_workspace_that_closes_is_suspended_whole_and_alone_and_nobody_is_told(
    stores: Stores, closures: Closures
) -> None:
    here = [Destination("slack", "T1", one) for one in ("C1", "C2")]
    others = [Destination("slack", "T2", "C1"), Destination("discord", "T1", "C1")]
    for one in (*here, *others):
        stores.channels.add(subscription(destination=one, created_by="U1"))
    assert stores.channels.of_workspace("slack", "T1") == here
    assert closures.close_all("slack", "T1", "removed") == 2
    assert closures.close_all("slack", "T1", "removed") == 0
    assert [stores.outbox.suspended(one) for one in (*here, *others)] == ["removed", "removed", None, None]
    assert stores.outbox.history(Destination("slack", "T1", "@U1")) == []
    assert closures.open_all("slack", "T1") == 2
    assert [stores.outbox.suspended(one) for one in here] == [None, None]
