"""chat.*: messages, and the cards of links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.calls import Call, Method, Refusal, checked, content, malformed
from tests.fakes.slack.world import Channel, Json, Message, Workspace, shown

FLAGS = ("client_msg_id", "unfurl_links", "unfurl_media", "parse", "link_names", "mrkdwn", "reply_broadcast")


def post(call: Call) -> Json:
    """chat.postMessage."""
    workspace, channel = _writable(call)
    body = {**content(call), **_author(workspace)}
    message = Message(
        ts="",
        channel=channel.id,
        workspace=workspace.id,
        body=body,
        thread_ts=_thread(call, channel),
        metadata=_metadata(call),
        flags={key: call.args[key] for key in FLAGS if key in call.args},
    )
    message.ts = call.world.stamp()
    call.world.put(message)
    return {"channel": channel.id, "ts": message.ts, "message": shown(message, channel, with_metadata=True)}


def _writable(call: Call) -> tuple[Workspace, Channel]:
    if call.text("channel").startswith(("U", "W")):
        user = call.user("channel", "channel_not_found")
        workspace = call.world.workspaces[user.workspace]
        return workspace, call.world.direct(workspace, user.id)
    workspace, channel = call.channel()
    if workspace.bot_user not in channel.members and "chat:write.public" not in call.by.scopes:
        raise Refusal("not_in_channel")
    if channel.is_archived:
        raise Refusal("is_archived")
    return workspace, channel


def _author(workspace: Workspace) -> Json:
    return {"user": workspace.bot_user, "bot_id": workspace.bot_id, "team": workspace.id}


def _thread(call: Call, channel: Channel) -> str | None:
    """The thread's ts. Slack posts beside a thread that is not there; to ask for one that never was is a mistake."""
    thread = call.text("thread_ts")
    if not thread:
        return None
    parent = channel.find(thread)
    if parent is None or parent.thread_ts not in {None, thread}:
        if thread not in channel.deleted:
            call.world.wrong(f"{call.method}: thread_not_found, and {thread} never began one")
        raise Refusal("thread_not_found")
    return thread


def _metadata(call: Call) -> Json | None:
    value: Any = call.data("metadata")
    if value is None:
        return None
    is_shaped = isinstance(value, dict) and value.keys() == {"event_type", "event_payload"}
    if not is_shaped or not isinstance(value["event_type"], str) or not isinstance(value["event_payload"], dict):
        raise malformed("invalid_metadata_format", ["must have event_type and event_payload [json-pointer:/metadata]"])
    if any(not isinstance(one, str | int | float | bool) for one in value["event_payload"].values()):
        raise malformed("invalid_metadata_schema", ["must be flat [json-pointer:/metadata/event_payload]"])
    return dict(value)


def _own(call: Call, error: str) -> tuple[Channel, Message]:
    """A message that the bot wrote; `error` is what Slack says of others'."""
    workspace, channel = call.channel()
    message = channel.find(call.text("ts"))
    if message is None:
        raise Refusal("message_not_found")
    if message.body.get("bot_id") != workspace.bot_id:
        raise Refusal(error)
    return channel, message


def update(call: Call) -> Json:
    """chat.update: with text alone the blocks go, as in Slack."""
    channel, message = _own(call, "cant_update_message")
    kept = {key: value for key, value in message.body.items() if key not in {"text", "blocks"}}
    message.body = {**kept, **content(call)}
    message.metadata = _metadata(call) or message.metadata
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown(message, channel)}


def delete(call: Call) -> Json:
    """chat.delete."""
    channel, message = _own(call, "cant_delete_message")
    channel.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def ephemeral(call: Call) -> Json:
    """chat.postEphemeral: to a member of a channel that the bot is in too."""
    workspace, channel = call.channel()
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.text("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    body = {**content(call), **_author(workspace)}
    message = Message(call.world.stamp(), channel.id, workspace.id, body, to=call.text("user"))
    channel.ephemerals.append(message)
    return {"message_ts": message.ts}


def unfurl(call: Call) -> Json:
    """chat.unfurl: cards for links that somebody shared, told of by link_shared."""
    message = _shared(call)
    cards = call.data("unfurls")
    if not isinstance(cards, dict) or not cards:
        raise Refusal("missing_unfurls")
    for url, card in cards.items():
        if url not in message.links:
            raise Refusal("cannot_unfurl_url")
        message.unfurls[url] = _card(call, card)
    return {}


def _shared(call: Call) -> Message:
    """By channel and ts, or by unfurl_id and source, which are the same of a message that was sent."""
    if call.text("unfurl_id"):
        everywhere = (one for workspace in call.world.workspaces.values() for one in workspace.channels.values())
        found = next((m for one in everywhere for m in one.messages if unfurl_id(m) == call.text("unfurl_id")), None)
        if found is None or found.workspace not in {one.id for one in call.reach()}:
            raise Refusal("cannot_find_message")
        return found
    _, channel = call.channel()
    found = channel.find(call.text("ts"))
    if found is None:
        raise Refusal("cannot_find_message")
    return found


def unfurl_id(message: Message) -> str:
    """What link_shared calls a message."""
    return f"{message.channel}-{message.ts}-{message.workspace}"


def _card(call: Call, card: Any) -> Json:
    if not isinstance(card, Mapping) or card.keys() - {"blocks", "color", "fallback", "preview", "hide_color"}:
        raise malformed("invalid_unfurls_format", ["must be an object with blocks [json-pointer:/unfurls]"])
    return {**card, **checked(call.world, {"text": "-", "blocks": card.get("blocks")})}


_CONTENT = ("text", "blocks", "attachments", "metadata", *FLAGS)
_CHANGES = ("text", "blocks", "attachments", "metadata", "parse", "link_names", "reply_broadcast")

METHODS = {
    "chat.postMessage": Method(
        post, ("chat:write",), ("channel",), (*_CONTENT, "thread_ts", "username", "icon_emoji", "icon_url")
    ),
    "chat.update": Method(update, ("chat:write",), ("channel", "ts"), _CHANGES),
    "chat.delete": Method(delete, ("chat:write",), ("channel", "ts")),
    "chat.postEphemeral": Method(ephemeral, ("chat:write",), ("channel", "user"), (*_CONTENT, "thread_ts")),
    "chat.unfurl": Method(unfurl, ("links:write",), ("unfurls",), ("channel", "ts", "unfurl_id", "source", "metadata")),
}
