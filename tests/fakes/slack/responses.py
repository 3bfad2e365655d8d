"""response_url: answering a command or an interaction later, up to five times within half an hour.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.slack.calls import Refusal, checked
from tests.fakes.slack.world import Channel, Json, Message, Workspace, World

USES: Final = 5
LIFETIME: Final = 1800
"""Seconds."""

KEYS: Final = frozenset(
    {
        *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts"),
        *("unfurl_links", "unfurl_media", "metadata", "mrkdwn", "parse", "link_names"),
    }
)


@dataclass(slots=True)
class Url:
    """One response_url: whose, where, and about which message, if it is about one."""

    name: str
    workspace: Workspace
    channel: Channel
    user: str
    at: float
    source: Message | None = None
    uses: int = 0
    responses: list[Json] = field(default_factory=list)
    """What was sent to it and taken."""
    messages: list[Message] = field(default_factory=list)
    """What became of that, in the same order, where it was not deleting."""


class Responses:
    """All of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._urls: dict[str, Url] = {}

    def new(self, workspace: Workspace, channel: Channel, user: str, source: Message | None = None) -> Url:
        """A new one."""
        made = Url(self.world.name("R"), workspace, channel, user, self.world.now(), source)
        self._urls[made.name] = made
        return made

    def take(self, name: str, body: Mapping[str, Any]) -> None:
        """What an app sent to it. Raises Refusal."""
        url = self._urls.get(name)
        if url is None:
            raise Refusal("invalid_url")
        if self.world.now() - url.at > LIFETIME:
            self.world.wrong("response_url: used after 30 minutes")
            raise Refusal("expired_url")
        url.uses += 1
        if url.uses > USES:
            self.world.wrong("response_url: used more than 5 times")
            raise Refusal("used_url")
        try:
            self.show(url, body)
        except Refusal as refusal:
            self.world.wrong(f"response_url: {refusal.error} {refusal.extra.get('errors', '')}".strip())
            raise

    def show(self, url: Url, body: Mapping[str, Any]) -> None:
        """What it makes to see. Raises Refusal."""
        if unknown := body.keys() - KEYS:
            self.world.wrong(f"response_url: takes no {', '.join(sorted(unknown))}")
        if body.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
            self.world.wrong(f"response_url: no response_type {body['response_type']}")
        url.responses.append(dict(body))
        if body.get("delete_original") or body.get("replace_original"):
            self._change(url, body)
        else:
            url.messages.append(self._add(url, checked(self.world, body), body))

    def _change(self, url: Url, body: Mapping[str, Any]) -> None:
        source = url.source
        if source is None:
            self.world.wrong("response_url: of a command, there is no original to replace or delete")
            return
        if body.get("delete_original"):
            if source in url.channel.messages:
                url.channel.remove(source)
            elif source in url.channel.ephemerals:
                url.channel.ephemerals.remove(source)
            return
        kept = {key: value for key, value in source.body.items() if key not in {"text", "blocks"}}
        source.body = {**kept, **checked(self.world, body)}
        url.messages.append(source)

    def _add(self, url: Url, shown: Json, body: Mapping[str, Any]) -> Message:
        author = {"user": url.workspace.bot_user, "bot_id": url.workspace.bot_id, "team": url.workspace.id}
        is_public = body.get("response_type") == "in_channel"
        flags = {key: body[key] for key in ("unfurl_links", "unfurl_media") if key in body}
        message = Message(
            self.world.stamp(),
            url.channel.id,
            url.workspace.id,
            {**shown, **author},
            thread_ts=body.get("thread_ts"),
            flags=flags,
            to=None if is_public else url.user,
        )
        if is_public:
            return self.world.put(message)
        url.channel.ephemerals.append(message)
        return message
