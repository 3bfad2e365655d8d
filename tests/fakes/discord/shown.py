"""How the API and the gateway show what there is, as JSON. Pure, apart from giving components their ids.

The keys are those of https://discord.com/developers/docs/resources/{guild,channel,message,user}.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tests.fakes.discord.payloads import walk
from tests.fakes.discord.permissions import in_channel
from tests.fakes.discord.world import DM, EPOCH, Channel, Guild, Json, Message, Role, User, World

HAS_THREAD: Final = 1 << 5


def stamp(at: float) -> str:
    """Seconds since 1970, as Discord writes a time."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def born(snowflake: str) -> float:
    """When an id was made, in seconds since 1970."""
    return (int(snowflake) >> 22) / 1000 + EPOCH


def user(one: User) -> Json:
    """Somebody, as anybody sees them."""
    return {
        "id": one.id,
        "username": one.name,
        "global_name": None if one.is_bot else one.name.title(),
        "discriminator": "0000" if one.is_bot else "0",
        "avatar": None,
        "bot": one.is_bot,
        "public_flags": 0,
        "flags": 0,
    }


def member(world: World, guild: Guild, one: str, permissions: int | None = None) -> Json:
    """Somebody in a guild; with their permissions in an interaction only."""
    said: Json = {
        "user": user(world.users[one]),
        "nick": None,
        "avatar": None,
        "roles": sorted(guild.members[one]),
        "joined_at": stamp(born(guild.id)),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    return said if permissions is None else {**said, "permissions": str(permissions)}


def role(one: Role) -> Json:
    """A role."""
    return {
        "id": one.id,
        "name": one.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": one.position,
        "permissions": str(one.permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(world: World, one: Channel) -> Json:
    """A channel, a thread or direct messages."""
    said: Json = {"id": one.id, "type": one.kind, "flags": 0}
    said["last_message_id"] = one.messages[-1].id if one.messages else None
    if one.kind == DM:
        return {**said, "recipients": [user(world.users[one.recipient])]}
    said |= {"guild_id": one.guild, "name": one.name, "parent_id": one.parent or None, "rate_limit_per_user": 0}
    if one.is_thread:
        return {**said, **_thread(one)}
    overwrites = [
        {"id": own.id, "type": own.kind, "allow": str(own.allow), "deny": str(own.deny)}
        for own in one.overwrites.values()
    ]
    position = list(world.guilds[one.guild].channels).index(one.id) if one.id in world.channels else 0
    said |= {"position": position, "permission_overwrites": overwrites, "nsfw": False, "topic": None}
    return {**said, "available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}


def _thread(one: Channel) -> Json:
    metadata = {
        "archived": one.is_archived,
        "auto_archive_duration": one.archive_after,
        "archive_timestamp": stamp(born(one.id)),
        "locked": one.is_locked,
        "create_timestamp": stamp(born(one.id)),
    }
    return {
        "owner_id": one.owner,
        "message_count": len(one.messages),
        "total_message_sent": len(one.messages),
        "member_count": 1,
        "thread_metadata": metadata,
        "applied_tags": one.tags,
    }


def channel_for(world: World, one: Channel, whom: str) -> Json:
    """A channel as an interaction shows it, with what somebody may do there."""
    return {**channel(world, one), "permissions": str(in_channel(world, one, whom))}


def guild(world: World, one: Guild) -> Json:
    """A guild, as GUILD_CREATE has it: with what is in it, and with the bot alone of its members."""
    channels = [own for own in one.channels.values() if not own.is_thread]
    threads = [own for own in one.channels.values() if own.is_thread and not own.is_archived]
    return {
        **guild_alone(one),
        "joined_at": stamp(born(one.id)),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(world, one, world.bot.id)],
        "channels": [channel(world, own) for own in channels],
        "threads": [channel(world, own) for own in threads if in_channel(world, own, world.bot.id)],
        **{key: [] for key in ("voice_states", "presences", "stage_instances", "guild_scheduled_events")},
        "soundboard_sounds": [],
    }


def guild_alone(one: Guild) -> Json:
    """A guild, as GET shows it."""
    return {
        "id": one.id,
        "name": one.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": one.owner,
        "roles": [role(own) for own in one.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY"],
        "preferred_locale": one.locale,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "application_id": None,
        "description": None,
        "banner": None,
        "vanity_url_code": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "nsfw_level": 0,
        "max_members": 500_000,
    }


def message(world: World, one: Message, *, with_nonce: bool = False) -> Json:
    """A message; its nonce is told only to whom creates it."""
    said: Json = {
        "id": one.id,
        "channel_id": one.channel,
        "type": one.kind,
        "author": user(world.users[one.author]),
        "content": one.content,
        "embeds": one.embeds,
        "components": one.components,
        "attachments": one.attachments,
        "flags": one.flags,
        "timestamp": stamp(one.at),
        "edited_timestamp": stamp(one.edited) if one.edited else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
    }
    if with_nonce and one.nonce:
        said["nonce"] = one.nonce
    if one.reference:
        said["message_reference"] = one.reference
    if one.thread and one.thread in world.channels:
        said |= {"thread": channel(world, world.channels[one.thread]), "flags": one.flags | HAS_THREAD}
    if one.author == world.bot.id:
        said["application_id"] = world.app_id
    if one.interaction:
        cause = world.interactions[one.interaction]
        owners = cause.sent["authorizing_integration_owners"]
        metadata = {"id": cause.id, "type": cause.kind, "user": user(world.users[cause.user])}
        said |= {"webhook_id": world.app_id}
        said |= {"interaction_metadata": {**metadata, "authorizing_integration_owners": owners}}
    return said


def with_ids(components: list[Any]) -> list[Json]:
    """Components as Discord keeps them: each with an id, counted from 1 where the app gave none."""
    kept: list[Json] = [_copy(one) for one in components]
    every = [one for _, one in walk(kept, ())]
    taken = {one["id"] for one in every if one.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for one in every:
        if not one.get("id"):
            one["id"] = next(free)
        if isinstance(one.get("media"), dict):
            one["media"] = _resolved(one["media"])
        for item in one.get("items") or []:
            item["media"] = _resolved(item["media"])
    return kept


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items() if one is not None}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _resolved(media: Mapping[str, Any]) -> Json:
    size = {"width": 640, "height": 480, "content_type": "image/png", "loading_state": 2}
    return {**media, "proxy_url": media["url"], **size}


def app(world: World, owner: User) -> Json:
    """The application."""
    return {
        "id": world.app_id,
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": user(owner),
        "team": None,
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "redirect_uris": [],
        "approximate_guild_count": sum(one.has_bot for one in world.guilds.values()),
    }
