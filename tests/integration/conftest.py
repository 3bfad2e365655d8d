"""What tests of a bot stand on: three papers upstream, a platform with people in it, the bot at work there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import conversation
from papers.stores.server import Server
from tests.fakes.discord import StrictDiscord
from tests.fakes.discord.openapi import Description
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DiscordLine, quick_shards
from tests.integration.slackline import Mode, SlackLine, one_workspace, three_papers

__all__ = ["quick_shards"]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """Hugging Face, with one day that has three papers."""
    with Upstream() as running:
        three_papers(running)
        yield running


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    """Workspace T1: U1 and U2 are in C1, U3 is in no channel. At its end the bot must not have done anything wrong."""
    with StrictSlack() as running:
        running.channel("C1", members=["U1", "U2"])
        running.user("U3")
        yield running
        assert running.violations == []


@pytest.fixture
def mode() -> Mode:
    """How Slack reaches the bot; a test may be parametrized with the other."""
    return "socket"


@pytest.fixture
def line(mode: Mode, server: Server, upstream: Upstream, slack: StrictSlack) -> Iterator[SlackLine]:
    """The bot at work in T1, and the stages behind it, which are run by hand."""
    made = one_workspace(server, upstream, slack, mode)
    with made.running():
        yield made


@pytest.fixture
def long_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is allowed in a minute is allowed in an hour: none of it comes back while it is spent, on any machine."""
    monkeypatch.setattr(conversation, "MINUTE", 3600.0)


@pytest.fixture
def platform(request: pytest.FixtureRequest) -> Iterator[StrictDiscord]:
    """Discord. At its end the bot has done nothing wrong, by Discord's own description too if there is one."""
    with StrictDiscord() as running:
        yield running
        assert running.violations == []
        if path := request.config.getoption("--discord-openapi"):
            assert Description(Path(path)).faults(running.requests) == []


@pytest.fixture
def hall(
    server: Server,
    upstream: Upstream,
    platform: StrictDiscord,
    quick_shards: None,  # noqa: ARG001 - a fixture
) -> Iterator[DiscordLine]:
    """The bot at work in a guild of Discord's, and the stages behind it, which are run by hand."""
    made = DiscordLine(server, upstream, platform)
    with made.running():
        yield made
