"""A platform that cannot reach its bot makes the role unready, and no longer than that lasts."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.slack import socket, standing
from bot.slack.standing import Standing
from bot.slack.tokens import REFUSED, SURE, OneWorkspace
from cli.health import Health
from papers.connections import Connections
from papers.errors import RetryAfter
from papers.wiring import Core
from tests.fakes.slack import StrictSlack
from tests.integration.discordline import DiscordLine, soon
from tests.integration.slackline import SlackLine


def health(core: Core) -> Health:
    return Health("bot slack", core.settings, core.stores.server, core.pulse, connections=core.connections)


def readiness(core: Core) -> tuple[int, list[str]]:
    status, body, _ = health(core)("/readyz")
    return status, json.loads(body)["reasons"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and pings come in tenths of the seconds that they do elsewhere."""
    monkeypatch.setattr(socket, "PING", 0.5)
    monkeypatch.setattr(standing, "EVERY", 0.02)


@pytest.mark.usefixtures("quick")
def test_a_socket_that_drops_makes_slacks_role_unready_until_it_stands_again(
    line: SlackLine, slack: StrictSlack
) -> None:
    assert readiness(line.core) == (200, [])
    slack.fail("apps.connections.open", "500", times=None)
    slack.drop_connections()
    soon(lambda: readiness(line.core) == (503, ["Slack's Socket Mode connection is lost"]))
    assert health(line.core)("/healthz")[0] == 200
    assert b'paperboy_connected{platform="slack"} 0.0' in health(line.core)("/metrics")[1]
    slack.heal()
    soon(lambda: readiness(line.core) == (200, []))
    assert b'paperboy_connected{platform="slack"} 1.0' in health(line.core)("/metrics")[1]


def test_a_token_that_slack_takes_no_more_is_noticed_within_a_minute_and_so_is_its_mending(slack: StrictSlack) -> None:
    now, token = [0.0], slack.install()

    async def go() -> None:
        clients = OneWorkspace(token, slack.api_url, lambda: now[0])
        assert [await clients.trouble() for _ in range(3)] == ["", "", ""]
        slack.fail("auth.test", "token_revoked", times=2)
        now[0] += SURE - 1
        assert await clients.trouble() == ""
        now[0] += 1
        assert await clients.trouble() == "Slack refuses SLACK_BOT_TOKEN (token_revoked)"
        with pytest.raises(RetryAfter):  # so no channel is suspended for it
            await clients.client("T1")
        now[0] += REFUSED - 1
        assert await clients.trouble() == "Slack refuses SLACK_BOT_TOKEN (token_revoked)"
        now[0] += 1
        assert await clients.trouble() == ""
        await clients.close()

    asyncio.run(go())
    assert len(slack.called("auth.test")) == 4


@pytest.mark.parametrize("trouble", ["500", "429"])
def test_a_slack_that_stumbles_is_no_token_that_it_refuses(slack: StrictSlack, trouble: str) -> None:
    async def go() -> None:
        clients = OneWorkspace(slack.install(), slack.api_url)
        slack.fail("auth.test", trouble)
        assert (await clients.trouble()).startswith("Slack does not answer (")
        await clients.bot("T1")  # somebody asks, and it answers by now
        assert await clients.trouble() == ""
        await clients.close()

    asyncio.run(go())


def test_with_a_token_that_was_revoked_before_it_began_slacks_role_is_never_ready(slack: StrictSlack) -> None:
    token, told = slack.install(), []
    slack.revoke(token)
    connections = Connections()

    async def go() -> None:
        clients = OneWorkspace(token, slack.api_url)
        looking = Standing(connections.expect("slack"), None, clients)
        with suppress(TimeoutError):
            await asyncio.wait_for(looking.watch(lambda: told.append("ready")), 0.5)
        await clients.close()

    asyncio.run(go())
    assert connections.troubles() == {"slack": "Slack refuses SLACK_BOT_TOKEN (token_revoked)"}
    assert told == []


def test_a_shard_that_drops_makes_discords_role_unready_until_it_goes_on(hall: DiscordLine) -> None:
    assert readiness(hall.core) == (200, [])
    with capture_logs() as logs:
        hall.discord.reconnect()
        soon(lambda: "connected again" in [line["event"] for line in logs])
    (lost,) = [line for line in logs if line["event"] == "connection lost"]
    assert lost["reason"] == "shard 0 of Discord's gateway is not connected"
    assert readiness(hall.core) == (200, [])


def test_a_session_that_discord_calls_invalid_is_no_connection_until_there_is_another(hall: DiscordLine) -> None:
    hall.discord.invalidate()
    soon(lambda: readiness(hall.core) == (503, ["shard 0 of Discord's gateway is not connected"]))
    soon(lambda: readiness(hall.core) == (200, []))
