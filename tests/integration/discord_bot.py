"""A small bot of discord.py's, for meeting the strict Discord as every app of that library does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import StrictDiscord
from tests.fakes.discord.payloads import IS_COMPONENTS_V2

Json = dict[str, Any]
GUILDS = discord.Intents(guilds=True)


def point(monkeypatch: pytest.MonkeyPatch, platform: StrictDiscord) -> None:
    """Let discord.py of this process talk to that Discord: it has no setting for it but these two."""
    monkeypatch.setattr(Route, "BASE", platform.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(platform.gateway_url))


def card(text: str = "## A paper", *, custom_id: str = "why:1") -> Json:
    """A payload with IS_COMPONENTS_V2."""
    button = {"type": 2, "style": 2, "label": "Why", "custom_id": custom_id}
    within = [{"type": 10, "content": text}, {"type": 1, "components": [button]}]
    container = {"type": 17, "components": within}
    return {"flags": IS_COMPONENTS_V2, "components": [container], "allowed_mentions": {"parse": []}}


class Bot(discord.AutoShardedClient):
    """Knows the commands of `commands`, and answers components and forms by `heard`."""

    def __init__(self, intents: discord.Intents = GUILDS, **options: Any) -> None:
        super().__init__(intents=intents, **options)
        self._connection.guild_ready_timeout = 0.05
        self.tree = app_commands.CommandTree(self)
        self.failure: BaseException | None = None
        self.seen: list[str] = []
        self.heard: Callable[[discord.Interaction], Any] | None = None

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not to wait five seconds between shards."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if self.heard and interaction.type not in {
            discord.InteractionType.application_command,
            discord.InteractionType.autocomplete,
        }:
            await self.heard(interaction)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.seen.append(f"removed {guild.id}")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self.seen.append(f"unavailable {guild.id}")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.seen.append(f"available {guild.id}")

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        self.seen.append(f"renamed {after.name}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.seen.append(f"deleted {channel.name}")

    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        self.seen.append(f"role {after.permissions.value}")

    async def on_thread_update(self, _before: discord.Thread, after: discord.Thread) -> None:
        self.seen.append(f"archived {after.archived}")

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        self.seen.append(f"thread gone {payload.thread_id}")

    async def on_shard_resumed(self, shard_id: int) -> None:
        self.seen.append(f"resumed {shard_id}")

    def do(self, work: Any) -> Any:
        """Something on the bot's loop, from the test's thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    def call(self, method: str, path: str, **more: Any) -> Any:
        """A call of the API through discord.py's own HTTP client."""
        return self.do(self.http.request(Route(method, path), **more))


@contextmanager
def running(bot: Bot, platform: StrictDiscord, shards: int = 1) -> Iterator[Bot]:
    """The bot, connected, in a thread of its own; whatever ended it is its `failure`."""

    async def run() -> None:
        try:
            async with bot:
                await bot.start(platform.token)
        except (discord.DiscordException, RuntimeError) as error:
            bot.failure = error

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="bot")
    thread.start()
    try:
        platform.connected(shards)
        yield bot
    finally:
        if thread.is_alive():
            bot.do(bot.close())
        thread.join(timeout=10)
        assert not thread.is_alive()
