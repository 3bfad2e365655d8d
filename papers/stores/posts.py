"""What terminal channels show: the terminal platform's own memory, as Slack and Discord have theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from papers.model import DeliveryKind, Destination
from papers.stores import codec, keys
from papers.stores.server import Server


@dataclass(frozen=True, slots=True)
class PostedItem:
    """A paper that a post brought. `score` is on the scale of the topic's z (see `papers.matching`)."""

    paper: str
    title: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a terminal channel. `text` is what it shows, without colours; `thread` the headline's delivery.

    `edited` is when it was shown anew last, None if it never was.
    """

    delivery: str
    channel: str
    kind: DeliveryKind
    at: datetime
    text: str
    items: tuple[PostedItem, ...] = ()
    thread: str | None = None
    edited: datetime | None = None


class PostStore:
    """Every terminal channel's posts."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, destination: Destination, post: Post) -> int:
        """Take a post; its number in the channel. A delivery that was posted before keeps its number."""
        touched = [keys.posts(destination), keys.post_order(destination)]
        return int(self._server.run("put_post", touched, [post.delivery, codec.dump(post)]))

    def edit(
        self, destination: Destination, delivery_id: str, text: str, items: tuple[PostedItem, ...], at: datetime
    ) -> bool:
        """Show a post anew; False if that delivery was never posted here."""
        kept = self._server.call("HGET", keys.posts(destination), delivery_id)
        if kept is None:
            return False
        post = replace(codec.load(Post, kept), text=text, items=items, edited=at)
        self._server.call("HSET", keys.posts(destination), delivery_id, codec.dump(post))
        return True

    def number(self, destination: Destination, delivery_id: str) -> int | None:
        """The post's number, or None if that delivery was never posted here."""
        place = self._server.call("LPOS", keys.post_order(destination), delivery_id)
        return None if place is None else int(place) + 1

    def all(self, destination: Destination) -> list[Post]:
        """The channel's posts, oldest first."""
        order = self._server.call("LRANGE", keys.post_order(destination), 0, -1)
        texts = self._server.call("HMGET", keys.posts(destination), *order) if order else []
        return [codec.load(Post, text) for text in texts]
