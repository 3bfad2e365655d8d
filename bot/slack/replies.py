"""Where an answer goes: to whoever asked, in the place where they asked.

A message's reply goes to its `response_url`, as it was given
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: five times within 30 minutes). A
view has none: see `bot.slack.views`.
"""

from __future__ import annotations

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.message import Message

log = structlog.get_logger(platform="slack")


class MessageReply:
    """By a message's or a command's response_url; `thread` is where the message stands, if in a thread."""

    def __init__(self, respond: AsyncRespond, thread: str | None = None) -> None:
        self._respond = respond
        self._thread = thread

    async def aside(self, message: Message) -> None:
        """As an ephemeral message."""
        await self._send(message, "ephemeral", replaces=False)

    async def instead(self, message: Message) -> None:
        """In the message's place."""
        await self._send(message, "ephemeral", replaces=True)

    async def aloud(self, message: Message) -> None:
        """As a message that everybody sees, and that needs no membership of ours."""
        await self._send(message, "in_channel", replaces=False)

    async def gone(self) -> None:
        """The message is deleted."""
        await self._respond(delete_original=True)

    async def _send(self, message: Message, kind: str, *, replaces: bool) -> None:
        answer = await self._respond(
            text=message.text,
            blocks=message.blocks,
            response_type=kind,
            replace_original=replaces,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=None if replaces else self._thread,
        )
        if answer.status_code != 200:  # noqa: PLR2004 - HTTP's OK
            log.warning("an answer was not taken", status=answer.status_code, said=answer.body)


class DirectReply:
    """Into direct messages, where nobody else reads."""

    def __init__(self, client: AsyncWebClient, channel: str) -> None:
        self._client = client
        self._channel = channel

    async def aside(self, message: Message) -> None:
        """As the next message."""
        await self._client.chat_postMessage(
            channel=self._channel,
            text=message.text,
            blocks=message.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def instead(self, message: Message) -> None:
        """As the next message: what a user wrote stays."""
        await self.aside(message)

    async def aloud(self, message: Message) -> None:
        """As the next message."""
        await self.aside(message)

    async def gone(self) -> None:
        """What a user wrote stays."""
