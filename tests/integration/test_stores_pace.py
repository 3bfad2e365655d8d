"""How fast a channel, a workspace and a platform may be posted to; channels that are closed; notices no plan made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from papers.model import Destination
from papers.stores import keys
from papers.stores.outbox import Claim, Held, Pace, Settled, Verdict
from papers.wiring import Stores
from tests.builders import GENERAL, subscription
from tests.conftest import NOW
from tests.integration.outboxes import LEASE, claimed, delivery, put, time_passes

RANDOM = Destination("terminal", "local", "random")
SLOW = Pace("terminal:local", 100.0)
CLOSED = Verdict("pending", detail="the channel is archived", suspends="the channel is archived")


def claim(stores: Stores, *paces: Pace, where: Destination = GENERAL) -> Claim | Held | None:
    return stores.outbox.claim(where, LEASE, paces)


def send(stores: Stores, *paces: Pace, where: Destination = GENERAL) -> bool:
    """Claim and send one, if the paces allow it."""
    taken = claim(stores, *paces, where=where)
    if isinstance(taken, Claim):
        stores.outbox.settle(taken, Verdict("sent"))
    return isinstance(taken, Claim)


def held(taken: Claim | Held | None) -> Held:
    assert isinstance(taken, Held)
    return taken


def rest(stores: Stores, seconds: float, *paces: Pace) -> None:
    """So much time passes for these paces."""
    for pace in paces:
        stores.server.call("INCRBYFLOAT", keys.pace(pace.scope), -seconds * 1000)


def many(stores: Stores, count: int, where: Destination = GENERAL) -> None:
    put(stores, *(delivery(number, where=where) for number in range(1, count + 1)))


def test_one_post_an_interval_and_the_rest_is_told_how_long_to_wait(stores: Stores) -> None:
    many(stores, 2)
    assert send(stores, SLOW)
    told = held(claim(stores, SLOW))
    assert (told.pace, round(told.seconds)) == (SLOW, 100)
    rest(stores, 90, SLOW)
    assert 9 < held(claim(stores, SLOW)).seconds <= 10
    rest(stores, 10, SLOW)
    assert send(stores, SLOW)


def test_a_burst_may_come_at_once_and_then_one_an_interval(stores: Stores) -> None:
    many(stores, 6)
    burst = Pace("terminal", 100.0, burst=3)
    assert [send(stores, burst) for _ in range(4)] == [True, True, True, False]
    rest(stores, 100, burst)
    assert [send(stores, burst) for _ in range(2)] == [True, False]


def test_every_pace_must_allow_it_and_none_is_used_up_by_a_refusal(stores: Stores) -> None:
    many(stores, 3)
    ample = Pace("terminal", 50.0, burst=9)
    assert send(stores, ample, SLOW)
    used = stores.server.call("GET", keys.pace(ample.scope))
    assert held(claim(stores, ample, SLOW)).pace == SLOW
    assert stores.server.call("GET", keys.pace(ample.scope)) == used
    assert send(stores, ample)


def test_channels_of_a_scope_share_its_pace_and_others_have_their_own(stores: Stores) -> None:
    many(stores, 1)
    many(stores, 1, RANDOM)
    assert send(stores, SLOW)
    assert not send(stores, SLOW, where=RANDOM)
    assert send(stores, Pace("terminal:elsewhere", 100.0), where=RANDOM)


def test_a_channel_held_by_its_own_pace_is_put_off_and_one_held_by_the_platforms_is_not(stores: Stores) -> None:
    many(stores, 2)
    assert send(stores, SLOW)
    held(claim(stores, SLOW))
    assert stores.outbox.ready("terminal") == []
    many(stores, 2, RANDOM)
    everywhere = Pace("terminal", 100.0, everywhere=True)
    assert send(stores, everywhere, where=RANDOM)
    held(claim(stores, everywhere, where=RANDOM))
    assert stores.outbox.ready("terminal") == [RANDOM]


def test_a_platform_that_asks_all_of_a_workspace_to_wait_holds_its_pace(stores: Stores) -> None:
    many(stores, 1)
    many(stores, 1, RANDOM)
    asked = Verdict("pending", detail="asked to wait", wait=100, holds=SLOW.scope)
    assert stores.outbox.settle(claimed(stores), asked) is Settled.DONE
    assert 99 < held(claim(stores, SLOW, where=RANDOM)).seconds <= 100
    rest(stores, 100, SLOW)
    assert send(stores, SLOW, where=RANDOM)


def test_settling_says_whether_the_channel_has_more(stores: Stores) -> None:
    many(stores, 2)
    told = [stores.outbox.settle(claimed(stores), Verdict("sent")) for _ in range(2)]
    assert told == [Settled.MORE, Settled.DONE]


def test_a_closed_channel_is_posted_to_no_more_and_loses_nothing(stores: Stores) -> None:
    mine = stores.channels.add(subscription())
    many(stores, 3)
    stores.outbox.settle(claimed(stores), CLOSED)
    assert stores.outbox.suspended(GENERAL) == "the channel is archived"
    time_passes(stores, 1e6)
    assert claim(stores) is None
    assert stores.outbox.ready("terminal") == []
    assert stores.channels.subscriptions(GENERAL) == (mine,)
    assert stores.outbox.by_state(GENERAL) == {"pending": 3}


def test_a_channel_that_was_mended_gets_what_waited(stores: Stores) -> None:
    many(stores, 3)
    stores.outbox.settle(claimed(stores), CLOSED)
    assert stores.outbox.unsuspend(GENERAL, NOW)
    assert stores.outbox.suspended(GENERAL) is None
    assert not stores.outbox.unsuspend(GENERAL, NOW)
    order = []
    while isinstance(taken := claim(stores), Claim):
        stores.outbox.settle(taken, Verdict("sent"))
        order.append(taken.delivery.id)
    assert order == [delivery(number).id for number in (1, 2, 3)]


def test_a_stale_sender_closes_no_channel(stores: Stores) -> None:
    many(stores, 1)
    stale = claimed(stores)
    time_passes(stores, LEASE + 1)
    claimed(stores)
    assert stores.outbox.settle(stale, CLOSED) is Settled.STALE
    assert stores.outbox.suspended(GENERAL) is None


@pytest.mark.parametrize("notices", [(), (delivery(1),), (delivery(1), delivery(2))], ids=len)
def test_notices_are_put_once_and_sent_like_any_message(stores: Stores, notices: Sequence[object]) -> None:
    planned = [delivery(number) for number in range(1, len(notices) + 1)]
    assert stores.outbox.put(planned, NOW) == len(planned)
    assert stores.outbox.put(planned, NOW) == 0
    assert [send(stores) for _ in planned] == [True] * len(planned)
    assert not send(stores)


def test_a_notice_does_not_put_off_what_is_due_earlier(stores: Stores) -> None:
    many(stores, 1)
    first = stores.outbox.next_due("terminal")
    stores.outbox.put([delivery(9, due=NOW.replace(year=9000))], NOW)
    assert stores.outbox.next_due("terminal") == first
