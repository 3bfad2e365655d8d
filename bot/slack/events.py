"""What happens in a workspace without anybody asking: the app comes and goes, channels close, links are shared.

A channel that closes to us is suspended, never forgotten, and its owners are told once; one that opens again goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import Conversation
from bot.leaving import Comings
from bot.repair import Closures
from bot.slack.message import Message
from bot.slack.post import render_card
from bot.slack.tokens import Clients
from bot.talk import Talk
from papers.model import Asker, Destination
from papers.workspace import Workspace

CLOSED: Final = {
    "channel_archive": "the channel was archived",
    "group_archive": "the channel was archived",
    "channel_deleted": "the channel was deleted",
    "group_deleted": "the channel was deleted",
    "channel_left": "Paperboy was removed from the channel",
    "group_left": "Paperboy was removed from the channel",
}
"""Why nothing can be posted, by the event that tells of it (https://docs.slack.dev/reference/events)."""

OPENED: Final = ("channel_unarchive", "group_unarchive")

REMOVED: Final = "Paperboy was removed from this workspace"

log = structlog.get_logger(platform="slack")


class Happenings:
    """Follows what Slack tells of."""

    def __init__(
        self,
        conversation: Conversation,
        talk: Talk[Message],
        clients: Clients,
        closures: Closures,
        comings: Comings,
    ) -> None:
        self._conversation = conversation
        self._talk = talk
        self._clients = clients
        self._closures = closures
        self._comings = comings

    async def closed(self, destination: Destination, event: str) -> None:
        """Suspend a channel that closed, and tell its owners."""
        await self._talk.apart(lambda: self._closures.close(destination, CLOSED[event]))

    async def opened(self, destination: Destination) -> None:
        """Go on in a channel that opened again."""
        await self._talk.apart(lambda: self._closures.open(destination))

    async def removed(self, workspace: str, at: float) -> None:
        """Forget a workspace's tokens, and wait a while for it to come back: so long its subscriptions stay."""
        if not await self._clients.forget(workspace, at):
            return
        await self._talk.apart(lambda: self._comings.left(Workspace("slack", workspace), REMOVED))
        log.info("removed", workspace=workspace)

    async def installed(self, workspace: str, user: str) -> None:
        """Go on in a workspace that came back, and say hello to whoever installed, once and to nobody else."""
        await self._talk.apart(lambda: self._comings.back(Workspace("slack", workspace)))
        client = await self._clients.client(workspace)
        await client.chat_postMessage(channel=user, text=HELLO, unfurl_links=False, unfurl_media=False)
        log.info("installed", workspace=workspace)

    async def shared(self, client: AsyncWebClient, workspace: str, event: Mapping[str, Any]) -> None:
        """Unfurl links to papers as their cards, where the channel opted in."""
        asker = Asker(Destination("slack", workspace, str(event["channel"])), str(event["user"]))
        services = self._conversation.services

        def cards() -> dict[str, Any]:
            if not services.settings(asker, {}).preferences.cards:
                return {}
            found = {link["url"]: services.card(link["url"]) for link in event["links"]}
            first = {card.paper.id: url for url, card in reversed(found.items()) if card}  # one paper, one card
            return {
                url: {"blocks": render_card(card).blocks}
                for url, card in found.items()
                if card and first[card.paper.id] == url
            }

        unfurls = await self._talk.apart(cards)
        if unfurls:
            if "unfurl_id" in event:  # the message may not be sent yet
                await client.chat_unfurl(unfurls=unfurls, unfurl_id=event["unfurl_id"], source=event["source"])
            else:
                await client.chat_unfurl(unfurls=unfurls, channel=event["channel"], ts=event["message_ts"])


HELLO: Final = (
    "Hello! I bring channels the few papers that matter to them, and say why.\n"
    "Type `/papers subscribe diffusion -survey` in a channel, or here for yourself; `/papers help` shows more."
)
