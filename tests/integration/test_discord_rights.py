"""Who may change what where, what the bot itself needs, and what those are told who may not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord import acts
from tests.fakes.discord import Channel, User, allow, deny
from tests.fakes.discord.permissions import (
    ADMINISTRATOR,
    CREATE_PUBLIC_THREADS,
    EVERYONE,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.integration.discordline import (
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    DiscordLine,
    admins_only,
    ask,
    destination,
    press,
    subscribe,
    told,
    wants,
)

CHANGING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("subscribe", {"query": "maps"}),
    ("edit", {"number": 1, "what": "maps"}),
    ("unsubscribe", {"number": 1}),
    ("forget", {"number": 1}),
    ("repair", {"number": 1}),
    ("daily", {"at": "09:00"}),
    ("weekly", {"day": "mon", "at": "09:00"}),
    ("instant", {}),
    ("pause", {}),
    ("resume", {}),
    ("resend", {"delivery": "ffffff"}),
    ("feed", {"change": "new"}),
    ("feed", {"change": "off"}),
    ("email", {"address": "ada@example.org"}),
    ("settings", {"name": "quiet", "value": "on"}),
    ("settings", {"name": "changes", "value": "members"}),
)
READING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"query": "maps"}),
    ("similar", {"paper": "maps"}),
    ("list", {}),
    ("test", {"what": "1"}),
    ("digest", {}),
    ("trending", {}),
    ("why", {"paper": "2603.00001"}),
    ("log", {}),
    ("settings", {}),
    ("help", {}),
)


def state(line: DiscordLine) -> list[object]:
    """All that is kept of the guild's channels."""
    channels = line.stores.channels
    here = channels.of_workspace("discord", line.guild.id)
    return [(one, channels.channel(one), channels.subscriptions(one)) for one in here]


def test_without_manage_channels_one_reads_and_changes_nothing(hall: DiscordLine) -> None:
    hall.poll()
    subscribe(hall, query="diffusion")
    before = state(hall)
    for command, options in CHANGING:
        refused = told(ask(hall, command, hall.grace, **options))
        assert "needs Manage Channels" in refused, command
        assert "ask somebody who has it" in refused
    for command, options in READING:
        assert "⚠" not in told(ask(hall, command, hall.grace, **options)), command
    assert state(hall) == before


def test_nobody_locks_themselves_out(hall: DiscordLine) -> None:
    before = state(hall)
    said = told(ask(hall, "settings", name="changes", value="admins"))
    assert "you could not take that back" in said
    assert state(hall) == before
    assert "so already" in told(ask(hall, "settings", name="changes", value="members"))
    own = hall.discord.direct(hall.ada)  # where everybody is their own admin
    assert "Settings kept" in told(ask(hall, "settings", hall.ada, own, name="changes", value="admins"))


def test_only_admins_means_manage_server(hall: DiscordLine) -> None:
    admin = hall.discord.user("admin", hall.guild, permissions=MANAGE_GUILD | MANAGE_CHANNELS)
    subscribe(hall, query="diffusion")
    admins_only(hall)
    before = state(hall)
    for command, options in CHANGING:
        assert "only admins" in told(ask(hall, command, **options)), command
    assert state(hall) == before
    assert "Subscribed" in told(subscribe(hall, admin, None, query="maps"))
    ask(hall, "settings", admin, None, name="changes", value="members")
    assert "Subscribed" in told(subscribe(hall, query="graphs"))


@pytest.mark.parametrize("permissions", [ADMINISTRATOR, MANAGE_GUILD | MANAGE_CHANNELS])
def test_whoever_runs_the_server_may(hall: DiscordLine, permissions: int) -> None:
    admins_only(hall)
    admin = hall.discord.user("admin", hall.guild, permissions=permissions)
    assert "Subscribed" in told(subscribe(hall, admin, None, query="maps"))


def test_a_draft_and_a_form_from_before_admins_only_are_not_saved_after(hall: DiscordLine) -> None:
    draft, form = ask(hall, "subscribe", query="maps"), ask(hall, "subscribe")
    admins_only(hall)
    assert "only admins" in told(press(hall, draft, acts.SAVE))
    assert "only admins" in told(hall.discord.submit(hall.ada, form, query="graphs"))
    assert wants(hall) == []


def quiet(line: DiscordLine, user: User, channel: Channel) -> str:
    """Let somebody change something; what they are told."""
    return told(ask(line, "settings", user, channel, name="quiet", value="off"))


def test_manage_channels_is_asked_for_in_that_very_channel(hall: DiscordLine) -> None:
    discord, guild = hall.discord, hall.guild
    barred = discord.channel(guild, "barred", overwrites=[deny(MANAGE_CHANNELS, hall.ada)])
    granted = discord.channel(guild, "granted", overwrites=[allow(MANAGE_CHANNELS, hall.grace)])
    (role,) = (guild.roles[one] for one in guild.members[hall.ada.id])
    barred_as_role = discord.channel(guild, "role", overwrites=[deny(MANAGE_CHANNELS, role)])
    granted_again = discord.channel(
        guild, "both", overwrites=[deny(MANAGE_CHANNELS, guild), allow(MANAGE_CHANNELS, hall.grace)]
    )
    assert "Settings kept" in quiet(hall, hall.ada, hall.channel)
    for where in (barred, barred_as_role, granted_again):
        assert "needs Manage Channels" in quiet(hall, hall.ada, where)
    for where in (granted, granted_again):
        assert "Settings kept" in quiet(hall, hall.grace, where)
    assert "needs Manage Channels" in quiet(hall, hall.grace, hall.channel)


def test_rights_that_are_taken_away_or_given_count_at_once(hall: DiscordLine) -> None:
    discord, guild = hall.discord, hall.guild
    draft = ask(hall, "subscribe", query="maps")
    discord.update_channel(hall.channel, overwrites=[deny(MANAGE_CHANNELS, hall.ada)])
    assert "needs Manage Channels" in told(press(hall, draft, acts.SAVE))
    discord.role(guild, "helpers", MANAGE_CHANNELS, hall.grace)
    assert "Settings kept" in quiet(hall, hall.grace, hall.channel)
    discord.update_channel(hall.channel, overwrites=[])
    assert "Subscribed" in told(press(hall, draft, acts.SAVE))


def test_what_the_bot_lacks_is_named_before_a_post_is_promised(hall: DiscordLine) -> None:
    discord, bot = hall.discord, hall.discord.bot
    for lacking, name in (
        (SEND_MESSAGES, "Send Messages"),
        (CREATE_PUBLIC_THREADS, "Create Public Threads"),
        (SEND_MESSAGES_IN_THREADS, "Send Messages In Threads"),
        (READ_MESSAGE_HISTORY, "Read Message History"),
    ):
        channel = discord.channel(hall.guild, overwrites=[deny(lacking, bot)])
        refused = told(ask(hall, "subscribe", hall.ada, channel, query="maps"))
        assert f"it lacks {name}" in refused
        assert f"give Paperboy's role {name}" in refused
        discord.update_channel(channel, overwrites=[])
        draft = ask(hall, "subscribe", hall.ada, channel, query="maps")
        discord.update_channel(channel, overwrites=[deny(lacking, bot)])
        assert name in told(press(hall, draft, acts.SAVE))
        assert wants(hall, destination(channel)) == []
        discord.update_channel(channel, overwrites=[allow(lacking, bot)])
        assert "Subscribed" in told(press(hall, draft, acts.SAVE))


def test_several_that_it_lacks_are_named_together_and_administrator_lacks_none(hall: DiscordLine) -> None:
    discord = hall.discord
    discord.update_channel(hall.channel, overwrites=[deny(SEND_MESSAGES | READ_MESSAGE_HISTORY, hall.guild)])
    refused = told(ask(hall, "subscribe", query="maps"))
    assert "Send Messages, Read Message History" in refused
    discord.role(hall.guild, "Paperboy", ADMINISTRATOR, discord.bot)
    assert "Subscribed" in told(subscribe(hall, query="maps"))


def test_what_posting_does_not_take_is_not_asked_for(hall: DiscordLine) -> None:
    discord = hall.discord
    needed = EVERYONE & ~(1 << 15)  # files are attached to nothing
    discord.update_role(hall.guild, hall.guild.roles[hall.guild.id], needed)
    assert "Subscribed" in told(subscribe(hall, query="maps"))


def test_reading_and_searching_need_no_permission_of_the_bots(hall: DiscordLine) -> None:
    hall.discord.update_channel(hall.channel, overwrites=[deny(SEND_MESSAGES, hall.discord.bot)])
    hall.poll()
    assert "Diffusion for maps" in told(ask(hall, "search", query="maps"))
