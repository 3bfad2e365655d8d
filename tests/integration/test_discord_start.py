"""A bot that is started while Discord is away, or is not where it is looked for; and what `doctor` says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.checked import Checked
from bot.discord import checkup as discord_checkup
from bot.discord import login
from bot.discord.api import Api
from bot.discord.wiring import discord_bot
from bot.slack import checkup as slack_checkup
from papers.errors import SettingsError
from papers.settings import Settings
from papers.stores.server import Server
from tests.fakes.answering import Answering, Asker
from tests.fakes.discord import StrictDiscord
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DiscordLine, ask, told

ME, GATEWAY, COMMANDS = "get_my_user", "get_bot_gateway", "bulk_set_application_commands"
AWAY = "discord is out of reach"


class Elsewhere(Answering):
    """A web server that is neither Discord nor Slack."""

    status = 404

    def answer(self, asker: Asker) -> None:
        asker.reply(self.status, b"<p>Nothing here</p>", {"Content-Type": "text/html"})


@pytest.fixture
def stopped(
    server: Server,
    upstream: Upstream,
    platform: StrictDiscord,
    quick_shards: None,
    monkeypatch: pytest.MonkeyPatch,
) -> DiscordLine:
    """The bot, not yet at work; it tries again soon."""
    del quick_shards
    monkeypatch.setattr(login, "FIRST_PAUSE", 0.01)
    return DiscordLine(server, upstream, platform)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as found:
        yield found


@pytest.mark.parametrize("call", [ME, GATEWAY, COMMANDS])
def test_a_discord_that_is_away_at_the_start_is_waited_for(stopped: DiscordLine, call: str) -> None:
    stopped.discord.fail(call, "503", times=2)
    with capture_logs() as said, stopped.running():
        assert "/papers" in told(ask(stopped, "help"))
    assert [one["error"] for one in said if one["event"] == AWAY] == ["it answered 503"] * 2


@pytest.mark.parametrize(("status", "setting"), [("403", "DISCORD_BOT_TOKEN"), ("404", "DISCORD_API_BASE_URL")])
@pytest.mark.parametrize("call", [ME, GATEWAY])
def test_what_waiting_does_not_mend_ends_the_bot_with_the_setting(
    stopped: DiscordLine, call: str, status: str, setting: str
) -> None:
    stopped.discord.fail(call, status)
    with pytest.raises(SettingsError, match=setting), stopped.running():
        pass


def test_a_bot_that_waits_for_discord_stops_at_once(stopped: DiscordLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "FIRST_PAUSE", 60.0)
    stopped.discord.fail(ME, "503", times=None)
    _until_it_waits(stopped)


def test_a_403_that_is_not_discords_own_is_waited_for(stopped: DiscordLine, elsewhere: Elsewhere) -> None:
    elsewhere.status = 403
    stopped.core.settings = stopped.core.settings.model_copy(update={"discord_api_base_url": elsewhere.address})
    said = _until_it_waits(stopped)
    assert "something before Discord" in next(one["error"] for one in said if one["event"] == AWAY)


@pytest.mark.parametrize(("status", "named"), [("403", "DISCORD_BOT_TOKEN"), ("404", "BASE_URL"), ("503", "BASE_URL")])
def test_doctor_blames_the_token_only_for_what_discord_says_of_it(
    platform: StrictDiscord, status: str, named: str
) -> None:
    platform.fail("get_my_application", status)
    (found,) = _discord(platform.api_url, platform.token)
    assert found.grade == "bad"
    assert named in found.what + found.mend
    assert ("TOKEN" in found.what) == (status == "403")
    assert status in found.what or status == "403"


def test_doctor_does_not_blame_tokens_for_another_servers_answers(elsewhere: Elsewhere) -> None:
    (of_discord,) = _discord(elsewhere.address, "a token")
    assert "404" in of_discord.what
    assert "DISCORD_API_BASE_URL" in of_discord.mend
    elsewhere.status = 501
    settings = {
        "slack_api_base_url": f"{elsewhere.address}/api/",
        "slack_bot_token": "xoxb-1",
        "slack_app_token": "xapp-1",
    }
    of_slack = asyncio.run(_all(slack_checkup.examine(Settings.model_validate(settings), None)))
    assert ["SLACK_API_BASE_URL" in one.mend and "TOKEN" not in one.what for one in of_slack] == [True, True]


def _until_it_waits(line: DiscordLine) -> list[EventDict]:
    """What the bot says until it waits for Discord; then it is stopped."""

    async def run() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(discord_bot(line.core).run(stop, lambda: None))
        while not any(one["event"] == AWAY for one in said):  # noqa: ASYNC110 - what is said sets no event
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(running, 5)

    with capture_logs() as said:
        asyncio.run(run())
    return list(said)


def _discord(address: str, token: str) -> list[Checked]:
    async def look() -> list[Checked]:
        api = Api(token, address)
        try:
            return await _all(discord_checkup.examine(api))
        finally:
            await api.close()

    return asyncio.run(look())


async def _all(looked: AsyncIterator[Checked]) -> list[Checked]:
    return [one async for one in looked]
