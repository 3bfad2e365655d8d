"""Two guilds with one person in both: nothing of the one is seen, changed or spent in the other."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.discord import acts
from papers.model import Want
from tests.fakes.discord import Channel, Guild, User, deny
from tests.fakes.discord.permissions import SEND_MESSAGES
from tests.integration.discordline import (
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    DiscordLine,
    anybody,
    ask,
    brought,
    button,
    destination,
    posted,
    press,
    soon,
    subscribe,
    told,
    wants,
)


@dataclass
class Next:
    """The other guild: `user` manages channels in both."""

    guild: Guild
    channel: Channel
    user: User


@pytest.fixture
def other(hall: DiscordLine) -> Next:
    """The words "diffusion OR secret" are subscribed to in the first guild alone."""
    guild = hall.discord.guild("Next door")
    user = hall.discord.user("both", hall.guild, guild, permissions=MANAGE_CHANNELS)
    subscribe(hall, user, None, query="diffusion OR secret")
    return Next(guild, hall.discord.channel(guild, "papers"), user)


def test_what_one_says_of_its_channel_says_nothing_of_the_others(hall: DiscordLine, other: Next) -> None:
    brought(hall, count=2)
    ask(hall, "settings", other.user, None, name="format", value="full")
    for command, options in (
        ("list", {}),
        ("log", {}),
        ("why", {"paper": "2603.00001"}),
        ("settings", {}),
        ("test", {"what": "1"}),
        ("edit", {"number": 1}),
        ("edit", {"number": 1, "what": "maps"}),
    ):
        said = told(ask(hall, command, other.user, other.channel, **options))
        assert "secret" not in said
        assert "sent" not in said
        assert "show whole abstracts" not in said


def test_what_was_asked_for_and_is_subscribed_to_is_not_offered_next_door(hall: DiscordLine, other: Next) -> None:
    ask(hall, "search", other.user, None, query="secret plans")
    for words, option in (("search", "query"), ("subscribe", "query"), ("edit", "number"), ("unsubscribe", "number")):
        path = f"papers {words}"
        soon(lambda path=path, option=option: hall.discord.complete(other.user, hall.channel, path, option, ""))  # type: ignore[misc] # at once
        assert hall.discord.complete(other.user, other.channel, path, option, "") == []


def test_posts_and_votes_stay_where_they_belong(hall: DiscordLine, other: Next) -> None:
    subscribe(hall, other.user, other.channel, query="graphs")
    brought(hall, count=2)
    hall.discord.until(lambda: len(posted(hall, other.channel)) == 2)
    ours, theirs = posted(hall)[0], posted(hall, other.channel)[0]
    assert "Graphs" not in told(ours)
    assert "Diffusion" not in told(theirs)
    press(hall, ours, acts.UP, "2603.00001", other.user)
    assert "👍 1" in told(ask(hall, "list", other.user))
    assert "👍 1" not in told(ask(hall, "list", other.user, other.channel))


def test_a_draft_of_one_cannot_be_saved_seen_or_cancelled_in_the_other(hall: DiscordLine, other: Next) -> None:
    draft = ask(hall, "subscribe", other.user, None, about="secret plans", volume="~1/day")
    stolen = button(draft, acts.SAVE).partition(":")[2]
    for verb in (acts.SAVE, acts.TIGHTEN, acts.CANCEL):
        there = ask(hall, "subscribe", other.user, other.channel, about="graphs", volume="~1/day")
        for part in there.message.parts:
            if acts.verb(str(part.get("custom_id", ""))) == verb:
                part["custom_id"] = f"{verb}:{stolen}"  # which no Discord lets anybody do
        said = told(press(hall, there, verb, stolen, other.user))
        assert "waits no more" in said
        assert "secret" not in said
    assert wants(hall, destination(other.channel)) == []
    assert "Subscribed: #2" in told(press(hall, draft, acts.SAVE, user=other.user))


def test_a_form_of_one_edits_nothing_in_the_other(hall: DiscordLine, other: Next) -> None:
    subscribe(hall, other.user, other.channel, query="graphs")
    form = ask(hall, "edit", other.user, other.channel, number=1)
    draft = hall.discord.submit(other.user, form, query="maps")
    press(hall, draft, acts.SAVE, user=other.user)
    assert wants(hall, destination(other.channel)) == [Want(query="maps")]
    assert wants(hall) == [Want(query="diffusion OR secret")]


def test_a_repair_button_of_one_reopens_nothing_in_the_other(hall: DiscordLine, other: Next) -> None:
    discord = hall.discord
    subscribe(hall, other.user, other.channel, query="graphs")
    for channel in (hall.channel, other.channel):
        discord.update_channel(channel, overwrites=[deny(SEND_MESSAGES, discord.bot)])
    discord.until(lambda: len(discord.dms(other.user)) == 2)
    (news,) = [one for one in discord.dms(other.user) if hall.channel.id in one.text]
    hall.stores.outbox.unsuspend(destination(other.channel), hall._clock())
    hall.stores.outbox.suspend(destination(other.channel), "for a test", "cause")
    press(hall, news, acts.REPAIR, hall.channel.id, other.user)
    assert "for a test" in told(ask(hall, "list", other.user, other.channel))


@pytest.mark.usefixtures("long_minute")
def test_commands_spent_in_one_are_not_missed_in_the_other(hall: DiscordLine, other: Next) -> None:
    for _ in range(30):
        ask(hall, "help", other.user)
    assert "that was a lot" in told(ask(hall, "help", other.user))
    assert "that was a lot" not in told(ask(hall, "help", other.user, other.channel))
    assert "that was a lot" not in told(ask(hall, "help", anybody(hall)))


def test_an_admin_of_one_is_nobody_in_the_other(hall: DiscordLine, other: Next) -> None:
    discord = hall.discord
    discord.role(hall.guild, "admins", MANAGE_GUILD, other.user)
    ask(hall, "settings", other.user, hall.channel, name="changes", value="admins")
    there = discord.user("admin", other.guild, permissions=MANAGE_GUILD | MANAGE_CHANNELS)
    ask(hall, "settings", there, other.channel, name="changes", value="admins")
    assert "Paused" in told(ask(hall, "pause", other.user))
    assert "only admins" in told(ask(hall, "pause", other.user, other.channel))
    other.guild.members[other.user.id] = set()
    assert "⚠" in told(ask(hall, "instant", other.user, other.channel))


def test_one_guild_that_leaves_takes_nothing_from_the_other(hall: DiscordLine, other: Next) -> None:
    subscribe(hall, other.user, other.channel, query="diffusion")
    hall.discord.remove_guild(other.guild)
    brought(hall, count=2)
    assert posted(hall, other.channel) == []
    assert "diffusion OR secret" in told(ask(hall, "list", other.user))
