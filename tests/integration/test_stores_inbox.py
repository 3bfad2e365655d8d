"""Inboxes in Redis: what waits for a channel, what it was brought, and how a plan turns one into the other."""

from __future__ import annotations

from datetime import timedelta

from papers.model import Channel, Destination, Schedule
from papers.stores import keys
from papers.stores.inbox import BATCH, Delivered
from papers.stores.outbox import HISTORY, Verdict
from papers.wiring import Stores
from tests.builders import GENERAL, hit
from tests.conftest import NOW
from tests.integration.outboxes import PAST, claimed, delivery, due, kept, put, replies, subscribed, taking, waits

ONE, TWO, THREE = "2603.00001", "2603.00002", "2603.00003"
RANDOM = Destination("terminal", "local", "random")
LATER = NOW + timedelta(hours=1)


def test_a_match_waits_and_an_instant_channel_is_due_at_once(stores: Stores) -> None:
    waits(stores, ONE)
    assert stores.inbox.read(GENERAL) == [hit(ONE)]
    assert (stores.inbox.waiting(GENERAL), stores.inbox.holds(GENERAL, ONE)) == (1, True)
    assert not stores.inbox.holds(GENERAL, TWO)
    assert stores.inbox.due(NOW) == [(GENERAL, NOW)]


def test_a_later_match_does_not_put_off_when_the_channel_is_due(stores: Stores) -> None:
    waits(stores, ONE)
    waits(stores, TWO, now=LATER)
    assert stores.inbox.next_slot(GENERAL) == NOW
    assert stores.inbox.next_due() == NOW


def test_another_subscriptions_match_of_the_same_paper_is_added(stores: Stores) -> None:
    subscribed(stores, GENERAL)
    stores.inbox.put([Delivered(GENERAL, {ONE: [hit(ONE, 1)]})], NOW)
    stores.inbox.put([Delivered(GENERAL, {ONE: [hit(ONE, 2), hit(ONE, 3)]})], NOW)
    assert [found.number for found in stores.inbox.read(GENERAL)] == [1, 2, 3]
    assert stores.inbox.waiting(GENERAL) == 1


def test_a_paper_the_channel_was_brought_does_not_wait_again(stores: Stores) -> None:
    put(stores, delivery(1, ONE), now=NOW)
    subscribed(stores, GENERAL)
    assert stores.inbox.put([Delivered(GENERAL, {ONE: [hit(ONE)], TWO: [hit(TWO)]})], LATER) == 1
    assert stores.inbox.read(GENERAL) == [hit(TWO)]
    assert stores.inbox.seen(GENERAL, [ONE, TWO]) == {ONE: NOW}
    assert stores.inbox.seen(GENERAL, []) == {}


def test_a_channel_that_gets_nothing_new_is_not_due(stores: Stores) -> None:
    put(stores, delivery(1, ONE))
    assert stores.inbox.put([Delivered(GENERAL, {ONE: [hit(ONE)]})], NOW) == 0
    assert stores.inbox.due(NOW) == []


def test_a_daily_channel_is_not_due_before_its_slot_whatever_comes(stores: Stores) -> None:
    stores.channels.set_channel(Channel(GENERAL, Schedule("daily")), LATER, NOW)
    waits(stores, ONE)
    assert stores.inbox.due(NOW) == []
    assert stores.inbox.due(LATER) == [(GENERAL, LATER)]


def test_the_trending_subscriptions_served_are_remembered_with_their_matches(stores: Stores) -> None:
    subscribed(stores, GENERAL)
    stores.inbox.put([Delivered(GENERAL, {ONE: [hit(ONE)]}, ("3:2026-03-10", "4:2026-03-10"))], NOW)
    assert stores.inbox.served(GENERAL) == {"3:2026-03-10", "4:2026-03-10"}
    assert stores.inbox.served(RANDOM) == frozenset()


def test_more_channels_than_a_script_takes_at_once_all_get_their_matches(stores: Stores) -> None:
    many = [Destination("terminal", "local", f"c{number}") for number in range(BATCH + 3)]
    subscribed(stores, *many)
    assert stores.inbox.put([Delivered(where, {ONE: [hit(ONE)]}) for where in many], NOW) == BATCH + 3
    assert {where for where, _ in stores.inbox.due(NOW)} == set(many)


def test_a_plan_moves_papers_from_the_inbox_to_the_outbox_in_one_step(stores: Stores) -> None:
    waits(stores, ONE, TWO, THREE)
    first = delivery(1, ONE, TWO)
    assert stores.outbox.commit(GENERAL, [first], taken=taking(stores, ONE, TWO), was_due=NOW, next_slot=LATER, now=NOW)
    assert [found.paper for found in stores.inbox.read(GENERAL)] == [THREE]
    assert stores.inbox.seen(GENERAL, [ONE, TWO, THREE]) == {ONE: NOW, TWO: NOW}
    assert [(record.delivery, record.state) for record in stores.outbox.history(GENERAL)] == [(first, "pending")]
    assert stores.outbox.ready("terminal") == [GENERAL]
    assert stores.inbox.next_slot(GENERAL) == LATER


def test_a_second_planner_with_the_old_due_time_changes_nothing(stores: Stores) -> None:
    waits(stores, ONE, TWO)
    assert stores.outbox.commit(
        GENERAL, [delivery(1, ONE)], taken=taking(stores, ONE), was_due=NOW, next_slot=LATER, now=NOW
    )
    before = kept(stores.server)
    second = [delivery(2, ONE), delivery(3, TWO)]
    assert not stores.outbox.commit(
        GENERAL, second, taken=taking(stores, ONE, TWO), was_due=NOW, next_slot=None, now=LATER
    )
    assert kept(stores.server) == before


def test_a_channel_paused_while_it_was_planned_gets_nothing(stores: Stores) -> None:
    waits(stores, ONE)
    stores.channels.set_channel(Channel(GENERAL, paused=True), None, NOW)
    before = kept(stores.server)
    assert not stores.outbox.commit(
        GENERAL, [delivery(1, ONE)], taken=taking(stores, ONE), was_due=NOW, next_slot=None, now=NOW
    )
    assert kept(stores.server) == before


def test_an_instant_channel_stays_due_as_long_as_something_waits(stores: Stores) -> None:
    waits(stores, ONE, TWO)
    stores.outbox.commit(GENERAL, [delivery(1, ONE)], taken=taking(stores, ONE), was_due=NOW, next_slot=None, now=LATER)
    assert stores.inbox.due(LATER) == [(GENERAL, LATER)]
    stores.outbox.commit(
        GENERAL, [delivery(2, TWO)], taken=taking(stores, TWO), was_due=LATER, next_slot=None, now=LATER
    )
    assert stores.inbox.due(LATER) == []


def test_what_is_taken_without_being_posted_does_not_count_as_brought(stores: Stores) -> None:
    waits(stores, ONE)
    stores.outbox.commit(GENERAL, [], taken=taking(stores, ONE), was_due=NOW, next_slot=None, now=NOW)
    assert (stores.inbox.waiting(GENERAL), stores.inbox.seen(GENERAL, [ONE])) == (0, {})
    assert stores.outbox.ready("terminal") == []


def test_a_delivery_that_was_planned_before_is_neither_doubled_nor_sent_again(stores: Stores) -> None:
    put(stores, delivery(1, ONE))
    stores.outbox.settle(claimed(stores), Verdict("sent", message="m1"))
    put(stores, delivery(1, ONE))
    assert [record.state for record in stores.outbox.history(GENERAL)] == ["sent"]
    assert stores.outbox.claim(GENERAL, 60) is None


def test_the_history_forgets_the_oldest_but_what_it_names_is_newest_first(stores: Stores) -> None:
    head = delivery(1)
    put(stores, head, *replies(head, HISTORY))
    found = stores.outbox.history(GENERAL, HISTORY + 10)
    assert len(found) == HISTORY
    assert found[0].delivery.id == f"{HISTORY + 1:024}"
    assert stores.outbox.by_state(GENERAL) == {"pending": HISTORY}


def test_a_channel_whose_later_delivery_is_planned_keeps_its_earlier_turn(stores: Stores) -> None:
    put(stores, delivery(1, due=PAST))
    put(stores, delivery(2, due=NOW + timedelta(days=10_000)))
    assert stores.outbox.next_due("terminal") == PAST
    assert stores.outbox.ready("slack") == []


def test_channels_that_are_due_come_longest_due_first(stores: Stores) -> None:
    due(stores, GENERAL, LATER)
    due(stores, RANDOM, NOW)
    assert stores.inbox.due(LATER) == [(RANDOM, NOW), (GENERAL, LATER)]
    assert stores.inbox.due(LATER, limit=1) == [(RANDOM, NOW)]


def test_what_a_hit_says_comes_back_as_it_was(stores: Stores) -> None:
    said = hit(ONE, 7, z=2.13, share=0.01)
    subscribed(stores, GENERAL)
    stores.inbox.put([Delivered(GENERAL, {ONE: [said]})], NOW)
    assert stores.inbox.read(GENERAL) == [said]
    assert stores.server.call("TYPE", keys.inbox(GENERAL)) == "hash"
