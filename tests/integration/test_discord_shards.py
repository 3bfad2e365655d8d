"""Many guilds: shards in one process, and several processes that share the shards and one outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.discord import acts
from papers.stores.server import Server
from tests.fakes.discord import Channel, Guild, StrictDiscord, User, deny
from tests.fakes.discord.permissions import SEND_MESSAGES
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    MANAGE_CHANNELS,
    DiscordLine,
    ask,
    destination,
    posted,
    press,
    soon,
    subscribe,
    told,
)

SHARDS = 3
TOLD = "commands set"


class Town:
    """A guild on each shard, with a channel and somebody who manages it."""

    def __init__(self, platform: StrictDiscord) -> None:
        self.guilds: list[Guild] = []
        self.channels: list[Channel] = []
        self.people: list[User] = []
        for shard in range(SHARDS):
            long_ago = 3_000_000 + shard  # milliseconds from 2015 on: a guild is on shard (id >> 22) % of
            guild = platform.guild(f"On shard {shard}", id_=str(long_ago << 22))
            self.guilds.append(guild)
            self.channels.append(platform.channel(guild))
            self.people.append(platform.user("somebody", guild, permissions=MANAGE_CHANNELS))


@pytest.fixture
def town(platform: StrictDiscord) -> Town:
    """One guild a shard."""
    return Town(platform)


@pytest.fixture
def one(
    server: Server, upstream: Upstream, platform: StrictDiscord, town: Town, quick_shards: None
) -> Iterator[DiscordLine]:
    """One process with every shard."""
    del town, quick_shards
    line = DiscordLine(server, upstream, platform, discord_shard_count=SHARDS)
    with line.running():
        yield line


@pytest.fixture
def several(
    server: Server, upstream: Upstream, platform: StrictDiscord, town: Town, quick_shards: None
) -> Iterator[DiscordLine]:
    """Two processes: one with shard 0, one with the others."""
    del town, quick_shards
    first = DiscordLine(server, upstream, platform, discord_shard_ids=(0,), discord_shard_count=SHARDS)
    second = DiscordLine(server, upstream, platform, beside=first, discord_shard_ids=(1, 2), discord_shard_count=SHARDS)
    with ExitStack() as both:
        both.enter_context(first.running())
        both.enter_context(second.running())
        yield first


def lively(line: DiscordLine, town: Town) -> None:
    """Somebody subscribes on every shard, reads the post, votes, and sees it in the log."""
    discord = line.discord
    for user, channel in zip(town.people, town.channels, strict=True):
        assert "Subscribed: #1" in told(subscribe(line, user, channel, query="diffusion"))
    line.poll()
    line.work()
    for user, channel in zip(town.people, town.channels, strict=True):
        discord.until(lambda channel=channel: len(posted(line, channel)) == 2)  # type: ignore[misc] # at once
        assert "👍 1 · 👎 0" in told(press(line, posted(line, channel)[0], acts.UP, "2603.00001", user))
        assert "sent" in told(ask(line, "log", user, channel))
    assert discord.counts["taken"] == 2 * SHARDS
    assert discord.counts["create_message"] == 2 * SHARDS


def test_one_process_serves_every_shard(one: DiscordLine, town: Town) -> None:
    assert sorted(session.shard for session in one.discord.sessions.all.values()) == [(0, 3), (1, 3), (2, 3)]
    lively(one, town)
    assert one.discord.counts[TOLD] == 1


def test_two_processes_share_the_shards_and_one_outbox_and_double_nothing(several: DiscordLine, town: Town) -> None:
    assert sorted(session.shard for session in several.discord.sessions.all.values()) == [(0, 3), (1, 3), (2, 3)]
    lively(several, town)


def test_direct_messages_are_answered_by_the_process_with_shard_0(several: DiscordLine, town: Town) -> None:
    discord = several.discord
    for user in town.people:
        mine = discord.direct(user)
        assert "Subscribed" in told(subscribe(several, user, mine, query="diffusion -survey"))
    several.poll()
    several.work()
    for user in town.people:
        discord.until(lambda user=user: discord.dms(user))  # type: ignore[misc] # at once


@pytest.mark.parametrize("shard", range(SHARDS))
def test_repair_works_from_a_direct_message_whatever_shard_the_channel_is_of(
    several: DiscordLine, town: Town, shard: int
) -> None:
    discord = several.discord
    user, channel = town.people[shard], town.channels[shard]
    subscribe(several, user, channel, query="diffusion -survey")
    discord.fail("create_message", "50013", channel=channel)
    several.poll()
    several.work()
    discord.until(lambda: discord.dms(user))
    (news,) = discord.dms(user)
    discord.update_channel(channel, overwrites=[deny(MANAGE_CHANNELS, user)])
    ask(several, "list", user, channel)
    assert "needs Manage Channels" in told(press(several, news, acts.REPAIR, channel.id, user))
    discord.update_channel(channel, overwrites=[])
    ask(several, "list", user, channel)
    assert "✓ Posting" in told(press(several, news, acts.REPAIR, channel.id, user))
    discord.until(lambda: len(posted(several, channel)) == 2)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_happens_on_a_shard_is_heard_by_its_process_alone(several: DiscordLine, town: Town, shard: int) -> None:
    discord, outbox = several.discord, several.stores.outbox
    for user, channel in zip(town.people, town.channels, strict=True):
        subscribe(several, user, channel, query="diffusion")
    where = town.channels[shard]
    discord.update_channel(where, overwrites=[deny(SEND_MESSAGES, discord.bot)])
    discord.until(lambda: discord.dms(town.people[shard]))
    discord.update_channel(where, overwrites=[])
    soon(lambda: outbox.suspended(destination(where)) is None)
    discord.remove_guild(town.guilds[shard])
    soon(lambda: outbox.suspended(destination(where)) is not None)
    assert sum(outbox.suspended(destination(one)) is not None for one in town.channels) == 1
    assert [len(discord.dms(user)) for user in town.people].count(1) == 1


def test_when_one_process_stops_the_others_shards_and_all_posts_go_on(
    server: Server, upstream: Upstream, platform: StrictDiscord, town: Town, quick_shards: None
) -> None:
    del quick_shards
    first = DiscordLine(server, upstream, platform, discord_shard_ids=(0,), discord_shard_count=SHARDS)
    second = DiscordLine(server, upstream, platform, beside=first, discord_shard_ids=(1, 2), discord_shard_count=SHARDS)
    with second.running():
        with first.running():
            for user, channel in zip(town.people, town.channels, strict=True):
                subscribe(first, user, channel, query="diffusion")
        assert "diffusion" in told(ask(second, "list", town.people[1], town.channels[1]))
        first.poll()
        first.work()
        for channel in town.channels:
            platform.until(lambda channel=channel: len(posted(first, channel)) == 2)  # type: ignore[misc] # at once
    assert platform.counts["create_message"] == 2 * SHARDS
