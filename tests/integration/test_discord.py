"""Discord from the keystroke to the posted message: the real bot over REST and gateway, against a strict Discord."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.discord import acts
from papers.stores.server import Server
from tests.fakes.discord import Message, StrictDiscord
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DiscordLine, quick_shards

__all__ = ["quick_shards"]

DAY = "2026-03-10"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(
            DAY,
            [
                item("2603.00001", "Diffusion for maps", upvotes=30, summary="We draw maps by diffusion. It works."),
                item("2603.00002", "A survey of diffusion", upvotes=20, summary="We read about diffusion."),
                item("2603.00003", "Graphs of words", upvotes=10, summary="We link words."),
            ],
        )
        yield running


@pytest.fixture
def platform() -> Iterator[StrictDiscord]:
    with StrictDiscord() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def line(
    server: Server,
    upstream: Upstream,
    platform: StrictDiscord,
    quick_shards: None,  # noqa: ARG001, F811 - a fixture
) -> Iterator[DiscordLine]:
    made = DiscordLine(server, upstream, platform)
    with made.running():
        yield made


def pressed(message: Message, verb: str, value: str) -> str:
    """A button's custom_id, by what it says."""
    (found,) = [one for one in message.custom_ids if acts.verb(one) == verb and one.partition(":")[2] == value]
    return found


def test_the_whole_way_from_a_subscription_to_a_vote(line: DiscordLine) -> None:
    platform = line.discord
    draft = platform.slash(line.ada, line.channel, "papers subscribe", query="diffusion -survey")
    assert draft.is_ephemeral
    assert "diffusion" in draft.text
    saved = platform.click(line.ada, draft.message, "save").until(lambda act: "Subscribed" in act.text)
    assert saved.is_ephemeral
    line.poll()
    line.work()
    platform.until(lambda: platform.messages(line.channel) and platform.threads(line.channel))
    (headline,) = platform.messages(line.channel)
    assert "Diffusion for maps" in headline.text
    assert "survey of" not in headline.text
    voted = platform.click(line.grace, headline, pressed(headline, acts.UP, "2603.00001"))
    assert "👍" in voted.until(lambda act: act.text).text
    why = platform.click(line.grace, headline, pressed(headline, acts.SAY, "why 2603.00001"))
    assert "diffusion" in why.until(lambda act: act.text).text
    assert "sent" in platform.slash(line.grace, line.channel, "papers log").text
    assert len(platform.messages(line.channel)) == 1


def test_who_may_not_manage_the_channel_changes_nothing(line: DiscordLine) -> None:
    refused = line.discord.slash(line.grace, line.channel, "papers subscribe", query="diffusion")
    assert "Manage Channels" in refused.text
    assert "No subscriptions" in line.discord.slash(line.grace, line.channel, "papers list").text
