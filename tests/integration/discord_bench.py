"""A guild on the strict Discord with a channel, and Paperboy's poster asked in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import pytest

from bot.discord.poster import DiscordPoster
from papers.errors import DeliveryError
from papers.model import Delivery, Destination, Paper, Receipt
from tests.builders import paper
from tests.conftest import NOW
from tests.contract.discord import discord_poster, place
from tests.fakes.discord import Channel, Guild, Message, StrictDiscord
from tests.integration.outboxes import delivery

T = TypeVar("T")

ONE = paper(1, url="https://arxiv.org/abs/2603.00001")
POST, UNDER = "create_message", "create_thread_from_message"


@dataclass
class Bench:
    """A guild with a channel, and what is asked of a poster there."""

    discord: StrictDiscord
    guild: Guild
    channel: Channel
    clock: Callable[[], datetime] = lambda: NOW

    def delivery(self, number: int = 1, **changes: object) -> Delivery:
        """One that brings a paper to the channel, unless `where` is elsewhere."""
        where = changes.pop("where", place(self.channel))
        assert isinstance(where, Destination)
        return replace(delivery(number, ONE.id, where=where), **changes)  # type: ignore[arg-type] # fields of it

    def ask(self, question: Callable[[DiscordPoster], Awaitable[T]]) -> T:
        """What a new poster answers."""

        async def asked() -> T:
            async with discord_poster(self.discord, self.clock) as poster:
                return await question(poster)

        return asyncio.run(asked())

    def post(self, what: Delivery | None = None, *papers: Paper, thread: str | None = None) -> Receipt:
        """Post."""
        known = {one.id: one for one in papers or (ONE,)}
        return self.ask(lambda poster: poster.post(what or self.delivery(), known, thread))

    def refusal(self, what: Delivery | None = None, thread: str | None = None) -> DeliveryError:
        """Post what cannot be posted."""
        with pytest.raises(DeliveryError) as caught:
            self.post(what, thread=thread)
        return caught.value

    @property
    def messages(self) -> list[Message]:
        """What stands in the channel itself."""
        return self.discord.messages(self.channel)

    @property
    def posts(self) -> int:
        """How often a message was sent to Discord, taken or not."""
        return len(self.discord.calls(POST))

    def thread(self, headline: str) -> Channel:
        """The one under a headline."""
        return self.discord.world.channels[headline]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with StrictDiscord() as discord:
        guild = discord.guild()
        yield Bench(discord, guild, discord.channel(guild))
        assert discord.violations == [], discord.violations
