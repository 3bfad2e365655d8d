"""A poster between a platform and its sender, whose first answer never arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from papers.errors import Unknown
from papers.model import Delivery, Paper, Receipt
from papers.ports import Poster


@dataclass
class Trouble:
    """A poster that never hears whether its first message was taken; it was, if `taken`."""

    poster: Poster
    taken: bool
    posts: int = 0

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        self.posts += 1
        receipt = await self.poster.post(delivery, papers, thread) if self.taken or self.posts > 1 else None
        if self.posts == 1 or receipt is None:
            raise Unknown("the connection was closed")
        return receipt

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        return await self.poster.find(delivery, thread)

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        await self.poster.edit(delivery, papers, message, thread)
