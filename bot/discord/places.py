"""Where a delivery's message stands: in the channel, in a thread under its headline, or as a forum's post.

    kind of channel        a message of its own        a reply
    text, announcements    in the channel              in the thread under its headline, opened for the first one
    forum, media           a new post                  in the headline's post
    direct messages, a thread, the chat of a voice channel      in it, both

A thread has the id of the message that it was opened under, and a forum's post that of its first message, so that the
headline's receipt says where its replies stand. Archived threads come back by themselves when something is posted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.discord.api import Api
from bot.discord.errors import THREAD_EXISTS, Refused, in_thread
from bot.reach import AGAIN
from bot.repair import PERSONAL
from papers.errors import RetryAfter, Unknown
from papers.model import Destination, Heading
from papers.wording.dates import day_text

CHANNEL: Final = "/channels/{channel}"
THREADS: Final = "/channels/{channel}/threads"
UNDER: Final = "/channels/{channel}/messages/{message}/threads"
DIRECT: Final = "/users/@me/channels"

THREADED: Final = frozenset({0, 5})
"""Kinds of channels in which a message can have a thread: text and announcements
(https://discord.com/developers/docs/resources/channel#channel-object-channel-types)."""

FORUMS: Final = frozenset({15, 16})
"""Kinds of channels that take posts only: forums, and media channels."""

KNOWN: Final = 1_000
"""Threads that are remembered to be open."""


Kind = Literal["channel", "forum", "thread", "post"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to post, and where to look.

    Attributes:
        channel: the id of a channel, or of a headline's thread.
        kind: a message in a "forum" is a new post; a "thread" may have to be opened under its headline in `parent`, a
            forum's "post" is there already.
    """

    channel: str
    kind: Kind = "channel"
    parent: str = ""

    @property
    def is_forum(self) -> bool:
        """Whether each message makes a post of its own."""
        return self.kind == "forum"

    @property
    def is_thread(self) -> bool:
        """Whether it is a headline's: gone with it, and not the whole channel."""
        return self.kind in {"thread", "post"}


class Places:
    """Places of one bot. What kind a channel is, and whose direct messages it is, is asked once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._channels: dict[Destination, tuple[str, int]] = {}
        self._opened: deque[str] = deque(maxlen=KNOWN)

    async def of(self, destination: Destination, headline: str | None) -> Place:
        """Where a message stands that answers this headline, if any. Raises Refused or RetryAfter, never Unknown."""
        channel, kind = await self._channel(destination)
        if kind in FORUMS:
            return Place(headline, "post") if headline else Place(channel, "forum")
        return Place(headline, "thread", channel) if headline and kind in THREADED else Place(channel)

    async def open(self, place: Place, heading: Heading) -> None:
        """Open a headline's thread, if it is one that may not be open yet. Raises as `of` does.

        Whoever comes second finds it open; a headline that was deleted has none any more.
        """
        if place.kind != "thread" or place.channel in self._opened:
            return
        name = {"name": title(heading)}
        try:
            await self._before_posting("POST", UNDER, {"channel": place.parent, "message": place.channel}, name)
        except Refused as error:
            if error.code != THREAD_EXISTS:
                raise in_thread(error) from error
        self._opened.append(place.channel)

    async def _channel(self, destination: Destination) -> tuple[str, int]:
        """The id of the channel, and its kind."""
        if destination not in self._channels:
            user = destination.channel.removeprefix(PERSONAL)
            if user == destination.channel:
                told = await self._before_posting("GET", CHANNEL, {"channel": user})
            else:
                told = await self._before_posting("POST", DIRECT, {}, {"recipient_id": user})
            self._channels[destination] = str(told["id"]), int(told["type"])
        return self._channels[destination]

    async def _before_posting(
        self, method: str, path: str, where: Mapping[str, str], body: Mapping[str, str] | None = None
    ) -> Any:
        """Ask something after which nothing is posted yet, so that what became of it does not matter."""
        try:
            return await self._api.ask(method, path, where, body=body)
        except Unknown as error:
            raise RetryAfter(AGAIN) from error


def title(heading: Heading) -> str:
    """Of a headline's thread: the day, and nobody's words."""
    return f"{day_text(heading.day, heading.language)} · papers"
