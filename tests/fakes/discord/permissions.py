"""Who may do what: Discord's permission bits, and what they come to in a channel.

The sum is that of https://discord.com/developers/docs/topics/permissions#permission-overwrites.
"""

from __future__ import annotations

from typing import Final

from tests.fakes.discord.world import DM, Channel, Guild, World

ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
MANAGE_GUILD: Final = 1 << 5
VIEW_CHANNEL: Final = 1 << 10
SEND_MESSAGES: Final = 1 << 11
MANAGE_MESSAGES: Final = 1 << 13
EMBED_LINKS: Final = 1 << 14
ATTACH_FILES: Final = 1 << 15
READ_MESSAGE_HISTORY: Final = 1 << 16
MENTION_EVERYONE: Final = 1 << 17
USE_APPLICATION_COMMANDS: Final = 1 << 31
MANAGE_THREADS: Final = 1 << 34
CREATE_PUBLIC_THREADS: Final = 1 << 35
SEND_MESSAGES_IN_THREADS: Final = 1 << 38

ALL: Final = (1 << 51) - 1

EVERYONE: Final = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a new guild here; real ones allow a few more."""

IN_DM: Final = EVERYONE | MENTION_EVERYONE


def of_guild(guild: Guild, user: str) -> int:
    """What a member may do in a guild, before any channel's overwrites."""
    if user == guild.owner:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role in guild.members.get(user, ()):
        bits |= guild.roles[role].permissions
    return ALL if bits & ADMINISTRATOR else bits


def in_channel(world: World, channel: Channel, user: str) -> int:
    """What somebody may do in a channel; a thread goes by its parent's overwrites. 0 for who is not there."""
    if channel.kind == DM:
        return IN_DM if user in {channel.recipient, world.bot.id} else 0
    guild = world.guilds[channel.guild]
    if user not in guild.members or (user == world.bot.id and not guild.has_bot):
        return 0
    bits = of_guild(guild, user)
    if bits == ALL:
        return bits
    overwrites = (world.channels[channel.parent] if channel.is_thread else channel).overwrites
    roles = [overwrites[role] for role in guild.members[user] if role in overwrites]
    everyone, own = overwrites.get(guild.id), overwrites.get(user)
    for layer in ([everyone] if everyone else [], roles, [own] if own else []):
        for one in layer:
            bits &= ~one.deny
        for one in layer:
            bits |= one.allow
    return bits if bits & VIEW_CHANNEL else 0
