"""The gateway's side of the Discord bot: commands told, presses heard, guilds and channels followed.

Intents are the least there is: guilds. Messages are never read, but for one that somebody picks from its menu.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import discord
import structlog
from discord import app_commands

from bot.discord.commands import Papers
from bot.discord.listeners import Listeners, caught, told
from bot.discord.locales import Names
from bot.discord.menus import similar_papers
from bot.discord.rights import NEEDED
from bot.leaving import Comings
from bot.repair import Closures
from papers.connections import Connection
from papers.errors import StoreError, UsageError
from papers.model import Destination
from papers.stores.marks import Marks
from papers.workspace import Workspace

REMOVED: Final = "Paperboy was removed from this server"
DELETED: Final = "the channel was deleted"
FORBIDDEN: Final = "Paperboy may not post in the channel any more"

PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Seconds between two tries to write down what happened."""

T = TypeVar("T")

log = structlog.get_logger(platform="discord")


@dataclass(frozen=True)
class Parts:
    """What the client hands over to, put together by `bot.wiring` once there is a client."""

    listeners: Listeners
    closures: Closures
    comings: Comings
    marks: Marks
    rest: Callable[[], Awaitable[None]]


class Tree(app_commands.CommandTree[Any]):
    """The commands; what goes wrong in one is told to whoever typed it."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Tell them."""
        if isinstance(error, app_commands.CommandNotFound):  # from before an update, or from after it
            await told(interaction, UsageError("that command is another release's", advice="type it again"))
        else:
            await told(interaction, error.__cause__ if isinstance(error.__cause__, Exception) else error)


class Client(discord.AutoShardedClient):
    """Listens to Discord. `shards` are the ones of this process out of `count`, None for all of them.

    `connection` is told whether every shard is connected.
    """

    def __init__(
        self, build: Callable[[Client], Parts], connection: Connection, shards: tuple[int, ...], count: int | None
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            shard_ids=list(shards) or None,  # type: ignore[arg-type] # None is its default
            shard_count=count,
        )
        self.connected = asyncio.Event()
        self._link = connection  # discord.py has a `_connection` of its own
        self._lost: set[int] = set()
        self.tree = Tree(self)
        self._parts = build(self)

    async def setup_hook(self) -> None:
        """Before anything comes: tell Discord of the commands, if they are others than it was told of last."""
        # anew where Discord was lost in the midst of the last try
        self.tree.add_command(Papers(self._parts.listeners), override=True)
        self.tree.add_command(similar_papers(self._parts.listeners), override=True)
        names = Names()
        await self.tree.set_translator(names)
        told = [await one.get_translated_payload(self.tree, names) for one in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        mark = f"discord:{self.application_id}"
        if await asyncio.to_thread(self._parts.marks.get, mark) != digest:
            await self.tree.sync()
            await asyncio.to_thread(self._parts.marks.put, mark, digest)
            log.info("commands told", count=len(told))

    async def rest(self) -> None:
        """Wait for the answers that are under way."""
        await self._parts.rest()

    async def on_ready(self) -> None:
        """Every shard is connected, and its guilds are known."""
        self.connected.set()
        self._tell()

    async def on_shard_ready(self, shard: int) -> None:
        """A shard has a new session."""
        self._lost.discard(shard)
        self._tell()

    async def on_shard_resumed(self, shard: int) -> None:
        """A shard goes on with its session: nothing was missed."""
        self._lost.discard(shard)
        self._tell()

    async def on_shard_disconnect(self, shard: int) -> None:
        """A shard's connection broke off, or could not be made; discord.py makes another."""
        self._lost.add(shard)
        self._tell()

    def _tell(self) -> None:
        if self._lost:
            lost = ", ".join(map(str, sorted(self._lost)))
            self._link.down(f"shard {lost} of Discord's gateway is not connected")
        elif self.connected.is_set():
            self._link.up()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A press or a form; commands go through the tree."""
        listeners = self._parts.listeners
        if interaction.type is discord.InteractionType.component:
            await caught(interaction, listeners.pressed)
        elif interaction.type is discord.InteractionType.modal_submit:
            await caught(interaction, listeners.submitted)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Paperboy was added, perhaps again."""
        await surely(lambda: self._parts.comings.back(Workspace("discord", str(guild.id))))
        log.info("added", guild=guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Paperboy was removed. A guild that is unavailable for a while is told of otherwise."""
        await surely(lambda: self._parts.comings.left(Workspace("discord", str(guild.id)), REMOVED))
        log.info("removed", guild=guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone for good."""
        if await surely(lambda: self._parts.closures.knows(_destination(channel))):
            await self._close(channel, DELETED)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's permissions may be others now; its name matters to nobody here."""
        await self._look_at(after)

    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        """A role may allow us less now, or more."""
        if after in after.guild.me.roles:
            await self._look_around(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """It may have been one of ours."""
        await self._look_around(role.guild)

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """A role was given to us, or taken: of ourselves Discord tells without being asked."""
        if after == after.guild.me:
            await self._look_around(after.guild)

    async def _look_around(self, guild: discord.Guild) -> None:
        for channel in guild.channels:
            await self._look_at(channel)

    async def _look_at(self, channel: discord.abc.GuildChannel) -> None:
        closures, destination = self._parts.closures, _destination(channel)
        if not await surely(lambda: closures.knows(destination)):
            return
        if channel.permissions_for(channel.guild.me).is_superset(NEEDED):
            await surely(lambda: closures.open(destination))
        else:
            await self._close(channel, FORBIDDEN)

    async def _close(self, channel: discord.abc.GuildChannel, reason: str) -> None:
        await surely(lambda: self._parts.closures.close(_destination(channel), reason))


async def surely(work: Callable[[], T]) -> T:
    """Do something in a thread, waiting for a server that is away: Discord tells of these things only once."""
    for pause in PAUSES:
        try:
            return await asyncio.to_thread(work)
        except StoreError as error:
            log.warning("what Discord told of waits", error=str(error), again_in=pause)
            await asyncio.sleep(pause)
    return await asyncio.to_thread(work)


def _destination(channel: discord.abc.GuildChannel) -> Destination:
    return Destination("discord", str(channel.guild.id), str(channel.id))
