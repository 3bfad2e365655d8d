"""What people do on the strict Discord, and how discord.py's answers are taken: commands, buttons, menus, forms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Guild, Impossible, StrictDiscord, User, deny
from tests.fakes.discord.options import nested
from tests.fakes.discord.payloads import EPHEMERAL, IS_COMPONENTS_V2
from tests.fakes.discord.permissions import MANAGE_CHANNELS, SEND_MESSAGES, USE_APPLICATION_COMMANDS, in_channel
from tests.fakes.discord.world import FORUM
from tests.integration.discord_bot import Bot, Json, card, point, running


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictDiscord]:
    with StrictDiscord() as platform:
        point(monkeypatch, platform)
        yield platform


@pytest.fixture
def guild(platform: StrictDiscord) -> Guild:
    return platform.guild("Lab", locale="de")


@pytest.fixture
def ada(platform: StrictDiscord, guild: Guild) -> User:
    return platform.user("ada", guild, permissions=MANAGE_CHANNELS, locale="fr")


@pytest.fixture
def bot(platform: StrictDiscord) -> Iterator[Bot]:
    bot = Bot()
    bot.tree.add_command(Papers())
    bot.tree.add_command(app_commands.ContextMenu(name="Find similar papers", callback=similar))
    bot.heard = heard
    with running(bot, platform):
        platform.until(lambda: platform.counts["commands set"])
        yield bot


class Papers(app_commands.Group):
    """Follow, and read."""

    def __init__(self) -> None:
        super().__init__(name="papers", description="Papers for this channel")

    @app_commands.command(description="Follow a query")
    @app_commands.describe(query="What to look for", channel="Where to post", many="How many a day")
    async def follow(
        self,
        interaction: discord.Interaction,
        query: str,
        channel: discord.TextChannel | None = None,
        many: app_commands.Range[int, 1, 9] = 3,
    ) -> None:
        where = f"{channel.mention} {channel.permissions_for(interaction.user).manage_channels}" if channel else "here"  # type: ignore[arg-type] # a member, in a guild
        said = f"{query} {where} {many} {interaction.locale} {interaction.guild_locale} {interaction.context.guild}"
        manages = interaction.permissions.manage_channels, interaction.app_permissions.send_messages
        await interaction.response.send_message(f"{said} {manages}", ephemeral=True)

    @app_commands.command(description="Read the latest")
    async def latest(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.1)
        await interaction.edit_original_response(content="Here they are")
        await interaction.followup.send("and one more")

    @app_commands.command(description="Drop one")
    @app_commands.describe(number="Which one")
    async def drop(self, interaction: discord.Interaction, number: int) -> None:
        await interaction.response.send_message(f"dropped {number}")

    @drop.autocomplete("number")
    async def numbers(self, _interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
        listed = [app_commands.Choice(name=f"{one}: diffusion", value=one) for one in (1, 12, 20)]
        return [one for one in listed if str(one.value).startswith(current)]

    @app_commands.command(description="Say nothing at all")
    async def silence(self, interaction: discord.Interaction) -> None:
        pass


async def similar(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"similar to {message.content}", ephemeral=True)


def callback(interaction: discord.Interaction, kind: int, data: Json | None = None) -> Any:
    """A first answer as raw JSON, as a renderer makes it."""
    route = discord.http.Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback")
    return interaction.client.http.request(route, json={"type": kind, "data": data})


async def heard(interaction: discord.Interaction) -> None:
    """Components and forms."""
    data: Json = dict(interaction.data or {})
    match data["custom_id"].partition(":")[0]:
        case "why":
            await callback(interaction, 4, {**card("Because"), "flags": IS_COMPONENTS_V2 | EPHEMERAL})
        case "up":
            await callback(interaction, 7, {"components": card("Thanked", custom_id="down:1")["components"]})
        case "save":
            note = {"type": 4, "custom_id": "note", "style": 2, "required": False, "max_length": 9}
            label = {"type": 18, "label": "A note", "component": note}
            await callback(interaction, 9, {"custom_id": "saved", "title": "Save", "components": [label]})
        case "saved":
            said = data["components"][0]["component"]["value"]
            await interaction.response.send_message(f"saved: {said}", ephemeral=True)
        case "pick":
            await interaction.response.defer()
            await interaction.followup.send(f"picked {data['values']}")
        case "twice":
            await callback(interaction, 6)
            with pytest.raises(discord.HTTPException, match="already been acknowledged"):
                await callback(interaction, 6)


@pytest.mark.usefixtures("bot")
def test_a_slash_command_carries_what_discord_sends(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    here, there = platform.channel(guild), platform.channel(guild, overwrites=[deny(MANAGE_CHANNELS, ada)])
    act = platform.slash(ada, here, "papers follow", query="diffusion", channel=there, many=9)
    assert act.type == 4
    assert act.is_ephemeral
    assert act.text == f"diffusion <#{there.id}> False 9 fr de True (True, True)"
    (sub,) = act.interaction.sent["data"]["options"]
    assert (sub["name"], sub["type"]) == ("follow", 1)
    assert [(one["name"], one["type"]) for one in sub["options"]] == [("query", 3), ("channel", 7), ("many", 4)]
    told = act.interaction.sent["data"]["resolved"]["channels"][there.id]
    assert int(told["permissions"]) == in_channel(platform.world, there, ada.id)
    assert not int(told["permissions"]) & MANAGE_CHANNELS
    assert act.after is not None
    assert act.after < 1
    assert platform.messages(here) == []
    assert [one["name"] for one in platform.commands()] == ["papers", "Find similar papers"]
    assert platform.counts["commands set"] == 1
    assert platform.violations == []


@pytest.mark.usefixtures("bot")
def test_commands_work_in_threads_posts_and_direct_messages(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    post = platform.thread(platform.channel(guild, kind=FORUM))
    for channel in (platform.thread(platform.channel(guild)), post, platform.direct(ada)):
        act = platform.slash(ada, channel, "papers drop", number=1)
        assert act.text == "dropped 1"
        assert [one.text for one in platform.messages(channel)] == ["dropped 1"]
    assert platform.violations == []


@pytest.mark.usefixtures("bot")
def test_what_was_deferred_comes_with_the_privacy_it_was_deferred_with(
    platform: StrictDiscord, guild: Guild, ada: User
) -> None:
    act = platform.slash(ada, platform.channel(guild), "papers latest")
    assert (act.type, act.is_ephemeral, act.text) == (5, True, "Here they are")
    act.until(lambda one: one.followups)
    assert act.followups[0].text == "and one more"
    assert not act.followups[0].is_ephemeral


@pytest.mark.parametrize("flags", [0, EPHEMERAL])
def test_the_first_message_after_a_deferral_is_as_private_as_the_deferral(
    platform: StrictDiscord, guild: Guild, ada: User, bot: Bot, flags: int
) -> None:
    async def defer(interaction: discord.Interaction) -> None:
        await callback(interaction, 5, {"flags": flags})
        await interaction.followup.send("late", ephemeral=not flags)

    bot.heard = defer
    channel = platform.channel(guild)
    bot.call("POST", f"/channels/{channel.id}/messages", json=card())
    act = platform.click(ada, platform.messages(channel)[0], "why")
    assert (act.text, act.is_ephemeral, act.followups) == ("late", bool(flags), [])
    assert platform.violations == []


def test_options_stand_within_their_sub_command_and_that_within_its_group() -> None:
    assert nested("papers", []) == []
    assert nested("papers log", []) == [{"name": "log", "type": 1, "options": []}]
    within = [{"name": "log", "type": 1, "options": []}]
    assert nested("papers admin log", []) == [{"name": "admin", "type": 2, "options": within}]


@pytest.mark.usefixtures("bot")
def test_autocomplete_is_asked_at_each_keystroke(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    channel = platform.channel(guild)
    offered = platform.keystrokes(ada, channel, "papers drop", "number", "12")
    assert [[one["value"] for one in choices] for choices in offered] == [[1, 12, 20], [1, 12], [12]]
    assert platform.complete(ada, channel, "papers drop", "number", "2")[0]["name"] == "20: diffusion"
    assert platform.violations == []


@pytest.mark.usefixtures("bot")
def test_the_context_menu_of_a_message(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    channel = platform.channel(guild)
    act = platform.menu(ada, "Find similar papers", platform.say(ada, channel, "this one"))
    assert act.text == "similar to this one"
    assert platform.violations == []


def test_buttons_answer_change_and_open_forms(platform: StrictDiscord, guild: Guild, ada: User, bot: Bot) -> None:
    channel = platform.channel(guild)
    path = f"/channels/{channel.id}/messages"
    for custom_id in ("why:1", "up:1", "save:1", "twice:1"):
        bot.call("POST", path, json=card(custom_id=custom_id))
    why, up, save, twice = platform.messages(channel)
    told = platform.click(ada, why, "why")
    assert (told.type, told.text, told.is_ephemeral) == (4, "Because", True)
    assert platform.click(ada, told.message, "Why").text == "Because"
    changed = platform.click(ada, up, "up:1")
    assert (changed.type, changed.message) == (7, up)
    assert (up.text, up.custom_ids) == ("Thanked", ["down:1"])
    form = platform.click(ada, save, "save")
    assert (form.type, form.modal["title"]) == (9, "Save")
    assert platform.submit(ada, form, note="later").text == "saved: later"
    assert platform.violations == []
    assert platform.click(ada, twice, "twice").type == 6
    platform.until(lambda: platform.violations)
    assert "40060" in platform.violations[0]


def test_a_menu_sends_the_values_of_what_was_chosen(platform: StrictDiscord, guild: Guild, ada: User, bot: Bot) -> None:
    channel = platform.channel(guild)
    options = [{"label": "Daily", "value": "day"}, {"label": "Weekly", "value": "week"}]
    menu = {"type": 3, "custom_id": "pick:1", "options": options}
    body = {"content": "When?", "components": [{"type": 1, "components": [menu]}]}
    bot.call("POST", f"/channels/{channel.id}/messages", json=body)
    act = platform.select(ada, platform.messages(channel)[0], "pick", ["Weekly"])
    assert act.type == 6
    assert act.until(lambda one: one.followups).followups[0].text == "picked ['week']"


@pytest.mark.usefixtures("bot")
def test_what_nobody_could_do_is_an_error_of_the_test(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    channel = platform.channel(guild)
    closed = platform.channel(guild, overwrites=[deny(USE_APPLICATION_COMMANDS, guild)])
    eve = platform.user("eve", guild)
    tries: dict[str, Callable[[], object]] = {
        "there is no command news": lambda: platform.slash(ada, channel, "news"),
        "there is no papers fetch": lambda: platform.slash(ada, channel, "papers fetch"),
        "is to be followed by": lambda: platform.slash(ada, channel, "papers"),
        "option query is required": lambda: platform.slash(ada, channel, "papers follow"),
        "no option colour": lambda: platform.slash(ada, channel, "papers follow", query="a", colour="red"),
        "of type 4": lambda: platform.slash(ada, channel, "papers drop", number="1"),
        "not between 1 and 9": lambda: platform.slash(ada, channel, "papers follow", query="a", many=10),
        "cannot use commands": lambda: platform.slash(eve, closed, "papers latest"),
        "completes no query": lambda: platform.complete(ada, channel, "papers follow", "query", "x"),
    }
    for told, act in tries.items():
        with pytest.raises(Impossible, match=told):
            act()
    private = platform.slash(ada, channel, "papers follow", query="a").message
    with pytest.raises(Impossible, match="only"):
        platform.click(eve, private, "why")


@pytest.mark.usefixtures("bot")
def test_a_command_that_is_not_answered_in_time_is_noted(platform: StrictDiscord, guild: Guild, ada: User) -> None:
    act = platform.slash(ada, platform.channel(guild), "papers silence")
    assert act.type is None
    assert "was not answered" in platform.violations[0]


def test_a_token_ends_after_fifteen_minutes_and_the_first_answer_after_three_seconds(
    platform: StrictDiscord, guild: Guild, ada: User, bot: Bot
) -> None:
    channel = platform.channel(guild, overwrites=[deny(SEND_MESSAGES, guild)])
    act = platform.slash(ada, channel, "papers drop", number=1)
    hook = f"/webhooks/{platform.bot.id}/{act.interaction.token}"
    assert bot.call("GET", f"{hook}/messages/@original")["content"] == "dropped 1"
    bot.call("PATCH", f"{hook}/messages/@original", json={"content": "dropped one"})
    assert act.text == "dropped one"
    platform.world.ahead = 901
    with pytest.raises(discord.HTTPException) as refused:
        bot.call("POST", hook, json={"content": "too late"})
    assert (refused.value.status, refused.value.code) == (401, 50027)
    platform.just_before("create_interaction_response", lambda: setattr(platform.world, "ahead", 905))
    late = platform.slash(ada, channel, "papers drop", number=2)
    assert late.type is None
    assert any("10062" in one for one in platform.violations)


def test_commands_that_are_wrong_are_refused_as_a_whole(platform: StrictDiscord, bot: Bot) -> None:
    before = platform.commands()
    with pytest.raises(discord.HTTPException, match="name is invalid") as refused:
        bot.call("PUT", f"/applications/{platform.bot.id}/commands", json=[{"name": "two words", "description": "x"}])
    assert refused.value.code == 50035
    assert platform.commands() == before
    with pytest.raises(discord.Forbidden):
        bot.call("PUT", "/applications/1/commands", json=[])
