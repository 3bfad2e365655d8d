"""A channel's private feed: who knows its address may read what the channel was brought; the answer of `feed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

FOLDER: Final = "/feeds"
"""Where feeds are, below the public URL."""

Kind = Literal["atom", "rss"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """The feed of one channel.

    Attributes:
        secret: 256 random bits, as 43 letters, digits, `-` and `_`; never shown in a log, so not in a repr either.
        seed: what the ids of the feed and its entries are made from; random, and kept when the secret is changed, so
            that readers who follow to the new address do not take old papers for new ones.
        made: when the channel first had a feed.
    """

    secret: str = field(repr=False)
    seed: UUID
    made: datetime

    def path(self, kind: Kind) -> str:
        """Its address, below the public URL."""
        return f"{FOLDER}/{self.secret}.{kind}"


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """The answer of `feed`: the addresses of the channel's private feed, "" both if it has none; after `change`.

    `is_served` is whether this Paperboy serves feeds, so that there can be one.
    """

    atom: str = field(default="", repr=False)
    rss: str = field(default="", repr=False)
    change: Literal["new", "off"] | None = None
    is_served: bool = True
