"""Messages: posting, changing, deleting and reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fakes.discord import shown
from tests.fakes.discord.calls import Call, Refusal, Route, Upload
from tests.fakes.discord.payloads import IS_COMPONENTS_V2
from tests.fakes.discord.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.fakes.discord.world import DM, FORUM, Channel, Json, Message, World

NONCE_SECONDS: Final = 180.0
"""How long a nonce is remembered: Discord says "the past few minutes"."""


def made(world: World, channel: str, body: Mapping[str, Any], files: Sequence[Upload] = ()) -> Message:
    """A message of the bot's, as a body describes it, not put anywhere yet."""
    message = Message(world.snowflake(), channel, world.bot.id, world.now())
    message.nonce = str(body.get("nonce") or "")
    message.reference = body.get("message_reference")
    message.kind = 19 if message.reference else 0
    message.attachments = [
        {
            "id": world.snowflake(),
            "filename": one.filename,
            "size": len(one.content),
            "url": f"https://cdn.discordapp.com/attachments/{channel}/{message.id}/{one.filename}",
            "proxy_url": f"https://media.discordapp.net/attachments/{channel}/{message.id}/{one.filename}",
        }
        for one in files
    ]
    filled(message, body)
    message.edited = 0.0
    return message


def filled(message: Message, body: Mapping[str, Any], now: float = 0.0) -> Message:
    """A message, changed as far as a body says something."""
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if "components" in body:
        message.components = shown.with_ids(body["components"] or [])
    if body.get("flags") is not None:
        message.flags |= body["flags"]
    if "allowed_mentions" in body:
        message.allowed_mentions = body["allowed_mentions"]
    message.edited = now
    return message


def may_write(call: Call, channel: Channel, body: Mapping[str, Any]) -> None:
    """Raises `Refusal` if the bot may not write this there."""
    world = call.world
    if channel.kind == DM:
        other = world.users[channel.recipient]
        if not other.takes_dms or not world.shares_guild(other):
            raise Refusal(50007)
        return
    if channel.kind == FORUM:
        raise Refusal(50008)
    call.need(channel, SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES)
    if body.get("embeds"):
        call.need(channel, EMBED_LINKS)
    if call.files:
        call.need(channel, ATTACH_FILES)
    if channel.is_archived and channel.is_locked and not call.held(channel) & MANAGE_THREADS:
        raise Refusal(50083)


def create_message(call: Call) -> Json:
    """Post; the same author's message with the same nonce, of late, comes back instead of a second one."""
    world = call.world
    channel = call.channel()
    body = call.taken("message", call.body)
    may_write(call, channel, body)
    if body.get("enforce_nonce") and (earlier := _with_nonce(world, str(body.get("nonce") or ""))):
        if earlier.channel != channel.id:
            world.wrong(f"create_message: nonce {earlier.nonce} in {channel.id} was used in {earlier.channel}")
        world.counts["nonce met again"] += 1
        if earlier.id not in world.messages:  # deleted since: https://github.com/discord/discord-api-docs/pull/6647
            raise Refusal(10008)
        return shown.message(world, earlier, with_nonce=True)
    _check_reference(call, channel, body.get("message_reference"))
    if channel.is_archived:
        channel.is_archived = False
        world.tell("THREAD_UPDATE", shown.channel(world, channel), channel.guild)
    message = posted(world, made(world, channel.id, body, call.files))
    world.nonces[message.nonce] = message
    return shown.message(world, message, with_nonce=True)


def posted(world: World, message: Message) -> Message:
    """A message into its channel, and everybody told."""
    world.put(message)
    world.counts["taken"] += 1
    announced(world, message)
    return message


def announced(world: World, message: Message) -> None:
    """Tell of a new message."""
    channel = world.channels[message.channel]
    guild = {"guild_id": channel.guild} if channel.guild else {}
    world.tell("MESSAGE_CREATE", {**shown.message(world, message, with_nonce=True), **guild}, channel.guild)


def _with_nonce(world: World, nonce: str) -> Message | None:
    earlier = world.nonces.get(nonce) if nonce else None
    return earlier if earlier and earlier.at >= world.now() - NONCE_SECONDS else None


def _check_reference(call: Call, channel: Channel, reference: Mapping[str, Any] | None) -> None:
    if reference is None:
        return
    if not call.held(channel) & READ_MESSAGE_HISTORY:
        raise Refusal(160002)
    there = call.world.messages.get(str(reference["message_id"]))
    is_there = there is not None and there.channel == channel.id
    if not is_there and reference.get("fail_if_not_exists", True):
        errors = [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]
        raise Refusal(50035, {"message_reference": {"_errors": errors}})


def update_message(call: Call) -> Json:
    """Change one of the bot's own."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.world.bot.id:
        raise Refusal(50005)
    body = call.taken("edit", call.body, is_v2=bool(message.flags & IS_COMPONENTS_V2))
    if channel.is_archived:
        raise Refusal(50083)
    kept = [key for key in ("content", "embeds") if getattr(message, key) and body.get(key, ...) is not None]
    if (body.get("flags") or 0) & IS_COMPONENTS_V2 and kept:  # they are taken away by null, and by nothing else
        said = {"code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "message": "It has them still."}
        raise Refusal(50035, {key: {"_errors": [said]} for key in kept})
    call.world.counts["edited"] += 1
    return changed(call.world, filled(message, body, call.world.now()))


def changed(world: World, message: Message) -> Json:
    """Tell of a change, and show it."""
    channel = world.channels.get(message.channel)
    if channel and not message.is_ephemeral:
        guild = {"guild_id": channel.guild} if channel.guild else {}
        world.tell("MESSAGE_UPDATE", {**shown.message(world, message), **guild}, channel.guild)
    return shown.message(world, message)


def delete_message(call: Call) -> None:
    """No more of a message; of somebody else's only for who manages messages."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.world.bot.id:
        call.need(channel, MANAGE_MESSAGES)
    dropped(call.world, message)


def dropped(world: World, message: Message) -> None:
    """Delete a message, and tell of it."""
    world.drop(message)
    channel = world.channels[message.channel]
    if not message.is_ephemeral:
        guild = {"guild_id": channel.guild} if channel.guild else {}
        world.tell("MESSAGE_DELETE", {"id": message.id, "channel_id": channel.id, **guild}, channel.guild)


def get_message(call: Call) -> Json:
    """One message."""
    return shown.message(call.world, call.message(call.channel(READ_MESSAGE_HISTORY)))


def list_messages(call: Call) -> list[Json]:
    """The newest first; those `after` an id are the oldest of them, as Discord has it."""
    channel = call.channel()
    limit = call.query.get("limit", "50")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        said = {"code": "NUMBER_TYPE_MAX", "message": "int value should be between 1 and 100."}
        raise Refusal(50035, {"limit": {"_errors": [said]}})
    marks = {key: int(call.query[key]) for key in ("after", "before", "around") if key in call.query}
    if len(marks) > 1:
        call.world.wrong(f"list_messages: {' and '.join(marks)} exclude each other")
    if not call.held(channel) & READ_MESSAGE_HISTORY:
        return []
    found = _among(channel.messages, marks, int(limit))
    return [shown.message(call.world, one) for one in reversed(found)]


def _among(messages: list[Message], marks: Mapping[str, int], limit: int) -> list[Message]:
    if "after" in marks:
        return [one for one in messages if int(one.id) > marks["after"]][:limit]
    if "before" in marks:
        return [one for one in messages if int(one.id) < marks["before"]][-limit:]
    if "around" in marks:
        half = limit // 2
        earlier = [one for one in messages if int(one.id) < marks["around"]][-half:]
        return earlier + [one for one in messages if int(one.id) >= marks["around"]][: half + 1]
    return messages[-limit:]


_MESSAGES: Final = "/channels/{channel}/messages"
_MESSAGE: Final = "/channels/{channel}/messages/{message}"

ROUTES: Final = (
    Route("create_message", "POST", _MESSAGES, create_message, (5, 5.0)),
    Route("list_messages", "GET", _MESSAGES, list_messages, (5, 1.0)),
    Route("get_message", "GET", _MESSAGE, get_message, (5, 1.0)),
    Route("update_message", "PATCH", _MESSAGE, update_message, (5, 5.0)),
    Route("delete_message", "DELETE", _MESSAGE, delete_message, (5, 1.0)),
)
