"""Discord's poster as the outbox's sender drives it: paces, what a 429 holds up, what a lost answer comes to."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.discord.poster import LEASE, LOOK_AFTER, NONCE, PER_CHANNEL, DiscordPoster, paces
from bot.posting import Sender
from bot.verdict import Judge
from papers.model import Destination
from papers.stores.outbox import Held
from papers.wiring import Stores
from tests.builders import subscription
from tests.contract.discord import place
from tests.fakes.discord import Channel, deny
from tests.fakes.discord.permissions import READ_MESSAGE_HISTORY
from tests.fakes.discord.shown import born
from tests.integration.discord_bench import POST, Bench, bench
from tests.integration.outboxes import put, replies, time_passes

__all__ = ["bench"]


@pytest.fixture
def other(bench: Bench) -> Channel:
    return bench.discord.channel(bench.guild, "other")


def send(bench: Bench, stores: Stores) -> int:
    """Send what may be sent now; how many messages that was."""

    async def drained(poster: DiscordPoster) -> int:
        judge = Judge(stores.papers, poster, lease=LEASE, look_after=LOOK_AFTER)
        return await Sender("discord", stores.outbox, stores.channels, judge, paces).drain()

    return bench.ask(drained)


def states(stores: Stores, where: Destination) -> list[str]:
    return [record.state for record in reversed(stores.outbox.history(where))]


def test_a_channel_is_posted_to_once_a_second(bench: Bench, stores: Stores) -> None:
    put(stores, *(bench.delivery(number) for number in range(1, 4)))
    assert send(bench, stores) == 3
    at = [born(message.id) for message in bench.messages]
    assert all(later - earlier > PER_CHANNEL - 0.3 for earlier, later in pairwise(at))
    assert bench.discord.counts["429"] == 0


def test_a_digest_stands_in_the_channel_and_the_rest_in_its_thread(bench: Bench, stores: Stores) -> None:
    head = bench.delivery()
    put(stores, head, *replies(head, 2))
    assert send(bench, stores) == 3
    (headline,) = bench.messages
    assert len(bench.discord.messages(bench.thread(headline.id))) == 2


def use_up(bench: Bench, seconds: float) -> None:
    """Another process has the same token, and has used it up for so long."""
    asked = bench.discord.api.pace._global
    asked.clear()
    asked.extend([time.monotonic() + seconds - 1] * 50)


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_429_holds_up_whom_it_concerns(bench: Bench, stores: Stores, other: Channel, *, everywhere: bool) -> None:
    if everywhere:
        bench.discord.just_before(POST, lambda: use_up(bench, 31))
    else:
        bench.discord.fail(POST, "429", seconds=31)
    put(stores, bench.delivery())
    assert send(bench, stores) == 0
    assert bench.posts == 1
    put(stores, bench.delivery(where=place(other)))
    held = stores.outbox.claim(place(other), LEASE, paces(place(other)))
    assert isinstance(held, Held) is everywhere
    assert not isinstance(held, Held) or held.seconds > 25


def test_a_channel_that_is_deleted_is_suspended_and_its_owner_told_in_a_direct_message(
    bench: Bench, stores: Stores
) -> None:
    ada = bench.discord.user("ada", bench.guild)
    stores.channels.add(subscription(destination=place(bench.channel), created_by=ada.id))
    put(stores, bench.delivery(), bench.delivery(2))
    bench.discord.delete_channel(bench.channel)
    assert send(bench, stores) == 1
    assert states(stores, place(bench.channel)) == ["pending", "pending"]
    (notice,) = bench.discord.dms(ada)
    assert "was deleted" in notice.text


@pytest.mark.parametrize("fault", ["hang up after", "500 after", "hang up before", "503 before"])
def test_a_lost_answer_is_looked_for_after_five_seconds_and_not_before(
    bench: Bench, stores: Stores, fault: str
) -> None:
    put(stores, bench.delivery())
    bench.discord.fail(POST, fault)
    assert send(bench, stores) == 0
    time_passes(stores, LOOK_AFTER - 1, place(bench.channel))
    assert send(bench, stores) == 0
    time_passes(stores, 1.1, place(bench.channel))
    assert send(bench, stores) == 1
    assert (states(stores, place(bench.channel)), len(bench.messages)) == (["sent"], 1)


@pytest.mark.parametrize(("late", "state"), [(False, "sent"), (True, "parked")])
def test_without_a_history_it_is_posted_again_while_the_nonce_is_remembered_and_then_parked(
    bench: Bench, stores: Stores, *, late: bool, state: str
) -> None:
    bench.discord.update_channel(bench.channel, overwrites=[deny(READ_MESSAGE_HISTORY, bench.discord.bot)])
    put(stores, bench.delivery())
    bench.discord.fail(POST, "hang up after")
    send(bench, stores)
    time_passes(stores, LOOK_AFTER, place(bench.channel))
    clock = bench.delivery().due + (NONCE + timedelta(seconds=1) if late else NONCE)
    send(replace(bench, clock=lambda: clock), stores)
    (record,) = stores.outbox.history(place(bench.channel))
    assert record.state == state
    assert len(bench.messages) == 1
