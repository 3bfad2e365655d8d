"""Whether a message is out on Discord: the channel's history, or a forum's posts, since the delivery was due.

Discord shows whoever lacks Read Message History an empty history, and says nothing. So silence proves nothing by
itself: it is believed if the channel's last message is older, or is shown to us when we ask for it by its id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.discord.acts import delivery_of
from bot.discord.api import Api
from bot.discord.errors import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, Refused
from bot.discord.places import CHANNEL, Place
from papers.errors import Unknown, Unverifiable
from papers.model import Delivery, Receipt

MESSAGES: Final = "/channels/{channel}/messages"
MESSAGE: Final = "/channels/{channel}/messages/{message}"
ACTIVE: Final = "/guilds/{guild}/threads/active"
ARCHIVED: Final = "/channels/{channel}/threads/archived/public"

EPOCH: Final = 1_420_070_400_000
"""Milliseconds from 1970 to the first second of 2015, which ids are counted from
(https://discord.com/developers/docs/reference#snowflakes)."""

SKEW: Final = timedelta(minutes=1)
"""How far Discord's clock may be behind ours."""

PAGE: Final = 100
"""Messages or threads a page: the most there are."""

PAGES: Final = 20
"""Pages of messages that one look reads at most: four seconds' worth, at five a second."""

POSTS: Final = 50
"""Posts of a forum that one look opens at most."""


class History:
    """Looks for deliveries. Raises RetryAfter or Unknown if Discord does not say now, Unverifiable if it never will."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def find(self, delivery: Delivery, place: Place) -> Receipt | None:
        """The receipt of the delivery's message there, or None if there certainly is none."""
        since = snowflake(delivery.due - SKEW)
        shown = self._posts(delivery, place, since) if place.is_forum else self._messages(place, since)
        try:
            async for message in shown:
                if delivery_of(message) == delivery.id:
                    return receipt(message)
        except Refused as error:
            if place.is_thread and error.code == UNKNOWN_CHANNEL:  # a thread that was never opened, or was deleted
                return None
            raise Unverifiable(error.reason) from error
        return None

    async def _messages(self, place: Place, since: int) -> AsyncIterator[Mapping[str, Any]]:
        after = since
        for _ in range(PAGES):
            query = {"after": str(after), "limit": str(PAGE)}
            page = _list(await self._api.ask("GET", MESSAGES, {"channel": place.channel}, query=query))
            for message in page:
                yield message
            if not page:
                break
            after = max(int(message["id"]) for message in page)
        else:
            raise Unverifiable(f"more than {PAGE * PAGES} messages came since")
        if after == since:
            await self._believe(place, since)

    async def _believe(self, place: Place, since: int) -> None:
        """Whether nothing is shown because nothing is there. Raises Refused if it is hidden from us."""
        last = (await self._api.ask("GET", CHANNEL, {"channel": place.channel})).get("last_message_id")
        if last is None or int(last) <= since:
            return
        try:
            await self._api.ask("GET", MESSAGE, {"channel": place.channel, "message": last})
        except Refused as error:
            if error.code != UNKNOWN_MESSAGE:  # else it was deleted
                raise
        else:
            raise Unknown("something was said while the history was read")

    async def _posts(self, delivery: Delivery, place: Place, since: int) -> AsyncIterator[Mapping[str, Any]]:
        """The first message of each post in a forum."""
        active = await self._api.ask("GET", ACTIVE, {"guild": delivery.destination.workspace})
        archived = await self._api.ask("GET", ARCHIVED, {"channel": place.channel}, query={"limit": str(PAGE)})
        listed = _list(archived.get("threads"))
        if archived.get("has_more") and all(_archived(one) >= delivery.due - SKEW for one in listed):
            raise Unverifiable(f"more than {PAGE} posts were archived since")
        posts = [one for one in _list(active.get("threads")) if one.get("parent_id") == place.channel]
        found = [one["id"] for one in (*posts, *listed) if int(one["id"]) > since]
        if len(found) > POSTS:
            raise Unverifiable(f"more than {POSTS} posts came since")
        for post in found:
            try:
                yield await self._api.ask("GET", MESSAGE, {"channel": post, "message": post})
            except Refused as error:
                if error.code != UNKNOWN_MESSAGE:  # else it was deleted, and the post stayed
                    raise


def snowflake(at: datetime) -> int:
    """The id before all that are made at that time or later."""
    return max(0, int(at.timestamp() * 1000) - EPOCH) << 22


def receipt(message: Any) -> Receipt:
    """A message's id tells its time. Raises Unknown for what is no message."""
    try:
        made = (int(message["id"]) >> 22) + EPOCH
        return Receipt(str(message["id"]), datetime.fromtimestamp(made / 1000, UTC))
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise Unknown("Discord's answer names no message") from error


def _archived(thread: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(thread["thread_metadata"]["archive_timestamp"])


def _list(value: Any) -> list[Mapping[str, Any]]:
    """Things with ids. Raises Unknown for anything else."""
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and str(one.get("id")).isdecimal() for one in value
    ):
        raise Unknown("Discord's answer shows no history")
    return value
