"""Who asks, in which channel, and what they may change there.

Slack is asked, never the payload's text: membership by users.conversations (which shows a private channel only where
the app is in it too), admins by users.info. What it said is believed for a minute.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.repair import PERSONAL
from bot.slack.api import error_code
from bot.slack.tokens import Clients
from papers.errors import NotAllowedError
from papers.model import Asker, Destination

BELIEVED: Final = 60.0
"""Seconds."""

_KINDS: Final = "public_channel,private_channel,mpim"
_OUTSIDE: Final = {"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type", "missing_scope"}
"""What Slack says of a channel that the app has no way into by itself."""

_REMEMBERED: Final = 10_000
_INVITE: Final = "type `/invite @Paperboy` there, then try again"

Now = Callable[[], float]


class Rights:
    """Asks Slack about people and channels. `now` is a monotonic clock in seconds."""

    def __init__(self, clients: Clients, now: Now = time.monotonic) -> None:
        self._clients = clients
        self._now = now
        self._known: dict[tuple[str, ...], tuple[float, Any]] = {}

    async def asker(self, workspace: str, user: str, channel: str) -> Asker:
        """Who speaks where: in the direct messages with the app, for their personal channel."""
        if channel.startswith("D") and channel == await self._personal(workspace, user):
            channel = PERSONAL + user
        return Asker(Destination("slack", workspace, channel or PERSONAL + user), user)

    async def _personal(self, workspace: str, user: str) -> str:
        """The id of the direct messages between the app and a user."""
        known = self._remembered("dm", workspace, user)
        if known is None:
            client = await self._clients.client(workspace)
            known = (await client.conversations_open(users=user))["channel"]["id"]
            self._remember(known, "dm", workspace, user)
        return str(known)

    async def check(self, asker: Asker, *, admins_only: bool) -> None:
        """Raises NotAllowedError unless they may change what their channel gets."""
        here = asker.destination
        if is_own(asker):
            return
        if not await self._is_member(asker):
            _refuse_archived(await self._find(here))
            raise NotAllowedError("only members of a channel change what it gets", advice="join the channel first")
        if admins_only and not await self._is_admin(here.workspace, asker.user):
            advice = "ask an admin, who may also type `/papers settings changes members`"
            raise NotAllowedError("this channel's settings let only workspace admins change things", advice=advice)

    async def see(self, asker: Asker) -> None:
        """Raises NotAllowedError for a private channel that the asker is not in: they may not look into it either."""
        if is_own(asker) or await self._is_member(asker):
            return
        if (await self._find(asker.destination)).get("is_private"):
            raise NotAllowedError("only its members see what a private channel gets")

    async def enter(self, destination: Destination) -> None:
        """See that the app may post into a channel; a public one it joins. Raises NotAllowedError."""
        if destination.channel.startswith(PERSONAL):
            return
        found = await self._find(destination)
        _refuse_archived(found)
        if not found.get("is_member"):
            client = await self._clients.client(destination.workspace)
            with _invited():
                await client.conversations_join(channel=destination.channel)

    async def _find(self, destination: Destination) -> Mapping[str, Any]:
        """The channel as Slack describes it. Raises NotAllowedError for one that the app cannot see."""
        client = await self._clients.client(destination.workspace)
        with _invited():
            found: Mapping[str, Any] = (await client.conversations_info(channel=destination.channel))["channel"]
        return found

    async def _is_member(self, asker: Asker) -> bool:
        workspace = asker.destination.workspace
        if asker.destination in await self.channels(workspace, asker.user):
            return True
        self._known.pop(("channels", workspace, asker.user), None)  # they may have joined just now
        return asker.destination in await self.channels(workspace, asker.user)

    async def channels(self, workspace: str, user: str) -> frozenset[Destination]:
        """The channels that a user is in and the app can see, and their personal one."""
        known: frozenset[Destination] | None = self._remembered("channels", workspace, user)
        if known is None:
            client = await self._clients.client(workspace)
            ids = [channel async for channel in _conversations(client, user)]
            known = frozenset(Destination("slack", workspace, one) for one in [PERSONAL + user, *ids])
            self._remember(known, "channels", workspace, user)
        return known

    async def _is_admin(self, workspace: str, user: str) -> bool:
        known: bool | None = self._remembered("admin", workspace, user)
        if known is None:
            client = await self._clients.client(workspace)
            found = (await client.users_info(user=user))["user"]
            known = bool(found.get("is_admin") or found.get("is_owner"))
            self._remember(known, "admin", workspace, user)
        return known

    def _remembered(self, *key: str) -> Any:
        until, value = self._known.get(key, (0.0, None))
        return value if self._now() < until else None

    def _remember(self, value: object, *key: str) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = (self._now() + BELIEVED, value)


def is_own(asker: Asker) -> bool:
    """Whether they speak in their personal channel. Raises NotAllowedError in other people's conversations."""
    channel = asker.destination.channel
    if channel.startswith(PERSONAL) and channel != PERSONAL + asker.user:
        raise NotAllowedError("that is somebody else's personal channel")
    if channel.startswith("D"):
        advice = "type it in a channel, or in Paperboy's own messages"
        raise NotAllowedError("Paperboy cannot post into a conversation between people", advice=advice)
    return channel.startswith(PERSONAL)


def _refuse_archived(channel: Mapping[str, Any]) -> None:
    if channel.get("is_archived"):
        raise NotAllowedError("this channel is archived", advice="unarchive it, or choose another")


@contextmanager
def _invited() -> Iterator[None]:
    """Slack's refusals as what they come to: the app has to be let in."""
    try:
        yield
    except SlackApiError as error:
        if error_code(error) not in _OUTSIDE:
            raise
        raise NotAllowedError("Paperboy is not in this channel", advice=_INVITE) from error


async def _conversations(client: AsyncWebClient, user: str) -> AsyncIterator[str]:
    cursor = ""
    while True:
        page = await client.users_conversations(
            user=user, types=_KINDS, exclude_archived=True, limit=999, cursor=cursor
        )
        for channel in page["channels"]:
            yield channel["id"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
