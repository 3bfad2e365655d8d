"""Channels' private feeds: GET /feeds/SECRET.atom and .rss.

    too many misses ─► 429    no such secret ─► 404    Paperboy was removed there ─► 410    has it ─► 304    else 200

Whose secret it is, is asked of the store each time, so that an address which was changed leads nowhere at once. What
the feed holds is read and written once a minute at most, however many read it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, cast

from aiohttp import web

from bot.serving import Pages
from bot.web.atom import TYPE as ATOM
from bot.web.atom import atom
from bot.web.fresh import Fresh
from bot.web.guessing import Guesses
from bot.web.manners import Document, answer, client, refusal
from bot.web.rss import TYPE as RSS
from bot.web.rss import rss
from papers.model import Destination
from papers.outlet import FOLDER, Kind, Outlet
from papers.services.bulletin import Newsstand

PATH: Final = FOLDER + "/{secret:[A-Za-z0-9_-]{1,99}}.{kind:atom|rss}"

KEPT: Final = 60.0
"""Seconds that a feed is kept: a reader that asks again sooner than it was asked to costs next to nothing."""

MOST: Final = 256
"""Feeds that are kept, of some 200 kB each."""


class Feeds:
    """Answers for every channel's feed. `clock` counts seconds, from anywhere."""

    def __init__(self, newsstand: Newsstand, public_url: str, clock: Callable[[], float]) -> None:
        self._newsstand = newsstand
        self._public_url = public_url
        self._guesses = Guesses(clock)
        self._documents: Fresh[tuple[str, Kind], Document] = Fresh(KEPT, MOST, clock)

    @property
    def pages(self) -> Pages:
        """Both kinds have one page."""
        return {("GET", PATH): self.page}

    async def page(self, request: web.Request) -> web.StreamResponse:
        """One feed, once."""
        asker, secret = client(request), request.match_info["secret"]
        if wait := self._guesses.wait(asker):
            told = "Too many addresses that lead nowhere."
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, told, **{"Retry-After": str(wait)})
        found = await asyncio.to_thread(self._newsstand.find, secret)
        if found is None:
            self._guesses.missed(asker)
            return refusal(HTTPStatus.NOT_FOUND, "There is no such feed; its channel may have changed the address.")
        destination, outlet = found
        if await asyncio.to_thread(self._newsstand.gone, destination):
            return refusal(HTTPStatus.GONE, "Paperboy was removed from the channel of this feed.")
        kind = cast("Kind", request.match_info["kind"])
        document = await self._documents.get(
            (outlet.secret, kind), lambda: asyncio.to_thread(self._document, destination, outlet, kind)
        )
        return answer(document, request)

    def _document(self, destination: Destination, outlet: Outlet, kind: Kind) -> Document:
        bulletin = self._newsstand.read(destination, outlet)
        write, type_of = (atom, ATOM) if kind == "atom" else (rss, RSS)
        return Document.of(write(bulletin, self._public_url + outlet.path(kind)), type_of, bulletin.updated)
