"""Who may change what a channel gets, and whether Paperboy may post there.

Discord tells both with every interaction, for the channel that it comes from; for another channel (a Repair button
pressed in direct messages) they are computed from roles and overwrites. `default_permissions` of a command is a hint
that a server's admins may change (https://docs.discord.com/developers/interactions/application-commands#permissions),
so it is never trusted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import discord

from bot.repair import PERSONAL
from papers.errors import NotAllowedError, NotFoundError
from papers.model import Asker, Destination

ANYWHERE: Final = "@me"
"""The workspace of direct messages: they belong to no guild."""

BELIEVED: Final = 60.0
"""Seconds that an interaction's permissions are believed: from a form's opening to its being sent, and the like."""

NEEDED: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=False,
)
"""What posting takes: to see the channel, to post, to put the rest into a thread, and to look whether a post is out."""

_REMEMBERED: Final = 10_000


class Rights:
    """A `bot.talk.Rights` over what Discord told. `now` is a monotonic clock in seconds."""

    def __init__(self, client: discord.Client, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._seen: dict[Asker, tuple[float, discord.Permissions, discord.Permissions]] = {}
        self._ours: dict[Destination, tuple[float, discord.Permissions]] = {}

    def noted(self, interaction: discord.Interaction[Any]) -> Asker:
        """Who asks where, remembering what they and we may do there."""
        asker = asker_of(interaction)
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
            self._ours.clear()
        until = self._now() + BELIEVED
        self._seen[asker] = until, interaction.permissions, interaction.app_permissions
        self._ours[asker.destination] = until, interaction.app_permissions
        return asker

    async def asker(self, workspace: str, user: str, channel: str) -> Asker:  # noqa: ARG002 - as elsewhere
        """Who speaks where: a channel's guild is Discord's to tell."""
        if channel.startswith(PERSONAL):
            return Asker(Destination("discord", ANYWHERE, channel), user)
        found = await self._channel(channel)
        return Asker(Destination("discord", str(found.guild.id), channel), user)

    async def check(self, asker: Asker, *, admins_only: bool) -> None:
        """Raises NotAllowedError without Manage Channels in that very channel; Manage Server where admins decide."""
        channel = asker.destination.channel
        if channel.startswith(PERSONAL):
            if channel != PERSONAL + asker.user:
                raise NotAllowedError("that is somebody else's personal channel")
            return
        may = await self._permissions(asker)
        if admins_only and not may.manage_guild:
            advice = "ask somebody with Manage Server, who may also type `/papers settings changes members`"
            raise NotAllowedError("this channel's settings let only admins change things", advice=advice)
        if not may.manage_channels:
            advice = "ask somebody who has it; searching and reading need nothing"
            raise NotAllowedError("changing what a channel gets needs Manage Channels in it", advice=advice)

    async def enter(self, destination: Destination) -> None:
        """Raises NotAllowedError, naming what is missing, where Paperboy may not post."""
        if destination.channel.startswith(PERSONAL):
            return
        until, ours = self._ours.get(destination, (0.0, discord.Permissions.none()))
        if until < self._now():
            found = await self._channel(destination.channel)
            ours = found.permissions_for(found.guild.me)
        lacking = [name for name, needed in NEEDED if needed and not getattr(ours, name)]
        if lacking:
            names = ", ".join(name.replace("_", " ").title() for name in lacking)
            advice = f"give Paperboy's role {names} in this channel's settings, then try again"
            raise NotAllowedError(f"Paperboy may not post here: it lacks {names}", advice=advice)

    async def _permissions(self, asker: Asker) -> discord.Permissions:
        until, may, _ = self._seen.get(asker, (0.0, discord.Permissions.none(), None))
        if until >= self._now():
            return may
        found = await self._channel(asker.destination.channel)
        try:
            member = await found.guild.fetch_member(int(asker.user))
        except discord.NotFound as error:
            raise NotAllowedError("only members of a server change what its channels get") from error
        return found.permissions_for(member)

    async def _channel(self, channel: str) -> discord.abc.GuildChannel:
        try:
            found = self._client.get_channel(int(channel)) or await self._client.fetch_channel(int(channel))
        except (discord.NotFound, discord.Forbidden, ValueError) as error:
            raise NotFoundError(
                "Paperboy does not see that channel", advice="was it deleted, or made private?"
            ) from error
        if not isinstance(found, discord.abc.GuildChannel):
            raise NotFoundError("that is no channel of a server", advice="type it in a channel")
        return found


def asker_of(interaction: discord.Interaction[Any]) -> Asker:
    """Who asks where: in direct messages for their personal channel, in a thread for the channel that it belongs to."""
    user = str(interaction.user.id)
    if interaction.guild_id is None:
        return Asker(Destination("discord", ANYWHERE, PERSONAL + user), user)
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    return Asker(Destination("discord", str(interaction.guild_id), str(parent)), user)
