"""Guilds and channels that close and open again: removed, deleted, forbidden, renamed, out of service."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.discord import acts
from papers.model import Subscription, Want
from papers.wiring import clock
from tests.fakes.discord import Message, User, deny
from tests.fakes.discord.permissions import EVERYONE, SEND_MESSAGES, VIEW_CHANNEL
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    DAY,
    DiscordLine,
    anybody,
    ask,
    brought,
    destination,
    posted,
    press,
    soon,
    subscribe,
    told,
    verbs,
)

POST = "create_message"
Happening = Callable[[DiscordLine], object]


def reason(line: DiscordLine) -> str | None:
    """Why nothing is posted to the channel."""
    return line.stores.outbox.suspended(destination(line.channel))


def closed(line: DiscordLine) -> None:
    """Wait until the channel is."""
    soon(lambda: reason(line) is not None)


def opened(line: DiscordLine) -> None:
    """Wait until the channel is."""
    soon(lambda: reason(line) is None)


def news(line: DiscordLine, user: User | None = None) -> Message:
    """What an owner is told, once."""
    owner = user or line.ada
    line.discord.until(lambda: line.discord.dms(owner))
    (only,) = line.discord.dms(owner)
    return only


def late(line: DiscordLine) -> None:
    """Papers come, while the channel is closed; matching goes on, and planning for the others."""
    line.poll()
    line.work()


def settle(line: DiscordLine) -> None:
    """Give the bot the time to have told of something: an event after others is handled after them."""
    ask(line, "help", anybody(line), line.discord.channel(line.guild, "elsewhere"))


def forbid(line: DiscordLine) -> None:
    """In the channel."""
    line.discord.update_channel(line.channel, overwrites=[deny(SEND_MESSAGES, line.discord.bot)])


def hide(line: DiscordLine) -> None:
    """The channel, from all but those who are let in."""
    line.discord.update_channel(line.channel, overwrites=[deny(VIEW_CHANNEL, line.guild)])


def permit(line: DiscordLine) -> None:
    """What was forbidden."""
    line.discord.update_channel(line.channel, overwrites=[])


def everyone(line: DiscordLine, permissions: int) -> None:
    """Let everybody in the guild do this much."""
    line.discord.update_role(line.guild, line.guild.roles[line.guild.id], permissions)


@pytest.mark.parametrize(
    ("closes", "opens"),
    [
        (forbid, permit),
        (hide, permit),
        (lambda line: everyone(line, EVERYONE & ~SEND_MESSAGES), lambda line: everyone(line, EVERYONE)),
    ],
)
def test_a_channel_that_is_forbidden_waits_and_goes_on_when_it_is_permitted(
    hall: DiscordLine, closes: Happening, opens: Happening
) -> None:
    subscribe(hall, query="diffusion -survey")
    closes(hall)
    told_of = news(hall)
    assert "may not post" in told(told_of)
    assert f"<#{hall.channel.id}>" in told(told_of)
    assert acts.REPAIR in verbs(told_of)
    late(hall)
    assert posted(hall) == []
    opens(hall)
    opened(hall)
    assert "Diffusion for maps" in told(brought(hall)[0])
    assert hall.discord.dms(hall.ada) == [told_of]
    assert "10003" not in hall.discord.counts


def test_a_guild_that_removes_the_bot_and_adds_it_again_goes_on(hall: DiscordLine, upstream: Upstream) -> None:
    discord = hall.discord
    other = discord.channel(hall.guild, "more")
    subscribe(hall, query="diffusion -survey")
    subscribe(hall, None, other, query="graphs")
    discord.remove_guild(hall.guild)
    closed(hall)
    assert len(hall.stores.departures.all()) == 1  # so its data is deleted one day
    late(hall)
    assert posted(hall) == []
    assert POST not in discord.counts
    discord.return_guild(hall.guild)
    opened(hall)
    assert hall.stores.departures.all() == {}
    assert "Diffusion for maps" in told(brought(hall)[0])
    assert "Graphs of words" in told(brought(hall, other)[0])
    upstream.day(DAY, [item("2603.00004", "Diffusion for music", upvotes=5)])
    discord.until(lambda: len(posted(hall)) >= 2)
    assert "music" in told(*brought(hall, count=3))


def test_a_guild_that_is_out_of_service_loses_nothing_and_nobody_is_told(hall: DiscordLine) -> None:
    discord = hall.discord
    subscribe(hall, query="diffusion -survey")
    discord.remove_guild(hall.guild, unavailable=True)
    elsewhere = discord.guild("Elsewhere")
    reader = discord.user("reader", elsewhere)
    ask(hall, "help", reader, discord.channel(elsewhere))
    assert reason(hall) is None
    assert hall.stores.departures.all() == {}
    discord.return_guild(hall.guild)
    assert "Diffusion for maps" in told(brought(hall)[0])
    assert discord.dms(hall.ada) == []


def test_a_post_that_meets_an_outage_comes_once_it_is_over(hall: DiscordLine) -> None:
    discord = hall.discord
    subscribe(hall, query="diffusion -survey")
    discord.remove_guild(hall.guild, unavailable=True)
    late(hall)
    discord.until(lambda: discord.counts["get_channel"] + discord.counts[POST])
    discord.return_guild(hall.guild)
    discord.until(lambda: posted(hall), 20)
    assert reason(hall) is None


def test_a_deleted_channel_is_told_of_and_nothing_is_posted_nor_repaired(hall: DiscordLine) -> None:
    discord = hall.discord
    subscribe(hall, query="diffusion -survey")
    discord.delete_channel(hall.channel)
    told_of = news(hall)
    assert "the channel was deleted" in told(told_of)
    before = discord.counts[POST]
    late(hall)
    assert discord.counts[POST] == before
    refused = press(hall, told_of, acts.REPAIR, hall.channel.id)
    assert "does not see that channel" in told(refused)
    assert reason(hall) is not None


def test_each_owner_is_told_once_whatever_comes_twice(hall: DiscordLine) -> None:
    other = anybody(hall)
    for user, query in ((hall.ada, "diffusion"), (hall.ada, "graphs"), (other, "maps")):
        subscribe(hall, user, None, query=query)
    forbid(hall)
    forbid(hall)
    everyone(hall, EVERYONE & ~SEND_MESSAGES)
    hall.discord.delete_channel(hall.channel)
    for user in (hall.ada, other):
        news(hall, user)
    late(hall)
    settle(hall)
    assert [len(hall.discord.dms(user)) for user in (hall.ada, other)] == [1, 1]


def test_repair_is_refused_while_the_bot_still_lacks_what_it_needs(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion -survey")
    forbid(hall)
    refused = press(hall, news(hall), acts.REPAIR, hall.channel.id)
    assert "it lacks Send Messages" in told(refused)
    assert refused.is_ephemeral
    assert reason(hall) is not None


def test_repair_opens_a_channel_that_was_mended_unseen(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion -survey")
    hall.discord.fail(POST, "50013", channel=hall.channel)
    late(hall)
    told_of = news(hall)
    assert posted(hall) == []
    assert "Posting again" in told(press(hall, told_of, acts.REPAIR, hall.channel.id))
    hall.discord.until(lambda: posted(hall))
    assert "Diffusion for maps" in told(posted(hall)[0])


def test_whoever_lost_their_rights_since_repairs_nothing(hall: DiscordLine) -> None:
    discord = hall.discord
    here = destination(hall.channel)
    owner = discord.user("owner", hall.guild)
    stranger = discord.user("stranger", discord.guild("Elsewhere"))
    for user in (owner, stranger):
        line_of = Subscription("", 0, here, Want(query=f"maps {user.id}"), created_by=user.id, created_at=clock())
        hall.stores.channels.add(line_of)
    forbid(hall)
    assert "needs Manage Channels" in told(press(hall, news(hall, owner), acts.REPAIR, hall.channel.id, owner))
    assert "only members" in told(press(hall, news(hall, stranger), acts.REPAIR, hall.channel.id, stranger))
    assert reason(hall) is not None


def test_a_renamed_channel_goes_on_by_its_id(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion -survey")
    hall.discord.update_channel(hall.channel, name="renamed")
    settle(hall)
    assert reason(hall) is None
    assert brought(hall)
    assert hall.discord.dms(hall.ada) == []


def test_a_channel_without_subscriptions_closes_without_a_word_and_leaves_nothing(hall: DiscordLine) -> None:
    forbid(hall)
    permit(hall)
    hall.discord.delete_channel(hall.channel)
    settle(hall)
    assert hall.discord.dms(hall.ada) == []
    assert hall.stores.server.call("KEYS", f"*{hall.channel.id}*") == []


def test_the_channels_own_list_says_why_and_repairs(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion -survey")
    hall.stores.outbox.suspend(destination(hall.channel), "for a test", "cause")
    listed = ask(hall, "list")
    assert "Nothing can be posted here: for a test" in told(listed)
    assert "Posting again" in told(press(hall, listed, acts.SAY, "resume"))
    assert "Nothing can be posted" not in told(ask(hall, "list"))
