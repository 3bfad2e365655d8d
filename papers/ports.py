"""What the core asks of the world, as Protocols; the wiring.py files build what fulfils them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from papers.lesson import Lesson
from papers.model import Channel, Delivery, Destination, Digest, Paper, Platform, Receipt, Record, Subscription
from papers.outlet import Outlet
from papers.trends import Figure
from papers.trouble import Trouble

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim), rows of unit length (or all zero for a text without known words)."""


class Source(Protocol):
    """A place that papers come from."""

    @property
    def name(self) -> str:
        """`huggingface`, or a feed's canonical URL."""

    def fetch(self, cursor: str | None) -> Digest | None:
        """What is new since `cursor` (None: never fetched), or None if nothing changed.

        Raises a `papers.errors.SourceError`; the caller then keeps its cursor.
        """


class Past(Protocol):
    """A place that remembers what it listed, day by day."""

    @property
    def name(self) -> str:
        """As the source's."""

    @property
    def begins(self) -> date:
        """The first day that it may have something of."""

    @property
    def settles(self) -> timedelta:
        """The age from which a day takes no more papers."""

    @property
    def has_empty_days(self) -> bool:
        """Whether an empty answer for a day is to be believed."""

    def fetch_day(self, day: date) -> Digest:
        """All papers of that day. Raises a SourceError."""


class FeedReader(Protocol):
    """Reads a feed that a user named, at once."""

    def canonical(self, url: str) -> str:
        """The URL's one spelling. Raises SourceForbidden for one that Paperboy does not connect to."""

    def read(self, url: str) -> Digest:
        """All of its entries. Raises SourceError."""


class FeedHealth(Protocol):
    """What is wrong with feeds."""

    def troubles(self, names: Sequence[str]) -> Mapping[str, Trouble]:
        """Of those that fail, by canonical URL."""

    def resume(self, name: str, now: datetime) -> bool:
        """Poll a feed again that was given up; False if it was not."""


class Embedder(Protocol):
    """Turns text into vectors. `name` tells models and their weights apart: vectors of two are never compared."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def dim(self) -> int:
        """Dimensions of its vectors."""

    @property
    def weight(self) -> float:
        """How much its cosines count beside words: w of `papers.matching.topics`."""

    @property
    def at_once(self) -> int:
        """Texts that it embeds in about a quarter of a second: what somebody who waits may have to wait for."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim)."""


class Poster(Protocol):
    """A platform's way of taking one message."""

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Post; `thread` is the parent's message id. Raises RetryAfter, Rejected or Unknown."""

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """The receipt of a message that may have been posted, in that thread if any; None if it was not.

        Raises RetryAfter, Unknown, or Unverifiable where there is no way to look.
        """

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """Show a delivery's message anew, as these papers are now. Doing it twice does no more than once.

        Raises RetryAfter or Unknown, and Rejected if it cannot be done: the message is gone, or shown too plainly.
        """


class Archive(Protocol):
    """Every paper that Paperboy knows."""

    def canonical(self, ids: Sequence[str]) -> list[str]:
        """Each id, or the id of the paper that it turned out to be."""

    def find(self, paper_id: str) -> Paper | None:
        """One paper, by its id or an alias of it."""

    def get(self, ids: Iterable[str]) -> dict[str, Paper]:
        """The papers that exist, by id."""

    def recent(self, limit: int, *, since: datetime | None = None) -> list[str]:
        """Ids of the newest papers by day, newest first."""

    def changed(self, since: float, limit: int | None = None) -> tuple[list[str], float]:
        """Ids of papers written at or after that mark, and the mark to go on from. 0.0 is the beginning.

        At most the first `limit`, if there is one: there may then be more.
        """

    def newest_change(self) -> float:
        """The mark of the last write, 0.0 if there was none."""

    def count(self) -> int:
        """How many papers there are."""

    def listed(self, ids: Sequence[str]) -> list[str]:
        """Those that stand in the archive, and not only in somebody's feed."""

    def pace(self, window: timedelta) -> float | None:
        """Papers a day in the window that ends with the newest, of days that have a digest; None if there is none."""

    def came_by(self, scope: str, paper_id: str) -> bool:
        """Whether the paper ever arrived in that scope (a feed's URL)."""

    def days(self, limit: int = 7) -> list[date]:
        """The newest days that have a digest, newest first."""

    def of_day(self, day: date) -> list[Paper]:
        """A day's papers, most upvoted first."""


class Trends(Protocol):
    """Papers by their figures and by what they gained, a page at a time: how many there are, and the page's ids."""

    def highest(self, figure: Figure, days: Sequence[date], page: slice) -> tuple[int, list[str]]:
        """The papers of these days' digests, the highest figure first, equals by id; none without any."""

    def risen(self, figure: Figure, days: Sequence[date], page: slice) -> tuple[int, list[str]]:
        """The same by how much of a figure papers gained on these days, whatever day they are of."""

    def gained(self, figure: Figure, days: Sequence[date], ids: Sequence[str]) -> dict[str, int]:
        """What each of these papers gained of a figure on these days; 0 where nothing is known of it."""

    def since(self) -> date | None:
        """The day on which gains were counted for the first time; None if none was yet."""


class VectorMemory(Protocol):
    """Vectors of one embedding model, by the text that they are of."""

    def get(self, keys: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Those that exist."""

    def put(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Keep vectors."""


class Channels(Protocol):
    """Channels' subscriptions and settings."""

    def subscriptions(self, destination: Destination) -> tuple[Subscription, ...]:
        """The channel's subscriptions by number."""

    def subscription(self, destination: Destination, number: int) -> Subscription:
        """One of them. Raises NotFoundError."""

    def add(self, subscription: Subscription) -> Subscription:
        """Keep a new one; it comes back numbered. Raises QuotaError or TwinError."""

    def change(self, subscription: Subscription, before: Subscription) -> Subscription:
        """Put one in the place of `before`. Raises UsageError if somebody changed that meanwhile, or TwinError."""

    def remove(self, subscription: Subscription) -> None:
        """Remove one. Raises NotFoundError."""

    def channel(self, destination: Destination) -> Channel:
        """The channel's settings."""

    def set_channel(self, channel: Channel, next_slot: datetime | None, now: datetime) -> int:
        """Keep when the channel is posted to; how many papers wait in the inbox."""

    def prefer(self, destination: Destination, words: Mapping[str, str]) -> None:
        """Keep preferences, as `papers.preferences.checked` spells them; what is not named stays as it is."""

    def subscribed(self, destinations: Sequence[Destination]) -> list[Destination]:
        """Those that have a subscription."""

    def of_workspace(self, platform: Platform, workspace: str) -> list[Destination]:
        """Every known channel of a workspace."""

    def feeds(self) -> list[str]:
        """Canonical URLs of the feeds that channels subscribed to."""

    def feeds_of_workspace(self, platform: Platform, workspace: str) -> frozenset[str]:
        """Those that a workspace's channels subscribed to."""

    def subscribers(self, feed: str) -> Iterable[Subscription]:
        """Every subscription to a feed."""


class Waiting(Protocol):
    """What waits for a channel, and what it was brought."""

    def waiting(self, destination: Destination) -> int:
        """How many papers wait."""

    def holds(self, destination: Destination, paper: str) -> bool:
        """Whether this one waits."""

    def seen(self, destination: Destination, papers: Sequence[str]) -> dict[str, datetime]:
        """When the channel was brought each of these, for those that it was."""


class History(Protocol):
    """What became of a channel's deliveries."""

    def suspended(self, destination: Destination) -> str | None:
        """Why nothing is posted to the channel any more, or None."""

    def unsuspend(self, destination: Destination, now: datetime) -> bool:
        """Post to a suspended channel again; False if it was not suspended."""

    def history(self, destination: Destination, limit: int = 20) -> list[Record]:
        """The last ones, newest first."""

    def release(self, destination: Destination, delivery_id: str) -> bool:
        """Post a parked one again, its parked replies too; False if it is not parked."""


class Outlets(Protocol):
    """Channels' private feeds."""

    def get(self, destination: Destination) -> Outlet | None:
        """The channel's feed, None if it has none."""

    def renew(self, destination: Destination, now: datetime) -> Outlet:
        """Give the channel a feed, or its feed another secret."""

    def close(self, destination: Destination) -> None:
        """Take the channel's feed away."""

    def find(self, secret: str) -> tuple[Destination, Outlet] | None:
        """The channel whose feed has this secret, and the feed."""


class Votes(Protocol):
    """What users think of papers."""

    def toggle(
        self, destination: Destination, lesson: Lesson, user: str, way: Literal[1, -1]
    ) -> tuple[Literal[1, 0, -1], int, int]:
        """Vote for a lesson's paper, or take back what is that user's vote already, and let the lesson be learned.

        The vote now, and the paper's 👍 and 👎.
        """

    def totals(self, destination: Destination) -> tuple[int, int]:
        """How many 👍 and 👎 the channel gave to all papers."""


class Lessons(Protocol):
    """What votes teach channels' topics."""

    def of(self, destinations: Sequence[Destination]) -> dict[Destination, tuple[Lesson, ...]]:
        """The lessons of those channels that have any, each channel's oldest first."""

    def forget(self, destination: Destination, number: int) -> int:
        """Let a subscription forget all that it learned; from how many papers that was."""
