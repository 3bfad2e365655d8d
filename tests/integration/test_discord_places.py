"""Where posts go from where one subscribed: threads, forums and their posts, announcements, direct messages."""

from __future__ import annotations

import pytest

from bot.discord import acts
from papers.model import Want
from tests.fakes.discord import Channel
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    DAY,
    DiscordLine,
    ask,
    brought,
    destination,
    personal,
    press,
    soon,
    subscribe,
    told,
    wants,
)

ANNOUNCEMENTS = 5
FORUM = 15


@pytest.fixture
def busy(hall: DiscordLine, upstream: Upstream) -> DiscordLine:
    """A day that is more than a headline."""
    papers = [
        item(f"2603.{n:05}", f"Diffusion number {n}", upvotes=99 - n, summary=f"We count to {n}.") for n in range(1, 9)
    ]
    upstream.day(DAY, papers)
    return hall


def thread_names(line: DiscordLine, channel: Channel) -> list[str]:
    """The names of a channel's threads, or of a forum's posts."""
    return [one.name for one in line.discord.threads(channel)]


@pytest.mark.parametrize("kind", [0, ANNOUNCEMENTS])
def test_a_headline_stands_in_the_channel_and_the_rest_in_its_thread(busy: DiscordLine, kind: int) -> None:
    channel = busy.discord.channel(busy.guild, "news", kind)
    subscribe(busy, None, channel, query="diffusion")
    brought(busy, channel, 3)
    (headline,) = busy.discord.messages(channel)
    (thread,) = busy.discord.threads(channel)
    assert thread.id == headline.id
    assert "8 papers" in headline.text
    seen = told(headline, *busy.discord.messages(thread))
    assert all(f"Diffusion number {n}" in seen for n in range(1, 9))
    assert "We count to 1" in told(*busy.discord.messages(thread))


def test_flat_replies_stand_in_the_channel(busy: DiscordLine) -> None:
    ask(busy, "settings", name="replies", value="flat")
    subscribe(busy, query="diffusion")
    messages = brought(busy, count=3)
    assert busy.discord.threads(busy.channel) == []
    assert all(f"Diffusion number {n}" in told(*messages) for n in range(1, 9))


def test_a_forum_gets_one_post_a_digest_with_the_rest_in_it(busy: DiscordLine, upstream: Upstream) -> None:
    forum = busy.discord.channel(busy.guild, "digests", FORUM)
    inside = busy.discord.thread(forum, "somebody's post", owner=busy.ada)
    assert "Subscribed" in told(subscribe(busy, None, inside, query="diffusion"))
    assert wants(busy, destination(forum)) == [Want(query="diffusion")]
    brought(busy, forum, 3)
    _, post = busy.discord.threads(forum)
    headline, *rest = busy.discord.messages(post)
    assert "8 papers" in headline.text
    assert rest
    upstream.day("2026-03-11", [item("2603.00100", "Diffusion for tunes", upvotes=3)])
    brought(busy, forum, 4)
    assert len(thread_names(busy, forum)) == 3
    assert "tunes" in told(*busy.discord.messages(busy.discord.threads(forum)[-1]))
    assert busy.discord.messages(inside) == []


def test_a_thread_stands_for_the_channel_that_it_belongs_to(busy: DiscordLine) -> None:
    thread = busy.discord.thread(busy.channel, "chat", owner=busy.grace)
    subscribe(busy, None, thread, query="diffusion")
    assert wants(busy) == [Want(query="diffusion")]
    assert "diffusion" in told(ask(busy, "list", busy.grace))
    assert "diffusion" in told(ask(busy, "list", busy.grace, thread))
    brought(busy, count=2)
    assert busy.discord.messages(thread) == []
    assert len(busy.discord.messages(busy.channel)) == 1
    assert "Unsubscribed" in told(ask(busy, "unsubscribe", busy.ada, thread, number=1))


def test_buttons_in_a_digests_thread_are_the_channels(busy: DiscordLine) -> None:
    subscribe(busy, query="diffusion")
    brought(busy, count=3)
    (thread,) = busy.discord.threads(busy.channel)
    last = busy.discord.messages(thread)[-1]
    papers = [one for one in last.custom_ids if acts.verb(one) == acts.UP]
    busy.discord.click(busy.grace, last, papers[0])
    assert "👍 1" in told(ask(busy, "list"))


def test_direct_messages_with_the_bot_are_ones_personal_channel(busy: DiscordLine) -> None:
    discord = busy.discord
    mine = discord.direct(busy.grace)
    assert "No subscriptions" in told(ask(busy, "list", busy.grace, mine))
    assert "Subscribed" in told(subscribe(busy, busy.grace, mine, query="diffusion"))
    assert wants(busy, personal(busy.grace)) == [Want(query="diffusion")]
    assert wants(busy) == []
    busy.poll()
    busy.work()
    discord.until(lambda: len(discord.dms(busy.grace)) >= 2)
    headline = discord.dms(busy.grace)[0]
    assert "8 papers" in headline.text
    voted = press(busy, headline, acts.UP, "2603.00001", busy.grace)
    assert "👍 1" in told(voted)
    assert "sent" in told(ask(busy, "log", busy.grace, mine))
    assert "No subscriptions" in told(ask(busy, "list", busy.ada, discord.direct(busy.ada)))


def test_a_personal_channel_takes_every_command(hall: DiscordLine) -> None:
    mine = hall.discord.direct(hall.grace)
    subscribe(hall, hall.grace, mine, query="diffusion")
    for command, options, answer in (
        ("daily", {"at": "09:00", "zone": "Europe/Berlin"}, "Schedule set"),
        ("settings", {"name": "format", "value": "full"}, "Settings kept"),
        ("pause", {}, "Paused"),
        ("resume", {}, "Posting again"),
        ("edit", {"number": 1, "what": "maps"}, "Not saved yet"),
        ("unsubscribe", {"number": 1}, "Unsubscribed"),
    ):
        assert answer in told(ask(hall, command, hall.grace, mine, **options))


def test_whoever_takes_no_direct_messages_is_not_written_to_in_vain(hall: DiscordLine) -> None:
    discord, mine = hall.discord, hall.discord.direct(hall.grace)
    subscribe(hall, hall.grace, mine, query="diffusion")
    hall.grace.takes_dms = False
    hall.poll()
    hall.work()
    soon(lambda: hall.stores.outbox.suspended(personal(hall.grace)) is not None)
    assert discord.dms(hall.grace) == []
    hall.grace.takes_dms = True
    assert "Posting again" in told(ask(hall, "resume", hall.grace, mine))
    discord.until(lambda: discord.dms(hall.grace))
