"""A channel that its platform closed to us: it is not planned, slots pass, and what matches waits until it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.repair import Closures
from papers.model import Channel, Destination, Schedule
from papers.schedule import next_slot
from papers.stores.backup import Backup
from papers.stores.backup_file import KeptChannel
from papers.stores.outbox import Outbox, Verdict
from papers.stores.server import Server
from papers.wiring import Stores
from tests.builders import GENERAL, subscription
from tests.conftest import NOW
from tests.integration.outboxes import PAST, claimed, delivery, kept, put, taking, waits

ONE, TWO = "2603.00001", "2603.00002"
DAILY, WEEKLY = Schedule("daily"), Schedule("weekly")
LATER = NOW + timedelta(days=9)
SCHEDULES = pytest.mark.parametrize("schedule", [Schedule(), DAILY], ids=lambda one: one.kind)


def scheduled(stores: Stores, schedule: Schedule, **changes: Any) -> None:
    channel = replace(Channel(GENERAL, schedule), **changes)
    stores.channels.set_channel(channel, None if channel.paused else next_slot(schedule, NOW), NOW)


def close(stores: Stores) -> None:
    assert stores.outbox.suspend(GENERAL, "archived", "an event")


@SCHEDULES
def test_a_channel_that_is_closed_is_not_planned(stores: Stores, schedule: Schedule) -> None:
    scheduled(stores, schedule)
    waits(stores, ONE)
    close(stores)
    assert stores.inbox.next_slot(GENERAL) is None
    assert stores.inbox.waiting(GENERAL) == 1


@SCHEDULES
def test_a_channel_that_a_post_finds_closed_is_not_planned_either(stores: Stores, schedule: Schedule) -> None:
    put(stores, delivery(1))
    scheduled(stores, schedule)
    waits(stores, ONE)
    stores.outbox.settle(claimed(stores), Verdict("pending", suspends="archived"))
    assert stores.inbox.next_slot(GENERAL) is None
    assert stores.inbox.waiting(GENERAL) == 1


@SCHEDULES
def test_neither_papers_nor_settings_nor_a_backup_make_a_closed_channel_due(stores: Stores, schedule: Schedule) -> None:
    close(stores)
    waits(stores, ONE)
    assert stores.inbox.next_slot(GENERAL) is None
    Backup(stores.server).restore(KeptChannel(Channel(GENERAL, schedule), (subscription(),), 1), NOW)
    assert stores.inbox.next_slot(GENERAL) is None
    scheduled(stores, schedule)
    assert stores.inbox.next_slot(GENERAL) is None
    assert stores.inbox.waiting(GENERAL) == 1


def test_a_suspension_that_a_backup_holds_is_kept_to(stores: Stores) -> None:
    Backup(stores.server).restore(KeptChannel(Channel(GENERAL, DAILY), (subscription(),), 1, "archived"), NOW)
    assert stores.inbox.next_slot(GENERAL) is None
    assert stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.next_slot(GENERAL) == next_slot(DAILY, LATER)


@SCHEDULES
def test_a_plan_that_was_made_before_the_channel_closed_changes_nothing(stores: Stores, schedule: Schedule) -> None:
    scheduled(stores, schedule)
    waits(stores, ONE)
    due = stores.inbox.next_slot(GENERAL) or NOW
    taken, following = taking(stores, ONE), next_slot(schedule, LATER)
    close(stores)
    before = kept(stores.server)
    planned = [delivery(1, ONE)]
    assert not stores.outbox.commit(GENERAL, planned, taken=taken, was_due=due, next_slot=following, now=LATER)
    assert kept(stores.server) == before
    stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.waiting(GENERAL) == 1


@pytest.mark.parametrize("schedule", [DAILY, WEEKLY], ids=lambda one: one.kind)
def test_slots_that_passed_while_it_was_closed_are_past(stores: Stores, schedule: Schedule) -> None:
    scheduled(stores, schedule)
    close(stores)
    waits(stores, ONE)
    stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.due(LATER) == []
    assert stores.inbox.next_slot(GENERAL) == next_slot(schedule, LATER)


@pytest.mark.parametrize("is_set", [True, False])
def test_what_waits_in_an_instant_channel_is_due_as_soon_as_it_opens(stores: Stores, is_set: bool) -> None:  # noqa: FBT001 - a column
    if is_set:
        scheduled(stores, Schedule())
    close(stores)
    stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.next_slot(GENERAL) is None  # nothing waits
    assert stores.outbox.suspend(GENERAL, "archived", "another event")
    waits(stores, ONE, TWO)
    stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.due(LATER) == [(GENERAL, LATER)]


@SCHEDULES
def test_a_paused_channel_that_opens_stays_paused(stores: Stores, schedule: Schedule) -> None:
    scheduled(stores, schedule, paused=True)
    waits(stores, ONE)
    close(stores)
    stores.outbox.unsuspend(GENERAL, LATER)
    assert stores.inbox.next_slot(GENERAL) is None


def test_opening_a_channel_that_is_open_does_not_move_its_slot(stores: Stores) -> None:
    scheduled(stores, DAILY)
    before = kept(stores.server)
    assert not stores.outbox.unsuspend(GENERAL, LATER)
    assert kept(stores.server) == before


def test_a_workspace_that_comes_back_is_planned_again(stores: Stores) -> None:
    closures, here = Closures(stores.outbox, stores.channels, lambda: LATER), Destination("slack", "T1", "C1")
    stores.channels.add(subscription(destination=here))
    stores.channels.set_channel(Channel(here, DAILY), next_slot(DAILY, NOW), NOW)
    closures.close_all("slack", "T1", "removed")
    assert stores.inbox.next_slot(here) is None
    assert closures.open_all("slack", "T1") == 1
    assert stores.inbox.next_slot(here) == next_slot(DAILY, LATER)


class Hesitant(Server):
    """A connection on which something happens just before its first script."""

    def __init__(self, stores: Stores, then: Schedule) -> None:
        super().__init__(stores.server.url)
        self._stores, self._then = stores, [then]

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        if self._then:
            scheduled(self._stores, self._then.pop())
        return super().run(script, keys, arguments)


@pytest.mark.parametrize(("before", "after"), [(Schedule(), DAILY), (DAILY, Schedule()), (DAILY, WEEKLY)])
def test_a_schedule_that_is_set_while_the_channel_opens_holds(
    stores: Stores, before: Schedule, after: Schedule
) -> None:
    scheduled(stores, before)
    waits(stores, ONE)
    close(stores)
    server = Hesitant(stores, after)
    assert Outbox(server).unsuspend(GENERAL, LATER)
    server.close()
    assert stores.inbox.next_slot(GENERAL) == (next_slot(after, LATER) or LATER)


def test_what_slept_in_the_outbox_goes_out_before_what_is_planned_then(stores: Stores) -> None:
    put(stores, delivery(1, ONE))
    stores.outbox.settle(claimed(stores), Verdict("pending", suspends="archived"))
    waits(stores, TWO)
    stores.outbox.unsuspend(GENERAL, PAST)
    put(stores, delivery(2, TWO), now=PAST)
    assert [claimed(stores).delivery.id, stores.outbox.claim(GENERAL, 60)] == [delivery(1).id, None]
