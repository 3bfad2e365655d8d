"""The Discord bot: one process that listens to Discord's gateway and posts the outbox.

Both share the event loop:

    gateway ──► shards of discord.py ──► commands, presses, forms ──► listeners
    outbox ──► sender ──► poster ──► Discord
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.client import Client
from bot.discord.login import listen
from bot.posting import Sender
from papers.settings import Settings


def point(settings: Settings) -> None:
    """Send discord.py to the settings' addresses: it has class attributes for them, and nothing else."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nothing is spoken here
    Route.BASE = settings.discord_api_base_url.rstrip("/")
    if settings.discord_gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


class DiscordBot:
    """The process's parts, put together by `bot.wiring`."""

    def __init__(
        self,
        client: Client,
        sender: Sender,
        token: str,
        *,
        warm: Callable[[], object],
        rest: Callable[[], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self._client = client
        self._sender = sender
        self._token = token
        self._warm = warm
        self._rest = rest
        self._close = close

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Listen and send until `stop`; `ready` is told once every shard is connected. Raises SettingsError."""
        await asyncio.to_thread(self._warm)
        sending = asyncio.create_task(self._sender.run(stop))
        listening = asyncio.create_task(listen(self._client, self._token))
        telling = asyncio.create_task(self._tell(ready))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({sending, listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            telling.cancel()
            await self._rest()
            await self._client.close()
            await sending
            await self._close()
            listening.cancel()  # it may wait for a Discord that is away; what it ended with is raised all the same
            with suppress(asyncio.CancelledError):
                await listening

    async def _tell(self, ready: Callable[[], None]) -> None:
        await self._client.connected.wait()
        ready()
