"""The terminal's poster: a post goes into the channel's memory, and to whoever is looking.

Posting is once by nature (the memory knows its deliveries), so what may have been posted can safely be posted again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from rich.console import RenderableType

from bot.terminal.post import render_post
from bot.terminal.render import plain
from papers.errors import Rejected, StoreError, Unknown
from papers.model import Delivery, Item, Paper, Receipt
from papers.stores.posts import Post, PostedItem, PostStore
from papers.wording.reasons import reason_text

KEPT_WIDTH: Final = 80
"""Columns of what is kept: it is broken into lines once, and read in terminals of any width."""

Show = Callable[[Delivery, RenderableType], None]
"""Puts a post on the screen."""


class TerminalPoster:
    """A `papers.ports.Poster`. `show` is called once for each post that is new."""

    def __init__(self, posts: PostStore, clock: Callable[[], datetime], show: Show | None = None) -> None:
        self._posts = posts
        self._clock = clock
        self._show = show

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Post. Raises Unknown if the memory did not answer: the post may be in it."""
        del thread  # the delivery's parent says the same, for the terminal
        now = self._clock()
        rendered = render_post(delivery, papers)
        post = Post(
            delivery=delivery.id,
            channel=delivery.destination.channel,
            kind=delivery.kind,
            at=now,
            text=plain(rendered, KEPT_WIDTH),
            items=tuple(_posted(item, papers) for item in delivery.items),
            thread=None if delivery.flat else delivery.parent,
        )
        try:
            number = await asyncio.to_thread(self._posts.put, delivery.destination, post)
        except StoreError as error:
            raise Unknown(str(error)) from error
        if self._show:
            self._show(delivery, rendered)
        return Receipt(str(number), now)

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """Show a post anew, in the memory alone. Raises Rejected if it is not there, Unknown as `post` does."""
        del message, thread
        text, items = (
            plain(render_post(delivery, papers), KEPT_WIDTH),
            tuple(_posted(item, papers) for item in delivery.items),
        )
        try:
            edited = await asyncio.to_thread(
                self._posts.edit, delivery.destination, delivery.id, text, items, self._clock()
            )
        except StoreError as error:
            raise Unknown(str(error)) from error
        if not edited:
            raise Rejected("there is no such post")

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """The receipt of a delivery that was posted, or None."""
        del thread  # a delivery is known by its id wherever it stands
        try:
            number = await asyncio.to_thread(self._posts.number, delivery.destination, delivery.id)
        except StoreError as error:
            raise Unknown(str(error)) from error
        return None if number is None else Receipt(str(number), self._clock())


def _posted(item: Item, papers: Mapping[str, Paper]) -> PostedItem:
    paper = papers.get(item.paper)
    reason = "; ".join(filter(None, map(reason_text, item.reasons)))
    return PostedItem(item.paper, paper.title if paper else item.paper, reason, item.score)
