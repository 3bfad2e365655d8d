"""`paperboy up` with a chat platform: one command from tokens in the environment to a post in the channel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.slack import acts
from tests.e2e.processes import Home, until
from tests.fakes.discord import StrictDiscord
from tests.fakes.entries import item
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.servers import free_port
from tests.integration.slackline import pressing, told
from tests.repository import ROOT

MANAGE_CHANNELS = 1 << 4
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(TODAY, [])
        yield running


@pytest.fixture
def home(tmp_path: Path, upstream: Upstream) -> Iterator[Home]:
    with Home(tmp_path, upstream.url).cleared() as made:
        yield made


def publish(upstream: Upstream, *titles: str) -> None:
    """Papers of today."""
    upstream.day(TODAY, [item(f"2603.0000{number}", title, upvotes=3) for number, title in enumerate(titles)])


def is_ready(home: Home, role: str) -> bool:
    """Whether a role said so, in whichever log."""
    lines = [line for log in home.folder.glob("*.log") for line in log.read_text("utf-8").splitlines()]
    return any(f'"role": "{role}"' in line and '"event": "ready"' in line for line in lines)


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_slack_comes_up_talks_and_posts_one_ctrl_c_stops_all_and_poll_alone_posts_too(
    home: Home, upstream: Upstream, mode: str
) -> None:
    with StrictSlack() as slack:
        slack.channel("C1", members=["U1"])
        port = free_port()
        home.settings |= {
            "SLACK_BOT_TOKEN": slack.install(),
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_BASE_URL": slack.api_url,
            "SLACK_MODE": mode,
            "HTTP_PORT": str(port),
        }
        running = home.start("up")
        until(lambda: is_ready(home, "bot slack"), "the Slack bot")
        if mode == "http":
            slack.http(f"http://127.0.0.1:{port}/slack/events")
        draft = slack.command("U1", "C1", "/papers subscribe diffusion").answered(seconds=20)
        saved = slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered(seconds=20)
        assert "Subscribed" in told(saved)
        publish(upstream, "Diffusion for maps")
        assert home.run("poll").status == 0
        slack.until(lambda: slack.messages("C1"), seconds=20)
        assert "Diffusion for maps" in told(slack.messages("C1")[0])
        if mode == "http":  # the role that others must reach has the port
            assert b'"ready": true' in urlopen(f"http://127.0.0.1:{port}/readyz").read()
        assert "a role died" not in running.said
        running.interrupt()
        assert running.wait() == 0
        publish(upstream, "Diffusion for maps", "Diffusion for tunes")
        assert "1 posted by this command" in home.run("poll").out  # with nothing else running, it posts itself
        assert "Diffusion for tunes" in told(*slack.messages("C1"))
        assert slack.violations == []


def test_discord_comes_up_talks_and_posts_and_one_ctrl_c_stops_all(home: Home, upstream: Upstream) -> None:
    with StrictDiscord() as discord:
        guild = discord.guild()
        channel = discord.channel(guild, "papers")
        ada = discord.user("ada", guild, permissions=MANAGE_CHANNELS)
        home.settings |= {
            "DISCORD_BOT_TOKEN": discord.token,
            "DISCORD_API_BASE_URL": discord.api_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
        }
        running = home.start("up")
        until(lambda: is_ready(home, "bot discord"), "the Discord bot")
        draft = discord.slash(ada, channel, "papers subscribe", query="diffusion")
        discord.click(ada, draft.message, "save").until(lambda act: "Subscribed" in act.text)
        publish(upstream, "Diffusion for maps")
        assert home.run("poll").status == 0
        discord.until(lambda: discord.messages(channel))
        assert "Diffusion for maps" in discord.messages(channel)[0].text
        running.interrupt()
        assert running.wait() == 0
        assert discord.violations == []


def test_doctor_looks_at_slack(home: Home) -> None:
    with StrictSlack() as slack:
        scopes = ["commands", "chat:write"]
        home.settings |= {"SLACK_BOT_TOKEN": slack.install(scopes=scopes), "SLACK_APP_TOKEN": slack.app_token}
        home.settings |= {"SLACK_API_BASE_URL": slack.api_url}
        done = home.run("doctor")
        assert done.status == 1
        assert "lacks channels:read" in done.out
        assert "Socket Mode connects" in done.out


def test_doctor_looks_at_discord_and_names_the_link_that_adds_it(home: Home) -> None:
    with StrictDiscord() as discord:
        home.settings |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_BASE_URL": discord.api_url}
        done = home.run("doctor")
        assert done.status == 0
        link = next(word for word in done.out.split() if word.startswith("https://discord.com/oauth2/authorize?"))
        assert "permissions=309237730304" in link
        assert "permissions=309237730304" in (ROOT / "README.md").read_text("utf-8")
        assert "DISCORD_BOT_TOKEN does not work" in home.run("doctor", DISCORD_BOT_TOKEN=discord.token[::-1]).out


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN: missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_MODE": "http"}, "SLACK_SIGNING_SECRET: missing"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN: not such a token"),
        ({"SLACK_CLIENT_ID": "1", "SLACK_APP_TOKEN": "xapp-1"}, "PAPERBOY_ENCRYPTION_KEYS: missing"),
        ({"DISCORD_BOT_TOKEN": "x", "DISCORD_SHARD_IDS": "3", "DISCORD_SHARD_COUNT": "2"}, "DISCORD_SHARD_IDS"),
    ],
)
def test_half_of_a_set_up_is_refused_by_the_settings_names(home: Home, settings: dict[str, str], problem: str) -> None:
    done = home.run("up", **settings)
    assert done.status == 1
    assert problem in done.err


def test_why_a_role_does_not_start_is_an_event_where_logs_are_json(home: Home) -> None:
    wrong = {"DISCORD_BOT_TOKEN": "x", "DISCORD_SHARD_COUNT": "none"}
    (line,) = home.run("bot", "discord", **wrong).err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["role"]) == ("a role cannot go on", "error", "bot discord")
    assert "DISCORD_SHARD_COUNT" in told["error"]
    assert told["advice"]
    assert home.run("worker", "fetch", "--shard", "2").status == 2
    assert home.run("bot", "discord", **wrong, LOG_FORMAT="console").err.startswith("✗ DISCORD_SHARD_COUNT")
    assert home.run("stats", **wrong).err.startswith("✗ DISCORD_SHARD_COUNT")  # which a person typed
