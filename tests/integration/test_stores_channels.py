"""Channels in Redis: subscriptions by number, settings, feeds counted, and the log of changes that workers follow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from papers.errors import NotFoundError, QuotaError, TwinError, UsageError
from papers.model import Channel, Destination, Preferences, Schedule, Want
from papers.stores import keys
from papers.stores.channels import MAX_SUBSCRIPTIONS
from papers.wiring import Stores
from tests.builders import GENERAL, subscription
from tests.conftest import NOW
from tests.integration.outboxes import waits

FEED, OTHER_FEED = "https://example.org/a", "https://example.org/b"
RANDOM = Destination("terminal", "local", "random")
DAILY = Channel(GENERAL, Schedule("daily"))


def test_a_subscription_gets_the_next_number_and_a_name_of_its_own(stores: Stores) -> None:
    first, second = stores.channels.add(subscription()), stores.channels.add(subscription(query="graph"))
    assert [(one.number, one.id) for one in (first, second)] == [(1, f"{GENERAL}#1"), (2, f"{GENERAL}#2")]
    assert stores.channels.subscriptions(GENERAL) == (first, second)
    assert stores.channels.subscription(GENERAL, 2) == second


def test_numbers_are_each_channels_own(stores: Stores) -> None:
    stores.channels.add(subscription())
    assert stores.channels.add(subscription(destination=RANDOM)).number == 1
    assert list(stores.channels.destinations()) == [GENERAL, RANDOM]
    assert stores.channels.count() == 2


def test_a_number_is_never_given_out_again(stores: Stores) -> None:
    stores.channels.remove(stores.channels.add(subscription()))
    assert stores.channels.add(subscription(query="graph")).number == 2


def test_the_33rd_subscription_is_refused_and_nothing_is_changed(stores: Stores) -> None:
    kept = tuple(stores.channels.add(subscription(query=f"w{i}", feed=FEED)) for i in range(MAX_SUBSCRIPTIONS))
    change = stores.channels.last_change()
    with pytest.raises(QuotaError, match="32"):
        stores.channels.add(subscription(query="one more", feed=OTHER_FEED))
    assert MAX_SUBSCRIPTIONS == 32
    assert stores.channels.subscriptions(GENERAL) == kept
    assert (stores.channels.feeds(), stores.channels.last_change()) == ([FEED], change)


def test_a_full_channel_may_still_change_what_it_has(stores: Stores) -> None:
    kept = [stores.channels.add(subscription(query=f"w{i}")) for i in range(MAX_SUBSCRIPTIONS)]
    changed = stores.channels.change(replace(kept[3], want=Want(query="graph")), kept[3])
    assert stores.channels.subscription(GENERAL, 4) == changed


def test_a_change_over_somebody_elses_is_refused(stores: Stores) -> None:
    before = stores.channels.add(subscription())
    theirs = stores.channels.change(replace(before, want=Want(query="theirs")), before)
    with pytest.raises(UsageError, match="somebody else"):
        stores.channels.change(replace(before, want=Want(query="mine", feed=FEED)), before)
    assert stores.channels.subscriptions(GENERAL) == (theirs,)
    assert stores.channels.feeds() == []


def test_a_change_of_what_was_removed_does_not_bring_it_back(stores: Stores) -> None:
    before = stores.channels.add(subscription())
    stores.channels.remove(before)
    with pytest.raises(UsageError):
        stores.channels.change(replace(before, want=Want(query="mine")), before)
    assert stores.channels.subscriptions(GENERAL) == ()


def test_what_is_not_there_cannot_be_had_or_removed(stores: Stores) -> None:
    mine = stores.channels.add(subscription())
    stores.channels.remove(mine)
    with pytest.raises(NotFoundError, match="1"):
        stores.channels.subscription(GENERAL, 1)
    with pytest.raises(NotFoundError):
        stores.channels.remove(mine)


def test_a_feed_is_polled_as_long_as_one_subscription_has_it(stores: Stores) -> None:
    first = stores.channels.add(subscription(query=None, feed=FEED))
    second = stores.channels.add(subscription(query=None, feed=FEED, destination=RANDOM))
    stores.channels.remove(first)
    assert stores.channels.feeds() == [FEED]
    stores.channels.remove(second)
    assert stores.channels.feeds() == []


def test_a_subscription_that_moves_to_another_feed_leaves_the_old_one(stores: Stores) -> None:
    first = stores.channels.add(subscription(query=None, feed=FEED))
    moved = stores.channels.change(replace(first, want=Want(feed=OTHER_FEED)), first)
    assert stores.channels.feeds() == [OTHER_FEED]
    stores.channels.change(replace(moved, want=Want(query="graph", feed=OTHER_FEED)), moved)
    assert stores.channels.feeds() == [OTHER_FEED]


def test_the_change_log_names_each_changed_channel_once(stores: Stores) -> None:
    start = stores.channels.last_change()
    mine = stores.channels.add(subscription())
    stores.channels.add(subscription(query="graph"))
    stores.channels.add(subscription(destination=RANDOM))
    changed, newest = stores.channels.changes(start)
    assert (start, changed) == ("0-0", [GENERAL, RANDOM])
    assert newest == stores.channels.last_change()
    assert stores.channels.changes(newest) == ([], newest)
    stores.channels.remove(mine)
    assert stores.channels.changes(newest)[0] == [GENERAL]


def test_whoever_fell_behind_a_trimmed_log_loads_every_channel(stores: Stores) -> None:
    stores.channels.add(subscription())
    start = stores.channels.last_change()
    stores.channels.add(subscription(destination=RANDOM))
    for word in ("a", "b", "c"):
        stores.channels.add(subscription(query=word))
    stores.server.call("XTRIM", keys.CHANGES, "MAXLEN", 2)
    changed, newest = stores.channels.changes(start)
    assert changed == [GENERAL, RANDOM]
    assert newest == stores.channels.last_change()


def test_whoever_kept_up_with_a_trimmed_log_loads_what_changed(stores: Stores) -> None:
    stores.channels.add(subscription())
    stores.channels.add(subscription(destination=RANDOM))
    start = stores.channels.last_change()
    stores.channels.add(subscription(query="graph"))
    stores.server.call("XTRIM", keys.CHANGES, "MAXLEN", 2)
    assert stores.channels.changes(start)[0] == [GENERAL]


def test_a_channel_nobody_set_is_instant_and_not_paused(stores: Stores) -> None:
    assert stores.channels.channel(GENERAL) == Channel(GENERAL)


def test_settings_are_kept_and_the_next_slot_is_when_the_channel_is_due(stores: Stores) -> None:
    slot = NOW + timedelta(hours=1)
    assert stores.channels.set_channel(DAILY, slot, NOW) == 0
    assert stores.channels.channel(GENERAL) == DAILY
    assert stores.inbox.next_slot(GENERAL) == slot
    assert stores.inbox.due(NOW) == []
    assert stores.inbox.due(slot) == [(GENERAL, slot)]


def test_an_instant_channel_is_due_as_soon_as_something_waits(stores: Stores) -> None:
    stores.channels.set_channel(Channel(GENERAL), None, NOW)
    assert stores.inbox.next_due() is None
    stores.channels.set_channel(DAILY, NOW + timedelta(hours=1), NOW)
    waits(stores, "2603.00001")
    assert stores.channels.set_channel(Channel(GENERAL), None, NOW) == 1
    assert stores.inbox.due(NOW) == [(GENERAL, NOW)]


def test_a_paused_channel_is_never_due(stores: Stores) -> None:
    waits(stores, "2603.00001")
    assert stores.channels.set_channel(Channel(GENERAL, paused=True), None, NOW) == 1
    assert stores.inbox.next_slot(GENERAL) is None
    waits(stores, "2603.00002")
    assert stores.inbox.next_slot(GENERAL) is None


def test_preferences_are_kept_beside_the_schedule_and_neither_touches_the_other(stores: Stores) -> None:
    stores.channels.prefer(GENERAL, {"format": "full"})
    slot = NOW + timedelta(hours=1)
    stores.channels.set_channel(replace(DAILY, preferences=Preferences(cards=True)), slot, NOW)
    stores.channels.prefer(GENERAL, {"quiet": "off"})
    kept = stores.channels.channel(GENERAL)
    assert kept == replace(DAILY, preferences=Preferences(format="full", quiet=False))
    assert stores.inbox.next_slot(GENERAL) == slot


def test_a_channel_that_prefers_something_is_known_and_one_that_prefers_nothing_is_not(stores: Stores) -> None:
    stores.channels.prefer(RANDOM, {})
    stores.channels.prefer(GENERAL, {"language": "de"})
    assert list(stores.channels.destinations()) == [GENERAL]


def test_of_many_who_save_the_same_want_at_once_one_does(stores: Stores) -> None:
    def save(user: int) -> int:
        try:
            return stores.channels.add(subscription(topic="robots", per_day=2.5, created_by=f"user {user}")).number
        except TwinError as error:
            return -error.number

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(save, range(16)))
    assert sorted(numbers) == [-1] * 15 + [1]
    assert len(stores.channels.subscriptions(GENERAL)) == 1


@pytest.mark.parametrize(
    "other", [{"query": "graph"}, {"topic": "robot"}, {"per_day": 2.25}, {"feed": FEED}, {"trending": 5}]
)
def test_a_want_that_differs_in_anything_is_no_twin(stores: Stores, other: dict[str, Any]) -> None:
    stores.channels.add(subscription(topic="robots", per_day=2.5))
    wanted = replace(Want("attention", "robots", 2.5), **other)
    assert stores.channels.add(replace(subscription(), want=wanted)).number == 2


def test_an_edit_into_a_twin_is_refused_and_an_edit_of_oneself_is_not(stores: Stores) -> None:
    first, second = (stores.channels.add(subscription(query=query)) for query in ("graph", "robots"))
    with pytest.raises(TwinError, match="subscription 1 already"):
        stores.channels.change(replace(second, want=first.want), second)
    stores.channels.change(replace(second, bar=2.0), second)
    assert [one.want.query for one in stores.channels.subscriptions(GENERAL)] == ["graph", "robots"]


def test_the_subscribed_among_channels_are_told_in_their_order(stores: Stores) -> None:
    for where in (GENERAL, RANDOM):
        stores.channels.add(subscription(destination=where))
    nowhere = Destination("slack", "T1", "C1")
    assert stores.channels.subscribed([RANDOM, nowhere, GENERAL]) == [RANDOM, GENERAL]
    assert stores.channels.subscribed([]) == []
