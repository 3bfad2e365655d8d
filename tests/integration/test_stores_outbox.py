"""The outbox in Redis: one delivery in flight a channel, fenced by its token, replies after their headline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from papers.model import DeliveryState, Destination
from papers.stores.outbox import Claim, Verdict
from papers.wiring import Stores
from tests.builders import GENERAL
from tests.integration.outboxes import LEASE, PAST, claimed, delivery, kept, put, replies, time_passes

RANDOM = Destination("terminal", "local", "random")


def states(stores: Stores, where: Destination = GENERAL) -> list[str]:
    """Oldest first."""
    return [record.state for record in reversed(stores.outbox.history(where))]


def sent(stores: Stores) -> list[str]:
    """Claim and send until nothing may be sent; the ids, in that order."""
    order = []
    while isinstance(claim := stores.outbox.claim(GENERAL, LEASE), Claim):
        stores.outbox.settle(claim, Verdict("sent", message=f"m{claim.token}"))
        order.append(claim.delivery.id)
    return order


def test_a_claim_carries_the_delivery_as_it_was_planned(stores: Stores) -> None:
    put(stores, delivery(1, "2603.00001"))
    claim = claimed(stores)
    assert claim == Claim(delivery(1, "2603.00001"), claim.token, "pending", None, 1)
    assert states(stores) == ["sending"]


def test_one_delivery_is_in_flight_a_channel(stores: Stores) -> None:
    put(stores, delivery(1), delivery(2))
    put(stores, delivery(1, where=RANDOM))
    first = claimed(stores)
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert claimed(stores, RANDOM).token > first.token
    assert stores.outbox.ready("terminal") == []
    stores.outbox.settle(first, Verdict("sent"))
    assert stores.outbox.ready("terminal") == [GENERAL]
    assert claimed(stores).delivery.id == delivery(2).id


def test_a_claim_whose_lease_ran_out_is_unknown_never_pending(stores: Stores) -> None:
    put(stores, delivery(1))
    first = claimed(stores)
    time_passes(stores, LEASE + 1)
    assert stores.outbox.ready("terminal") == [GENERAL]
    again = claimed(stores)
    assert (again.was, again.tries, again.delivery) == ("unknown", 2, first.delivery)
    assert again.token > first.token


def test_a_lease_that_still_runs_is_respected_until_its_last_moment(stores: Stores) -> None:
    put(stores, delivery(1))
    claimed(stores)
    time_passes(stores, LEASE - 5)
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert states(stores) == ["sending"]


def test_a_sender_that_slept_through_its_lease_settles_nothing(stores: Stores) -> None:
    put(stores, delivery(1))
    first = claimed(stores)
    time_passes(stores, LEASE + 1)
    second = claimed(stores)
    before = kept(stores.server)
    assert not stores.outbox.settle(first, Verdict("dead", detail="too late"))
    assert kept(stores.server) == before
    assert stores.outbox.settle(second, Verdict("sent", message="m2"))
    assert not stores.outbox.settle(first, Verdict("pending"))
    assert states(stores) == ["sent"]


def test_a_token_of_another_delivery_settles_nothing(stores: Stores) -> None:
    put(stores, delivery(1))
    claim = claimed(stores)
    assert not stores.outbox.settle(replace(claim, token=claim.token + 1), Verdict("sent"))
    assert states(stores) == ["sending"]


@pytest.mark.parametrize("state", ["sent", "dead", "parked"])
def test_what_is_settled_for_good_is_never_claimed_again(stores: Stores, state: DeliveryState) -> None:
    put(stores, delivery(1))
    assert stores.outbox.settle(claimed(stores), Verdict(state, message="m1", detail="d"))
    time_passes(stores, 1e6)
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert stores.outbox.next_due("terminal") is None
    (record,) = stores.outbox.history(GENERAL)
    assert (record.state, record.message, record.detail) == (state, "m1", "d")


@pytest.mark.parametrize("state", ["pending", "unknown"])
def test_what_has_to_wait_is_claimed_again_after_that_and_not_before(stores: Stores, state: DeliveryState) -> None:
    put(stores, delivery(1))
    stores.outbox.settle(claimed(stores), Verdict(state, detail="asked to wait", wait=100))
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert stores.outbox.ready("terminal") == []
    time_passes(stores, 95)
    assert stores.outbox.claim(GENERAL, LEASE) is None
    time_passes(stores, 6)
    again = claimed(stores)
    assert (again.was, again.tries) == (state, 2)


def test_a_delivery_that_waits_does_not_hold_up_the_channels_next(stores: Stores) -> None:
    put(stores, delivery(1), delivery(2))
    stores.outbox.settle(claimed(stores), Verdict("pending", wait=100))
    assert claimed(stores).delivery.id == delivery(2).id


def test_a_delivery_is_not_claimed_before_it_is_due(stores: Stores) -> None:
    head = delivery(1)
    put(stores, replace(head, due=head.due.replace(year=9999)))
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert stores.outbox.ready("terminal") == []


def test_replies_wait_for_their_headline_and_carry_its_message(stores: Stores) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, 1))
    first = claimed(stores)
    stores.outbox.settle(first, Verdict("unknown", wait=100))
    assert stores.outbox.claim(GENERAL, LEASE) is None
    time_passes(stores, 101)
    stores.outbox.settle(claimed(stores), Verdict("sent", message="the headline's"))
    reply = claimed(stores)
    assert (reply.delivery.parent, reply.thread) == (head.id, "the headline's")


def test_a_thread_is_sent_in_its_order(stores: Stores) -> None:
    head = delivery(1)
    planned = [head, *replies(head, 12)]
    put(stores, *planned)
    assert sent(stores) == [one.id for one in planned]


@pytest.mark.parametrize(
    ("state", "detail"), [("dead", "its headline was not posted"), ("parked", "its headline was possibly sent")]
)
def test_replies_of_a_headline_that_is_not_there_share_its_fate_and_what_follows_lives(
    stores: Stores, state: DeliveryState, detail: str
) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, 2), delivery(9))
    stores.outbox.settle(claimed(stores), Verdict(state, detail="no such channel"))
    assert sent(stores) == [delivery(9).id]
    assert states(stores) == [state, state, state, "sent"]
    assert stores.outbox.history(GENERAL)[1].detail == detail
    assert stores.outbox.next_due("terminal") is None


def test_a_headline_that_has_to_wait_is_not_lost_behind_a_hundred_replies(stores: Stores) -> None:
    head = delivery(1)
    planned = [head, *replies(head, 120)]
    put(stores, *planned)
    stores.outbox.settle(claimed(stores), Verdict("pending", wait=100))
    time_passes(stores, 101)
    assert sent(stores) == [one.id for one in planned]


def test_another_post_is_not_held_up_by_a_hundred_replies_that_wait(stores: Stores) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, 120))
    stores.outbox.settle(claimed(stores), Verdict("pending", wait=1000))
    put(stores, delivery(900))
    assert sent(stores) == [delivery(900).id]


def test_channels_are_served_in_the_order_they_have_waited(stores: Stores) -> None:
    put(stores, delivery(1))
    put(stores, delivery(1, where=RANDOM, due=PAST - timedelta(days=1)))
    assert stores.outbox.ready("terminal") == [RANDOM, GENERAL]
    assert stores.outbox.ready("terminal", limit=1) == [RANDOM]
    assert stores.outbox.ready("slack") == []


def test_an_empty_outbox_has_nothing_to_claim(stores: Stores) -> None:
    assert stores.outbox.claim(GENERAL, LEASE) is None
    assert (stores.outbox.history(GENERAL), stores.outbox.by_state(GENERAL)) == ([], {})
