"""What commands, interactions and events look like when they reach an app. Pure.

https://docs.slack.dev/interactivity/implementing-slash-commands and /reference/interaction-payloads; events are wrapped
as in /apis/events-api. Slack's `token` field is deprecated, but it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack.world import APP_ID, Channel, Json, Message, Workspace, shown

TOKEN: Final = "verification-token"  # noqa: S105 - deprecated, and nobody is to look at it

_CALLED: Final = {"private": "privategroup", "im": "directmessage"}


def command(workspace: Workspace, channel: Channel, user: str, words: str, *, trigger: str, url: str) -> Json:
    """A slash command: everything in it is a string. `words` is what was typed, from the slash on."""
    name, _, text = words.partition(" ")
    of_enterprise = {"enterprise_id": workspace.enterprise, "enterprise_name": workspace.enterprise}
    return {
        "token": TOKEN,
        "team_id": workspace.id,
        "team_domain": workspace.id.lower(),
        **(of_enterprise if workspace.enterprise else {}),
        "channel_id": channel.id,
        "channel_name": _CALLED.get(channel.kind, channel.name),
        "user_id": user,
        "user_name": user.lower(),
        "command": name,
        "text": text.strip(),
        "api_app_id": APP_ID,
        "is_enterprise_install": str(workspace.is_org_wide).lower(),
        "response_url": url,
        "trigger_id": trigger,
    }


def interaction(kind: str, workspace: Workspace, user: str, trigger: str) -> Json:
    """What every interaction begins with."""
    enterprise = {"id": workspace.enterprise, "name": workspace.enterprise} if workspace.enterprise else None
    about = {"id": user, "username": user.lower(), "name": user.lower(), "team_id": workspace.id}
    return {
        "type": kind,
        "user": about,
        "api_app_id": APP_ID,
        "token": TOKEN,
        "trigger_id": trigger,
        "team": {"id": workspace.id, "domain": workspace.id.lower()},
        "enterprise": enterprise,
        "is_enterprise_install": workspace.is_org_wide,
    }


def action(block: Mapping[str, Any], element: Mapping[str, Any], at: str, held: Mapping[str, Any]) -> Json:
    """One entry of `actions`: the element as it stands, and what it holds now."""
    keys = ("type", "action_id", "text", "value", "style", "url")
    return {
        **{key: element[key] for key in keys if key in element},
        **held,
        "block_id": block["block_id"],
        "action_ts": at,
    }


def in_message(message: Message, channel: Channel) -> Json:
    """Where a click happened. Of an ephemeral message Slack sends no content."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.to is not None,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    place = {"container": container, "channel": {"id": channel.id, "name": _CALLED.get(channel.kind, channel.name)}}
    return place if message.to else {**place, "message": shown(message, channel, with_metadata=True)}


def in_view(view: Json, state: Mapping[str, Any]) -> Json:
    """As above, in a modal or a Home tab."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": {**view, "state": {"values": dict(state)}}}


def event(workspace: Workspace, inner: Mapping[str, Any], name: str, at: float) -> Json:
    """An event in its wrapper."""
    authorization = {
        "enterprise_id": workspace.enterprise or None,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": workspace.is_org_wide,
    }
    return {
        "token": TOKEN,
        "team_id": workspace.id,
        **({"enterprise_id": workspace.enterprise} if workspace.enterprise else {}),
        "api_app_id": APP_ID,
        "event": dict(inner),
        "type": "event_callback",
        "event_id": name,
        "event_time": int(at),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }
