"""A chat platform that answers what it is told to: posts, and searches for what may have been posted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal

from papers.errors import Rejected, Unknown
from papers.model import Delivery, Destination, Paper, Receipt
from tests.conftest import NOW

Answer = Literal["takes it", "takes it and hangs up", "hangs up", "hangs"] | Exception


class Platform:
    """A `papers.ports.Poster` over channels of its own.

    It takes every message, unless it was told to answer otherwise first.

    Attributes:
        shows: ids of the deliveries in its channels, in the order it took them.
        looked_for: ids that `find` was asked for.
        edited: ids of the deliveries whose messages were shown anew, in order, with the message and its thread.
        threads: the thread that each delivery was posted in.
        most_at_once: posts that were under way in one channel at the same time.
    """

    def __init__(self) -> None:
        self.shows: list[str] = []
        self.looked_for: list[str] = []
        self.edited: list[tuple[str, str, str | None]] = []
        self.threads: dict[str, str | None] = {}
        self.papers: dict[str, Mapping[str, Paper]] = {}
        self.most_at_once = 0
        self._under_way: dict[Destination, int] = {}
        self._answers: list[Answer] = []
        self._finds: list[Exception] = []

    def will(self, *answers: Answer) -> None:
        """Answer the next posts like this."""
        self._answers += answers

    def will_not_look(self, *answers: Exception) -> None:
        """Answer the next searches like this."""
        self._finds += answers

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """A `papers.ports.Poster`'s."""
        where = delivery.destination
        self._under_way[where] = self._under_way.get(where, 0) + 1
        self.most_at_once = max(self.most_at_once, self._under_way[where])
        try:
            await asyncio.sleep(0.005)
            return await self._taken(delivery, papers, thread)
        finally:
            self._under_way[where] -= 1

    async def _taken(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        answer = self._answers.pop(0) if self._answers else "takes it"
        if isinstance(answer, Exception):
            raise answer
        if answer == "hangs":
            await asyncio.sleep(3600)
        if answer == "hangs up":
            raise Unknown("the connection was closed")
        self.shows.append(delivery.id)
        self.threads[delivery.id], self.papers[delivery.id] = thread, papers
        if answer == "takes it and hangs up":
            raise Unknown("the connection was closed")
        return Receipt(f"message of {delivery.id}", NOW)

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """A `papers.ports.Poster`'s. It answers as to a post; a message that it does not show is refused."""
        answer = self._answers.pop(0) if self._answers else "takes it"
        if isinstance(answer, Exception):
            raise answer
        if delivery.id not in self.shows:
            raise Rejected("there is no such message")
        if answer != "hangs up":
            self.edited.append((delivery.id, message, thread))
            self.papers[delivery.id] = papers
        if answer != "takes it":
            raise Unknown("the connection was closed")

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """A `papers.ports.Poster`'s."""
        del thread
        self.looked_for.append(delivery.id)
        if self._finds:
            raise self._finds.pop(0)
        return Receipt(f"message of {delivery.id}", NOW) if delivery.id in self.shows else None
