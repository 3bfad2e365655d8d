"""Who may change what a channel gets, and whether Paperboy may post there.

Discord tells both with every interaction, for the channel that it comes from; for another channel (a Repair button
pressed in direct messages) they are computed from roles and overwrites. `default_permissions` of a command is a hint
that a server's admins may change (https://docs.discord.com/developers/interactions/application-commands#permissions),
so it is never trusted.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import discord

from bot.repair import PERSONAL
from papers.errors import NotAllowedError, NotFoundError
from papers.model import Asker, Destination

ANYWHERE: Final = "@me"
"""The workspace of direct messages: they belong to no guild."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """What Discord told with an interaction: who asks where, what they may do there, and what we may."""

    asker: Asker
    theirs: discord.Permissions
    ours: discord.Permissions


_told: ContextVar[Told | None] = ContextVar("told", default=None)
"""Of the interaction that this task answers: an older one's permissions may be others by now."""


class Rights:
    """A `bot.talk.Rights` over what Discord tells."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    @staticmethod
    def noted(interaction: discord.Interaction[Any]) -> Asker:
        """Who asks where; what they and we may do there is believed as long as this interaction is answered."""
        told = Told(asker_of(interaction), interaction.permissions, interaction.app_permissions)
        _told.set(told)
        return told.asker

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
        told = _told.get()
        if told and told.asker.destination == destination:
            ours = told.ours
        else:
            found = await self._channel(destination.channel)
            ours = found.permissions_for(await self._member(found.guild, self._client.application_id or 0))
        lacking = [name for name, needed in NEEDED if needed and not getattr(ours, name)]
        if lacking:
            names = ", ".join(name.replace("_", " ").title() for name in lacking)
            advice = f"give Paperboy's role {names} in this channel's settings, then try again"
            raise NotAllowedError(f"Paperboy may not post here: it lacks {names}", advice=advice)

    async def _permissions(self, asker: Asker) -> discord.Permissions:
        told = _told.get()
        if told and told.asker == asker:
            return told.theirs
        found = await self._channel(asker.destination.channel)
        return found.permissions_for(await self._member(found.guild, int(asker.user)))

    @staticmethod
    async def _member(guild: discord.Guild, user: int) -> discord.Member:
        try:
            return await guild.fetch_member(user)
        except discord.NotFound as error:
            raise NotAllowedError("only members of a server change what its channels get") from error

    async def _channel(self, channel: str) -> discord.abc.GuildChannel:
        """The channel, with its guild's roles: those of a guild that another process follows are asked for."""
        try:
            found = self._client.get_channel(int(channel)) or await self._client.fetch_channel(int(channel))
            if isinstance(found, discord.abc.GuildChannel) and not found.guild.roles:
                guild = await self._client.fetch_guild(found.guild.id, with_counts=False)
                found = await guild.fetch_channel(found.id)
        except (discord.NotFound, discord.Forbidden, ValueError) as error:
            advice = "was it deleted, or made private?"
            raise NotFoundError("Paperboy does not see that channel", advice=advice) from error
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
