"""Slack's poster as the outbox's sender drives it: paces, what a 429 holds up, what a closed channel comes to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.posting import Sender
from bot.slack.poster import LEASE, LOOK_AFTER, PER_CHANNEL, SlackPoster, paces
from bot.verdict import Judge
from papers.model import Destination
from papers.stores.outbox import Held
from papers.wiring import Stores
from tests.builders import subscription
from tests.fakes.slack import StrictSlack
from tests.integration.outboxes import delivery, put, time_passes
from tests.integration.test_slack_poster import POST, Bench

ONE, TWO = Destination("slack", "T1", "C1"), Destination("slack", "T1", "C2")


@pytest.fixture
def bench() -> Iterator[Bench]:
    with StrictSlack() as slack:
        slack.channel("C1")
        slack.channel("C2")
        yield Bench(slack, slack.install())


def send(bench: Bench, stores: Stores) -> int:
    """Send what may be sent now; how many messages that was."""

    async def drained(poster: SlackPoster) -> int:
        judge = Judge(stores.papers, poster, lease=LEASE, look_after=LOOK_AFTER)
        return await Sender("slack", stores.outbox, stores.channels, judge, paces).drain()

    return bench.ask(drained)


def states(stores: Stores, where: Destination) -> list[str]:
    return [record.state for record in reversed(stores.outbox.history(where))]


def test_a_channel_is_posted_to_once_a_second(bench: Bench, stores: Stores) -> None:
    bench.slack.weather(per_channel=1.0)
    put(stores, *(delivery(number, where=ONE) for number in range(1, 4)))
    assert send(bench, stores) == 3
    at = [float(message.ts) for message in bench.messages]
    assert all(later - earlier > PER_CHANNEL - 0.3 for earlier, later in pairwise(at))
    assert bench.slack.counts["429"] == 0


def test_a_429_holds_up_the_whole_workspace(bench: Bench, stores: Stores) -> None:
    put(stores, delivery(1, where=ONE))
    bench.slack.fail(POST, "429", seconds=30)
    assert send(bench, stores) == 0
    put(stores, delivery(1, where=TWO))
    assert send(bench, stores) == 0
    assert len(bench.slack.called(POST)) == 1
    held = stores.outbox.claim(TWO, LEASE, paces(TWO))
    assert isinstance(held, Held)
    assert held.seconds > 25


def test_a_channel_that_is_archived_is_suspended_and_its_owner_told_in_a_direct_message(
    bench: Bench, stores: Stores
) -> None:
    stores.channels.add(subscription(destination=ONE, created_by="U1"))
    put(stores, delivery(1, where=ONE), delivery(2, where=ONE))
    bench.slack.world.workspaces["T1"].channels["C1"].is_archived = True
    assert send(bench, stores) == 1
    assert states(stores, ONE) == ["pending", "pending"]
    (notice,) = bench.slack.direct("U1")
    assert "archived" in str(notice.blocks)


def test_a_reply_that_slack_lost_is_found_after_a_minute_and_not_before(bench: Bench, stores: Stores) -> None:
    put(stores, delivery(1, where=ONE))
    bench.slack.fail(POST, "hang up after")
    assert send(bench, stores) == 0
    time_passes(stores, 50, ONE)
    assert send(bench, stores) == 0
    assert bench.slack.called("conversations.history") == []
    time_passes(stores, 11, ONE)
    assert send(bench, stores) == 1
    assert (states(stores, ONE), len(bench.messages)) == (["sent"], 1)


def test_without_permission_to_look_it_is_parked_as_possibly_sent(bench: Bench, stores: Stores) -> None:
    blind = Bench(bench.slack, bench.slack.install(scopes=["chat:write"]))
    put(stores, delivery(1, where=ONE))
    bench.slack.fail(POST, "hang up after")
    send(blind, stores)
    time_passes(stores, 61, ONE)
    send(blind, stores)
    (record,) = stores.outbox.history(ONE)
    assert record.state == "parked"
    assert "channels:history" in record.detail
    assert len(bench.messages) == 1
