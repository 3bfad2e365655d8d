"""Papers by their figures and by what they gained, in Redis: sorted sets a day, which `PaperStore.save` writes.

A trend over a month is then a union of sorted sets, and no paper is read but those that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from papers.model import Paper
from papers.stores import codec, keys
from papers.stores.server import Server
from papers.trends import Figure


class TrendStore:
    """What trends are made of. Fulfils `papers.ports.Trends`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def highest(self, figure: Figure, days: Sequence[date], page: slice) -> tuple[int, list[str]]:
        """Ids of the papers of these days' digests, the highest figure first; how many there are, and a page of them.

        Equals come by id. Papers without any are left out.
        """
        self._complete(days)
        return self._union([keys.ranking(figure, day) for day in days], "MAX", page)

    def risen(self, figure: Figure, days: Sequence[date], page: slice) -> tuple[int, list[str]]:
        """The same by how much of a figure papers gained on these days, whatever day they are of."""
        return self._union([keys.gains(figure, day) for day in days], "SUM", page)

    def gained(self, figure: Figure, days: Sequence[date], ids: Sequence[str]) -> dict[str, int]:
        """What each of these papers gained of a figure on these days; 0 where nothing is known of it."""
        asked = [["ZMSCORE", keys.gains(figure, day), *ids] for day in days] if ids else []
        rows = self._server.together(asked)
        return {one: sum(int(row[place] or 0) for row in rows) for place, one in enumerate(ids)}

    def since(self) -> date | None:
        """The day on which gains were counted for the first time; None if none was yet."""
        told = self._server.call("GET", keys.GAINS_SINCE)
        return date.fromisoformat(told) if told else None

    def _union(self, sets: Sequence[str], one: Literal["MAX", "SUM"], page: slice) -> tuple[int, list[str]]:
        total, *ids = self._server.run("highest", sets, [one, page.start, page.stop - page.start])
        return int(total), ids

    def _complete(self, days: Sequence[date]) -> None:
        """Rank the papers of days that an older version stored, which ranked none. Whoever is faster is right."""
        sizes = self._server.together(
            [command for day in days for command in (["SCARD", keys.day(day)], ["ZCARD", keys.ranking("stars", day)])]
        )
        for day, listed, ranked in zip(days, sizes[::2], sizes[1::2], strict=True):
            if ranked < listed:
                self._rank(day)

    def _rank(self, day: date) -> None:
        ids = sorted(self._server.call("SMEMBERS", keys.day(day)))
        texts = self._server.call("MGET", *map(keys.paper, ids))
        papers = [(one, codec.load(Paper, text)) for one, text in zip(ids, texts, strict=True) if text]
        upvotes = [part for one, paper in papers for part in (paper.upvotes, one)]
        stars = [part for one, paper in papers for part in (paper.code_stars, one)]
        self._server.together(
            [
                ["ZADD", keys.ranking("upvotes", day), "NX", *upvotes],
                ["ZADD", keys.ranking("stars", day), "NX", *stars],
            ]
        )
