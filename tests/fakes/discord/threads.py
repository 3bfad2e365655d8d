"""Threads: under a message, in a channel, and a forum's posts."""

from __future__ import annotations

from typing import Final

from tests.fakes.discord import chat, shown
from tests.fakes.discord.calls import Call, Refusal, Route
from tests.fakes.discord.permissions import (
    CREATE_PUBLIC_THREADS,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
)
from tests.fakes.discord.rules import Rule, anything, boolean, choice, integer, items, record, snowflake, string
from tests.fakes.discord.world import ANNOUNCEMENT, ANNOUNCEMENT_THREAD, FORUM, TEXT, THREAD, Channel, Json, World

_NAMED: Final[dict[str, Rule]] = {"name": string(100)}
_OWN: Final[dict[str, Rule]] = {
    "auto_archive_duration": choice(60, 1440, 4320, 10080),
    "rate_limit_per_user": integer(0, 21600),
}
UNDER: Final = record(_NAMED, _OWN)
BESIDE: Final = record(_NAMED, {**_OWN, "type": choice(10, 11, 12), "invitable": boolean})
POST: Final = record({**_NAMED, "message": anything}, {**_OWN, "applied_tags": items(snowflake, 5)})
CHANGE: Final = record(
    {}, {**_NAMED, **_OWN, "archived": boolean, "locked": boolean, "applied_tags": items(snowflake, 5)}
)


def create_thread_from_message(call: Call) -> Json:
    """A thread under a message; its id is the message's."""
    world = call.world
    channel = call.channel(CREATE_PUBLIC_THREADS)
    if channel.kind not in {TEXT, ANNOUNCEMENT}:
        raise Refusal(50024)
    message = call.message(channel)
    body = call.ruled(UNDER)
    if message.thread in world.channels:
        raise Refusal(160004)
    message.thread = message.id
    return _opened(call, channel, message.id, body)


def create_thread(call: Call) -> Json:
    """A thread under no message, or a forum's post with its first message."""
    world = call.world
    channel = call.channel()
    if channel.kind != FORUM:
        call.need(channel, CREATE_PUBLIC_THREADS)
        if channel.kind not in {TEXT, ANNOUNCEMENT}:
            raise Refusal(50024)
        return _opened(call, channel, world.snowflake(), call.ruled(BESIDE))
    call.need(channel, SEND_MESSAGES)
    body = call.ruled(POST)
    first = call.taken("post", body["message"])
    thread = _opened(call, channel, world.snowflake(), body)
    message = chat.made(world, thread["id"], first, call.files)
    message.id = thread["id"]
    chat.posted(world, message)
    return {**shown.channel(world, world.channels[thread["id"]]), "message": shown.message(world, message)}


def _opened(call: Call, parent: Channel, name: str, body: Json) -> Json:
    world = call.world
    kind = ANNOUNCEMENT_THREAD if parent.kind == ANNOUNCEMENT else THREAD
    thread = Channel(name, kind, body["name"], parent.guild, parent.id, owner=world.bot.id)
    thread.archive_after = body.get("auto_archive_duration") or thread.archive_after
    thread.tags = [str(one) for one in body.get("applied_tags") or []]
    said = shown.channel(world, world.add_channel(thread))
    world.tell("THREAD_CREATE", {**said, "newly_created": True}, parent.guild)
    return said


def update_channel(call: Call) -> Json:
    """Rename, archive or lock a thread: the bot's own, or anybody's for who manages threads."""
    thread = call.channel()
    if not thread.is_thread:
        raise Refusal(50024, wrong="only threads are changed here")
    body = call.ruled(CHANGE)
    if thread.owner != call.world.bot.id or "locked" in body:
        call.need(thread, MANAGE_THREADS)
    if thread.is_archived and body.get("archived") is not False:
        raise Refusal(50083)
    return changed(call.world, thread, body)


def changed(world: World, thread: Channel, body: Json) -> Json:
    """A thread, changed as far as a body says something, and everybody told."""
    thread.name = body.get("name") or thread.name
    thread.is_archived = body.get("archived", thread.is_archived)
    thread.is_locked = body.get("locked", thread.is_locked)
    said = shown.channel(world, thread)
    world.tell("THREAD_UPDATE", said, thread.guild)
    return said


def list_active_threads(call: Call) -> Json:
    """A guild's threads that are not archived, as far as the bot sees them."""
    every = [one for one in call.guild().channels.values() if one.is_thread and not one.is_archived]
    return _listed(call, [one for one in every if call.held(one)], len(every))


def list_archived_threads(call: Call) -> Json:
    """A channel's archived threads, or a forum's posts, the last archived first."""
    channel, limit = call.channel(READ_MESSAGE_HISTORY), int(call.query.get("limit", "50"))
    archived = [one for one in call.world.threads(channel) if one.is_archived]
    return _listed(call, archived[::-1], limit)


def _listed(call: Call, found: list[Channel], limit: int) -> Json:
    said = [shown.channel(call.world, one) for one in found[:limit]]
    return {"threads": said, "members": [], "has_more": len(found) > limit}


_ARCHIVED: Final = "/channels/{channel}/threads/archived/public"

ROUTES: Final = (
    Route("get_active_guild_threads", "GET", "/guilds/{guild}/threads/active", list_active_threads),
    Route("list_public_archived_threads", "GET", _ARCHIVED, list_archived_threads),
    Route(
        "create_thread_from_message",
        "POST",
        "/channels/{channel}/messages/{message}/threads",
        create_thread_from_message,
        (50, 300.0),
        status=201,
    ),
    Route("create_thread", "POST", "/channels/{channel}/threads", create_thread, (50, 300.0), status=201),
    Route("update_channel", "PATCH", "/channels/{channel}", update_channel, (5, 5.0)),
)
