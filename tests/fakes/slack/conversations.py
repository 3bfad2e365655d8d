"""conversations.*, users.* and team.*: what an app may read of channels and people."""

from __future__ import annotations

from typing import Final

from tests.fakes.slack.calls import Call, Method, Refusal
from tests.fakes.slack.world import Channel, Json, Kind, Message, Workspace, shown

NAMES: Final[dict[Kind, str]] = {"public": "channels", "private": "groups", "im": "im"}
"""What scopes call the kinds of channels."""

TYPES: Final[dict[str, Kind]] = {"public_channel": "public", "private_channel": "private", "im": "im"}
"""What `types` calls them; mpim is taken, and there are none."""


def _readable(call: Call, what: str) -> tuple[Workspace, Channel]:
    """A channel, for a token that may read this of its kind."""
    workspace, channel = call.channel()
    call.need(f"{NAMES[channel.kind]}:{what}")
    return workspace, channel


def history(call: Call) -> Json:
    """conversations.history: newest first, without replies."""
    workspace, channel = _readable(call, "history")
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    top = [one for one in channel.messages if one.thread_ts is None or one.flags.get("reply_broadcast")]
    return _messages(call, channel, _between(call, list(reversed(top))))


def replies(call: Call) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    workspace, channel = _readable(call, "history")
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    parent = channel.find(call.text("ts"))
    if parent is None:
        raise Refusal("thread_not_found")
    return _messages(call, channel, [parent, *_between(call, channel.replies(parent.ts))])


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """From `oldest` to `latest`, neither of them unless `inclusive`."""
    oldest, latest = call.text("oldest"), call.text("latest")
    bounds = {oldest, latest} if call.flag("inclusive") else set()
    return [
        one
        for one in messages
        if one.ts in bounds
        or ((not oldest or float(one.ts) > float(oldest)) and (not latest or float(one.ts) < float(latest)))
    ]


def _messages(call: Call, channel: Channel, messages: list[Message]) -> Json:
    with_metadata = call.flag("include_all_metadata")
    page, following = call.page(messages, most=999)
    rows = [shown(one, channel, with_metadata=with_metadata) for one in page]
    return {"messages": rows, "has_more": bool(following["next_cursor"]), "response_metadata": following}


def described(workspace: Workspace, channel: Channel) -> Json:
    """A channel as the API shows it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_member": workspace.bot_user in channel.members,
        "context_team_id": workspace.id,
        **({"user": channel.user} if channel.user else {}),
    }


def info(call: Call) -> Json:
    """conversations.info."""
    workspace, channel = _readable(call, "read")
    return {"channel": described(workspace, channel)}


def members(call: Call) -> Json:
    """conversations.members."""
    _, channel = _readable(call, "read")
    page, following = call.page(sorted(channel.members))
    return {"members": page, "response_metadata": following}


def opened(call: Call) -> Json:
    """conversations.open, with one person."""
    if "," in call.text("users"):
        raise Refusal("method_not_supported_for_channel_type")
    user = call.user("users")
    workspace = call.world.workspaces[user.workspace]
    channel = call.world.direct(workspace, user.id)
    return {"channel": described(workspace, channel) if call.flag("return_im") else {"id": channel.id}}


def join(call: Call) -> Json:
    """conversations.join, of public channels."""
    workspace, channel = call.channel()
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    channel.members.add(workspace.bot_user)
    return {"channel": described(workspace, channel)}


def _listed(call: Call, user: str) -> Json:
    """Channels of the asked kinds, private ones only where the bot is in them; of `user`, if one is given."""
    workspace = call.workspace()
    asked = [one.strip() for one in (call.text("types") or "public_channel").split(",")]
    if set(asked) - {*TYPES, "mpim"}:
        raise Refusal("invalid_types")
    kinds = [TYPES[one] for one in asked if one in TYPES]
    for kind in kinds:
        call.need(f"{NAMES[kind]}:read")
    rows = [
        described(workspace, one)
        for one in call.world.channels(workspace.id)
        if one.kind in kinds
        and (one.kind == "public" or workspace.bot_user in one.members)
        and (not user or user in one.members)
        and not (call.flag("exclude_archived") and one.is_archived)
    ]
    page, following = call.page(rows)
    return {"channels": page, "response_metadata": following}


def of_user(call: Call) -> Json:
    """users.conversations: somebody's, or the bot's own."""
    workspace = call.workspace()
    return _listed(call, call.user().id if call.text("user") else workspace.bot_user)


def user_info(call: Call) -> Json:
    """users.info."""
    user = call.user()
    shown_user = {
        "id": user.id,
        "team_id": user.workspace,
        "name": user.id.lower(),
        "deleted": False,
        "is_admin": user.is_admin or user.is_owner,
        "is_owner": user.is_owner,
        "is_bot": user.is_bot,
        "tz": user.tz,
    }
    return {"user": shown_user}


def team(call: Call) -> Json:
    """team.info."""
    workspace = call.workspace()
    shown_team = {"id": workspace.id, "name": workspace.id, "domain": workspace.id.lower()}
    return {"team": {**shown_team, **({"enterprise_id": workspace.enterprise} if workspace.enterprise else {})}}


_PAGED = ("cursor", "limit")
_RANGE = (*_PAGED, "oldest", "latest", "inclusive", "include_all_metadata")
_LISTS = (*_PAGED, "types", "exclude_archived")

METHODS = {
    "conversations.history": Method(history, (), ("channel",), _RANGE),
    "conversations.replies": Method(replies, (), ("channel", "ts"), _RANGE),
    "conversations.info": Method(info, (), ("channel",), ("include_locale", "include_num_members")),
    "conversations.members": Method(members, (), ("channel",), _PAGED),
    "conversations.open": Method(opened, ("im:write",), ("users",), ("return_im",)),
    "conversations.join": Method(join, ("channels:join",), ("channel",)),
    "conversations.list": Method(lambda call: _listed(call, ""), (), (), _LISTS),
    "users.conversations": Method(of_user, (), (), (*_LISTS, "user")),
    "users.info": Method(user_info, ("users:read",), ("user",), ("include_locale",)),
    "team.info": Method(team, ("team:read",), (), ("team",)),
}
