"""What Paperboy asks a workspace to let it do, each with its reason; deploy/slack/manifest.yaml asks for the same.

The scopes and what they open: https://docs.slack.dev/reference/scopes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SCOPES: Final = {
    "commands": "the slash command and the message shortcut",
    "chat:write": "to post, and to answer in direct messages",
    "channels:read": "to see whether it is in a public channel, and who may change what comes there",
    "groups:read": "the same for private channels that it was invited to",
    "mpim:read": "the same for group conversations that it was added to",
    "channels:join": "to join a public channel when somebody subscribes it",
    "channels:history": "to look whether a post is out after a connection broke, instead of posting it twice",
    "groups:history": "the same in private channels",
    "mpim:history": "the same in group conversations",
    "im:history": "the same in direct messages, and to read what is typed there",
    "im:write": "to open direct messages: personal channels, and word of a channel that closed",
    "users:read": "to tell admins from members, where a channel lets only admins change things",
    "links:read": "to see links to papers, where a channel asked for their cards",
    "links:write": "to show those cards",
}
"""Scopes of the bot token."""

CONNECTING: Final = "connections:write"
"""The one scope of the app-level token: to open the connection of Socket Mode."""


def missing(granted: Iterable[str]) -> list[str]:
    """Scopes that a token lacks."""
    return [scope for scope in SCOPES if scope not in set(granted)]
