"""When what the bot stands on fails it: Valkey gone for a moment, Discord slow or refusing; and that it lives on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.discord import acts
from cli.embedded import EmbeddedValkey
from papers.errors import SettingsError
from papers.stores import keys
from papers.stores.server import Server
from tests.fakes.discord import StrictDiscord
from tests.fakes.entries import arxiv_entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    DiscordLine,
    admins_only,
    anybody,
    ask,
    button,
    destination,
    posted,
    press,
    soon,
    subscribe,
    told,
    wants,
)

FIRST = "create_interaction_response"
CHANGE = "update_original_webhook_message"
FOLLOW = "execute_webhook"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey that may be stopped."""
    valkey = EmbeddedValkey(tmp_path / "own")
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def frail(
    own: EmbeddedValkey, upstream: Upstream, platform: StrictDiscord, quick_shards: None
) -> Iterator[DiscordLine]:
    """The bot at work over a Valkey that may be stopped."""
    del quick_shards
    server = Server(own.url)
    line = DiscordLine(server, upstream, platform)
    with line.running():
        yield line
    server.close()


def test_without_valkey_each_asker_is_told_once_and_with_it_all_goes_on(
    own: EmbeddedValkey, frail: DiscordLine
) -> None:
    discord = frail.discord
    frail.poll()
    subscribe(frail, query="diffusion")
    draft = ask(frail, "subscribe", query="graphs")
    found = ask(frail, "search", query="diffusion " + "OR diffusion " * 30)
    listed = ask(frail, "list")
    form = ask(frail, "subscribe")
    linked = discord.say(frail.grace, frail.channel, "https://arxiv.org/abs/2603.00001")
    own.stop()
    answers = [
        ask(frail, "list"),
        ask(frail, "search", query="maps"),
        ask(frail, "subscribe", query="maps"),
        ask(frail, "edit", number=1),
        press(frail, draft, acts.SAVE),
        press(frail, listed, acts.SAY, "settings"),
        press(frail, listed, acts.FORM, "#1"),
        discord.click(frail.ada, found.message, "Subscribe to this"),
        discord.submit(frail.ada, form, query="maps"),
        discord.menu(frail.ada, "Find similar papers", linked),
    ]
    for act in answers:
        assert "again" in told(act), act
        assert len(act.followups) <= 1
    shared = discord.click(frail.ada, found.message, "Post here")
    assert "again" in told(shared.until(lambda act: act.followups))
    assert discord.messages(frail.channel) == [linked]
    for words, option in (("edit", "number"), ("search", "query")):
        assert discord.complete(frail.ada, frail.channel, f"papers {words}", option, "") == []
    own.start()
    assert "diffusion" in told(ask(frail, "list"))
    assert "Subscribed" in told(press(frail, draft, acts.SAVE).message)


def test_what_happens_without_valkey_ends_nothing_and_posts_come_when_it_is_back(
    own: EmbeddedValkey, frail: DiscordLine
) -> None:
    subscribe(frail, query="diffusion")
    own.stop()
    frail.discord.update_channel(frail.channel, name="renamed")
    frail.discord.remove_guild(frail.discord.guild("Elsewhere"))
    assert "again" in told(ask(frail, "list"))
    own.start()
    frail.poll()
    frail.work()
    frail.discord.until(lambda: len(posted(frail)) == 2)


def test_a_token_that_is_refused_at_the_start_is_named(
    server: Server, upstream: Upstream, platform: StrictDiscord, quick_shards: None
) -> None:
    del quick_shards
    line = DiscordLine(server, upstream, platform)
    platform.reset_token()
    with pytest.raises(SettingsError, match="DISCORD_BOT_TOKEN"), line.running():
        pass


def test_a_token_that_is_reset_ends_the_bot_with_its_name(
    server: Server, upstream: Upstream, platform: StrictDiscord, quick_shards: None
) -> None:
    del quick_shards
    line = DiscordLine(server, upstream, platform)
    with pytest.raises(SettingsError, match="DISCORD_BOT_TOKEN"), line.running():  # noqa: PT012 - it ends by itself
        platform.reset_token()
        platform.close_connections(4000)
        soon(lambda: not any(one.name == "discord bot" for one in threading.enumerate()))


def test_the_gateway_may_drop_reconnect_and_call_sessions_invalid(hall: DiscordLine) -> None:
    discord = hall.discord
    subscribe(hall, query="diffusion")
    for happening in (
        discord.drop_connections,
        discord.reconnect,
        lambda: discord.close_connections(4000),
        lambda: discord.invalidate(is_resumable=True),
    ):
        before = discord.counts["resumed"]
        happening()
        discord.until(lambda before=before: discord.counts["resumed"] > before, 20)  # type: ignore[misc] # at once
        assert "diffusion" in told(ask(hall, "list"))
    started = discord.sessions.started
    discord.invalidate()
    discord.until(lambda: discord.sessions.started > started, 20)
    discord.connected()
    assert "diffusion" in told(ask(hall, "list"))
    assert discord.counts["commands set"] == 1
    assert discord.dms(hall.ada) == []


def test_what_was_missed_while_the_gateway_was_away_is_found_out_by_posting(hall: DiscordLine) -> None:
    discord = hall.discord
    subscribe(hall, query="diffusion")
    discord.gateway.is_open = False
    discord.drop_connections()
    soon(lambda: not discord.gateway.connections)
    discord.delete_channel(hall.channel)
    hall.poll()
    hall.work()
    discord.until(lambda: discord.dms(hall.ada))
    assert "the channel was deleted" in told(*discord.dms(hall.ada))
    discord.gateway.is_open = True
    discord.connected()
    assert "/papers" in told(ask(hall, "help", hall.ada, discord.channel(hall.guild)))
    assert len(discord.dms(hall.ada)) == 1


@pytest.mark.parametrize("trouble", ["500 before", "502 before", "429", "slow"])
def test_an_acknowledgement_that_discord_does_not_take_at_first(hall: DiscordLine, trouble: str) -> None:
    hall.discord.fail(FIRST, trouble, seconds=0.3)
    assert "No subscriptions" in told(ask(hall, "list"))
    hall.discord.fail(FIRST, trouble, seconds=0.3)
    form = ask(hall, "subscribe")
    assert "Would have posted" in told(hall.discord.submit(hall.ada, form, query="maps"))


@pytest.mark.parametrize("route", [CHANGE, FOLLOW])
def test_an_answer_that_discord_does_not_take_at_first(hall: DiscordLine, route: str) -> None:
    hall.poll()
    draft = ask(hall, "subscribe", query="maps")
    admins_only(hall)
    for trouble in ("500 before", "503 before", "429", "hang up before", "slow"):
        hall.discord.fail(route, trouble, seconds=0.3)
        if route == CHANGE:
            assert "/papers" in told(ask(hall, "help", anybody(hall))), trouble
        else:
            assert "only admins" in told(press(hall, draft, acts.SAVE)), trouble


def test_what_discord_does_not_take_at_all_is_let_go_and_the_bot_lives_on(hall: DiscordLine) -> None:
    hall.discord.fail(CHANGE, "10015")
    assert "again" in told(ask(hall, "list"))
    hall.discord.patience = 0.5
    hall.discord.fail(CHANGE, "10015")
    hall.discord.fail(FOLLOW, "10015")
    assert ask(hall, "list").is_loading
    hall.discord.patience = 10.0
    assert "No subscriptions" in told(ask(hall, "list"))


def test_a_message_that_is_gone_when_its_button_is_answered_breaks_nothing(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    hall.poll()
    hall.work()
    hall.discord.until(lambda: len(posted(hall)) == 2)
    headline = posted(hall)[0]
    name = button(headline, acts.UP, "2603.00001")
    hall.discord.just_before(FIRST, lambda: hall.discord.delete_message(headline))
    assert "👍 1" in told(hall.discord.click(hall.ada, headline, name))


def test_a_service_that_breaks_is_apologised_for_and_the_next_command_is_answered(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    listed = ask(hall, "list")
    kept = keys.subscriptions(destination(hall.channel))
    hall.stores.server.call("HSET", kept, "1", "no JSON")
    for act in (
        ask(hall, "list"),
        ask(hall, "edit", number=1),
        press(hall, listed, acts.FORM, "#1"),
        press(hall, listed, acts.SAY, "test 1"),
        press(hall, listed, acts.TURN, "unsubscribe 1"),
    ):
        assert "something broke on Paperboy's side" in told(act)
        assert len(act.followups) <= 1
    assert hall.discord.complete(hall.ada, hall.channel, "papers edit", "number", "") == []
    hall.stores.server.call("DEL", kept)
    assert "No subscriptions" in told(ask(hall, "list"))
    assert wants(hall) == []


def test_what_is_being_answered_when_the_bot_stops_is_still_answered(
    server: Server, upstream: Upstream, platform: StrictDiscord, quick_shards: None
) -> None:
    del quick_shards
    upstream.feed("/rss", rss([arxiv_entry("2603.00009v1", "Agents")]))
    upstream.fail("slow", path="/rss", seconds=1.0)
    line = DiscordLine(server, upstream, platform)
    platform.patience = 0.0
    with line.running():
        act = ask(line, "subscribe", feed=f"{upstream.url}/rss")
        was_loading = act.is_loading
        time.sleep(0.1)
    assert was_loading
    assert not act.is_loading
    assert "Would have posted" in told(act)
