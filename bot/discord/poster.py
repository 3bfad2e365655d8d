"""Discord's way of taking one message, and of telling whether it has.

    post ──► with pictures ──refused──► without ──refused──► plain text ──► receipt: the message's id
    find ──► the history since the delivery was due ──► a message whose buttons name the delivery
    edit ──► the same components in the same message; never plain text, which would be less than what is there

What keeps a message whose answer was lost from coming twice:

    for minutes after a post      its nonce. Discord answers a second post with the first one's message, and takes it
                                  only once; if that was deleted meanwhile, it refuses. So posting again is harmless,
                                  and where the history cannot be read it is all that is needed: `find` says "absent".
    as long as there is history   the history, whoever asks: the delivery's id is in a button of every message of ours.
    neither                       the delivery is parked: possibly sent.

How long Discord remembers a nonce it does not say: "the past few minutes"
(https://discord.com/developers/docs/resources/message#create-message), of which `NONCE` is what we rely on. A look
comes `LOOK_AFTER` a post, while it is remembered, so that what Discord is slow to show is not doubled either.

What is left: a sender that is stopped in the middle of sending until Discord has forgotten the nonce of its successor's
post; and a message that a moderator deletes before it was found, after that time: it is posted once more. A forum's
posts have no nonce. There the history alone decides, as it does on Slack, and is asked again after a minute before a
post's absence is believed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.discord import acts, limits, markdown, parts
from bot.discord.api import Api
from bot.discord.errors import LOOKS, Refused, in_thread
from bot.discord.history import MESSAGE, MESSAGES, History, receipt
from bot.discord.places import THREADS, Place, Places
from bot.discord.post import render_post
from bot.verdict import POST_TIMEOUT
from papers.errors import Rejected, RetryAfter, Unknown, Unverifiable
from papers.model import Delivery, Destination, Paper, Receipt
from papers.stores.outbox import Pace
from papers.text import shorten
from papers.wording.headings import heading_text
from papers.wording.numbers import count

PER_CHANNEL: Final = 1.02
"""Seconds between two posts to a channel. Discord publishes no figure; its headers say five in five seconds."""

PER_TOKEN: Final = 1.02 / 50
"""Seconds between two posts of the bot, all its channels together
(https://discord.com/developers/docs/topics/rate-limits#global-rate-limit)."""

LOOK_AFTER: Final = 5.0
"""Seconds before a message is looked for. Its absence need not be certain by then: the nonce is still remembered."""

LEASE: Final = LOOK_AFTER + 2 * POST_TIMEOUT + 10.0
"""Seconds a claim is good for: for a look, a post, that wait, and a server that is slow to answer us."""

NONCE: Final = timedelta(seconds=90)
"""How long after a post Discord certainly remembers its nonce."""

CONTENT: Final = 2_000
"""Characters of a plain message (https://discord.com/developers/docs/resources/message#create-message)."""

SECOND_LOOK: Final = 55.0
"""Seconds before a post that a forum did not show is looked for again; until then it may be slow to show it."""

MISSED: Final = 1_000
"""Posts that are remembered to have been looked for once."""

TITLE: Final = 100
"""Characters of the title of a forum's post (https://discord.com/developers/docs/resources/channel#channel-object)."""

SUPPRESS_EMBEDS: Final = 1 << 2
"""A flag: no previews of what is linked to (as above)."""

UNPLAIN: Final[Mapping[str, Any]] = {"content": None}
"""In an edit: components cannot stand beside the text of a message that was posted plain
(https://discord.com/developers/docs/components/reference#legacy-message-component-behavior)."""

log = structlog.get_logger(platform="discord")


def paces(destination: Destination) -> Sequence[Pace]:
    """The paces of a channel. The bot's own binds all processes with its token; two posts may come at once."""
    return [Pace(str(destination), PER_CHANNEL), Pace(destination.platform, PER_TOKEN, burst=2, everywhere=True)]


class DiscordPoster:
    """A `papers.ports.Poster`."""

    def __init__(self, api: Api, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._places = Places(api)
        self._history = History(api)
        self._missed: deque[str] = deque(maxlen=MISSED)
        self._clock = clock

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Post. Raises RetryAfter if it certainly did not go out, Rejected if it never will, else Unknown.

        A headline or a thread that was deleted, or a thread that was locked, takes its replies with it (Rejected):
        they are not posted into the channel, since somebody wanted none of it there.
        """
        place = await self._places.of(delivery.destination, thread)
        await self._places.open(place, delivery.heading)
        try:
            return receipt(
                await taken(delivery, looks(delivery, papers), lambda look: self._say(delivery, place, look))
            )
        except Refused as error:
            if not place.is_thread:
                raise
            raise in_thread(error) from error

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """Show a message anew. Raises RetryAfter or Unknown, and Rejected if it is gone or cannot be changed.

        Nothing is opened for it: a thread or a post that was archived stays so, and its message as it is. Edits have a
        limit of their own in a channel.
        """
        try:
            place = await self._places.of(delivery.destination, thread)
            where = {"channel": message if place.is_forum else place.channel, "message": message}
            await taken(
                delivery,
                drawn(delivery, papers),
                lambda look: self._api.ask("PATCH", MESSAGE, where, body={**look, **UNPLAIN}),
            )
        except RetryAfter as error:
            if error.scope != "channel":
                raise
            raise RetryAfter(error.seconds, "message") from error

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """The receipt of a message that may have been posted, or None if to post it (again) makes no second one.

        Raises RetryAfter or Unknown where Discord does not say now, Unverifiable where it never will.
        """
        try:
            place = await self._places.of(delivery.destination, thread)
        except Rejected as error:
            raise Unverifiable(error.reason) from error
        try:
            found = await self._history.find(delivery, place)
        except Unverifiable:
            if place.is_forum or self._clock() - delivery.due > NONCE:
                raise
            return None
        if found is None and place.is_forum and delivery.id not in self._missed:
            self._missed.append(delivery.id)
            raise RetryAfter(SECOND_LOOK)
        return found

    async def _say(self, delivery: Delivery, place: Place, message: Mapping[str, Any]) -> Any:
        """Post this. In a forum it makes a post, whose id is that of its first message."""
        if place.is_forum:
            post = {"name": shorten(heading_text(delivery.heading, delivery.kind), TITLE), "message": message}
            return await self._api.ask("POST", THREADS, {"channel": place.channel}, body=post)
        once = {**message, "nonce": delivery.id, "enforce_nonce": True}
        return await self._api.ask("POST", MESSAGES, {"channel": place.channel}, body=once)


async def taken(
    delivery: Delivery,
    shown: Iterable[Mapping[str, Any]],
    say: Callable[[Mapping[str, Any]], Awaitable[Any]],
) -> Any:
    """Discord's answer to the first of these that it does not refuse for its looks."""
    refused: Refused | None = None
    for look in shown:
        try:
            return await say(look)
        except Refused as error:
            if error.code not in LOOKS:
                raise
            log.warning("discord refused a message's looks", delivery=delivery.id, hints=error.no.hints)
            refused = error
    raise refused or Unknown("there was nothing to say")


def looks(delivery: Delivery, papers: Mapping[str, Paper]) -> Iterator[Mapping[str, Any]]:
    """The message as it should be, then plainer: what Discord refuses for its looks still has something to say."""
    yield from drawn(delivery, papers)
    yield plain(delivery, papers)


def drawn(delivery: Delivery, papers: Mapping[str, Paper]) -> Iterator[Mapping[str, Any]]:
    """The message in components, then without pictures if it has any."""
    full, bare = (render_post(delivery, papers, pictures=pictures).payload() for pictures in (True, False))
    yield full
    if bare != full:
        yield bare


def plain(delivery: Delivery, papers: Mapping[str, Paper]) -> Mapping[str, Any]:
    """The first line and the titles, linked, as text; below it a button, which names the delivery."""
    wanted = dict.fromkeys((*(item.paper for item in delivery.items), *delivery.abstracts))
    shown = [papers.get(one, Paper(one, one)) for one in wanted]
    text = markdown.quoted(heading_text(delivery.heading, delivery.kind), limits.SENTENCE)
    for number, one in enumerate(shown):
        line = f"\n- {markdown.link(one.url, one.title, limits.LINK, limits.NAME)}"
        if len(text) + len(line) > CONTENT - limits.REST:
            text += f"\n- … and {count(len(shown) - number, 'more paper')}"
            break
        text += line
    return {
        "content": text,
        "components": parts.row(parts.button("Show subscriptions", acts.SAY, "list", apart=delivery.id)),
        "flags": SUPPRESS_EMBEDS,
        "allowed_mentions": {"parse": []},
    }
