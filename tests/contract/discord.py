"""Discord's rig: its poster against the strict Discord, and what of a message would do more there than be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from bot.discord.api import Api
from bot.discord.poster import DiscordPoster
from papers.model import Destination
from papers.ports import Poster
from papers.wiring import Stores
from tests.conftest import NOW
from tests.fakes.discord import Channel, Message, StrictDiscord

LIVE = re.compile(r"<(?:@|#|/|:|a:|t:|id:)[^>]*>|@(?:everyone|here)|\|\||https?://[^\s)]+|\w+://")
"""Mentions of people, roles, channels and commands, times, emoji, spoilers, addresses."""

NARROW = str.maketrans({"\N{FULLWIDTH LEFT SQUARE BRACKET}": "[", "\N{FULLWIDTH RIGHT SQUARE BRACKET}": "]"})

OURS = ("https://arxiv.org/", "https://huggingface.co/")
"""What a post may link to without having been told by a paper."""


@dataclass(frozen=True)
class Discord:
    """A channel of the strict Discord, which knows a delivery by its nonce: only for three minutes."""

    discord: StrictDiscord
    channel: Channel
    other: Channel
    knows_deliveries: ClassVar = True
    looks: ClassVar = True

    @classmethod
    @contextmanager
    def open(cls, stores: Stores) -> Iterator[Self]:
        """A guild with two channels."""
        del stores
        with StrictDiscord() as discord:
            guild = discord.guild()
            yield cls(discord, discord.channel(guild), discord.channel(guild))
            assert discord.violations == [], discord.violations

    @property
    def destination(self) -> Destination:
        """The first."""
        return place(self.channel)

    @property
    def elsewhere(self) -> Destination:
        """The second."""
        return place(self.other)

    @asynccontextmanager
    async def poster(self) -> AsyncIterator[Poster]:
        """Paperboy's."""
        async with discord_poster(self.discord) as poster:
            yield poster

    def shown(self) -> list[str]:
        """As people read it, what is in threads too."""
        return [reading(message) for message in self._messages()]

    def alive(self) -> list[str]:
        """Mentions, spoilers, links to hosts that are not ours, and characters that are not for reading."""
        return [found for message in self._messages() for found in living(message)]

    def _messages(self) -> list[Message]:
        places = (self.channel, *self.discord.threads(self.channel))
        every = [message for one in places for message in self.discord.messages(one)]
        return sorted(every, key=lambda message: int(message.id))


def place(channel: Channel) -> Destination:
    """A channel as Paperboy calls it."""
    return Destination("discord", channel.guild, channel.id)


@asynccontextmanager
async def discord_poster(
    discord: StrictDiscord, clock: Callable[[], datetime] = lambda: NOW
) -> AsyncIterator[DiscordPoster]:
    """Paperboy's poster."""
    api = Api(discord.token, discord.api_url)
    try:
        yield DiscordPoster(api, clock)
    finally:
        await api.close()


def reading(message: Message) -> str:
    """A message's words, without what only markdown reads. Labels of buttons are not among them.

    In the text of links brackets are wide ones: no backslash keeps others from being Discord's.
    """
    linked = re.sub(r"\[((?:\\.|[^\\\]])*)\]\([^)]*\)", r"\1", message.text)
    return re.sub(r"\\(.)", r"\1", linked).translate(NARROW)


def living(message: Message) -> list[str]:
    """See `Discord.alive`."""
    assert message.allowed_mentions == {"parse": []}
    found = [one for one in LIVE.findall(re.sub(r"\\.", " ", message.text)) if not one.startswith(OURS)]
    found += [one["media"]["url"] for one in message.parts if "media" in one]
    return found + [one for one in message.text if one not in {"\n", "\N{SOFT HYPHEN}"} and _is_unreadable(one)]


def _is_unreadable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
