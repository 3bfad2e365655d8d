"""What a channel's private feed holds: the papers that were posted to the channel, and nothing else.

Not what waits for its weekly slot, nor what a paused channel keeps: a feed shows what the channel saw, no earlier.
Each paper stands there once, from the message that brought it; edits of that message are no news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from papers import summary
from papers.answers.card import Card
from papers.model import Destination, Item, Paper, Record
from papers.outlet import Outlet
from papers.ports import Archive, Channels, History, Outlets
from papers.wording.headings import for_text
from papers.wording.subscriptions import topic_of

MOST: Final = 50
"""Papers of a feed."""

LOOKED_BACK: Final = 200
"""Deliveries that are looked at: all that the outbox remembers of a channel."""

REMOVED: Final = ("was removed from", "is not installed in", "is banned from")
"""What platforms' reasons say where a channel is closed to us because nobody there wants us any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper that was posted, and when."""

    id: UUID
    card: Card
    posted: datetime


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A feed's content, newest first. `id` and its entries' tell nothing of the channel, and outlast the address."""

    id: UUID
    title: str
    updated: datetime
    entries: tuple[Entry, ...]


def bulletin(
    outlet: Outlet, topics: Sequence[str], posted: Iterable[tuple[Item, datetime]], papers: Mapping[str, Paper]
) -> Bulletin:
    """The feed of a channel. `topics`: what its subscriptions are about; `posted`: newest first; `papers` by id."""
    shown: dict[str, Entry] = {}
    for item, at in posted:
        paper = papers.get(item.paper)
        if paper is not None and paper.id not in shown and len(shown) < MOST:
            card = summary.card(paper, tuple(dict.fromkeys(item.reasons)), item.score)
            shown[paper.id] = Entry(uuid5(outlet.seed, paper.id), card, at)
    entries = tuple(shown.values())
    updated = max((entry.posted for entry in entries), default=outlet.made)
    return Bulletin(outlet.seed, f"Paperboy: papers{for_text(tuple(topics))}", updated, entries)


def brought(records: Iterable[Record]) -> list[tuple[Item, datetime]]:
    """The papers of those deliveries that were posted, best first within each, and when; in the deliveries' order."""
    return [(item, record.at) for record in records if record.state == "sent" for item in record.delivery.items]


class Newsstand:
    """Reads channels' feeds from the stores."""

    def __init__(self, outlets: Outlets, channels: Channels, outbox: History, archive: Archive) -> None:
        self._outlets = outlets
        self._channels = channels
        self._outbox = outbox
        self._archive = archive

    def find(self, secret: str) -> tuple[Destination, Outlet] | None:
        """Whose feed has this secret; None for what is no secret (any more)."""
        return self._outlets.find(secret)

    def gone(self, destination: Destination) -> bool:
        """Whether Paperboy was removed from where the channel is. Any other closed channel is still to be read."""
        reason = self._outbox.suspended(destination) or ""
        return any(words in reason for words in REMOVED)

    def read(self, destination: Destination, outlet: Outlet) -> Bulletin:
        """The feed as it is now."""
        posted = brought(self._outbox.history(destination, LOOKED_BACK))
        papers = self._archive.get(dict.fromkeys(item.paper for item, _ in posted))
        topics = [topic_of(one.want) for one in self._channels.subscriptions(destination)]
        return bulletin(outlet, topics, posted, papers)
