"""Whose each stored subscription is: its channel, its number there, since when. In columns, as there may be millions.

A subscription has a place here, by which the indexes of QUERYs and topics know it. Places of removed ones are used
again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from papers.matching.hits import topic_mark
from papers.model import Destination, Subscription

Places = npt.NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(when: datetime | None) -> int:
    """Whole milliseconds since 1970; 0 for None."""
    return (when - _EPOCH) // timedelta(milliseconds=1) if when else 0


class Roster:
    """Subscriptions by place.

    Columns by place: `numbers`, `born` (ms since 1970, 0 if not known), `channels` (a channel's place) and
    `topics` (the topic's mark, or 0).
    """

    def __init__(self) -> None:
        self.numbers = array("q")
        self.born = array("q")
        self.channels = array("q")
        self.topics = array("q")
        self._destinations: list[Destination | None] = []
        self._held: dict[Destination, tuple[int, list[int]]] = {}
        self._free: list[int] = []
        self._free_channels: list[int] = []

    def __len__(self) -> int:
        return len(self.numbers) - len(self._free)

    def add(self, subscription: Subscription) -> int:
        """Give a subscription its place."""
        channel, places = self._channel(subscription.destination)
        mark = topic_mark(subscription.want.topic) or 0
        row = (subscription.number, milliseconds(subscription.created_at), channel, mark)
        columns = (self.numbers, self.born, self.channels, self.topics)
        if self._free:
            place = self._free.pop()
            for column, value in zip(columns, row, strict=True):
                column[place] = value
        else:
            place = len(self.numbers)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        places.append(place)
        return place

    def _channel(self, destination: Destination) -> tuple[int, list[int]]:
        if destination not in self._held:
            if self._free_channels:
                channel = self._free_channels.pop()
                self._destinations[channel] = destination
            else:
                channel = len(self._destinations)
                self._destinations.append(destination)
            self._held[destination] = channel, []
        return self._held[destination]

    def clear(self, destination: Destination) -> list[int]:
        """Take a channel's places back; which they were."""
        channel, places = self._held.pop(destination, (None, []))
        if channel is not None:
            self._destinations[channel] = None
            self._free_channels.append(channel)
        self._free += places
        return places

    def by_channel(self, places: Places, papers: Places) -> Iterator[tuple[Destination, Places]]:
        """Pairs of a subscription's place and a paper's by channel: for each, which of the pairs, by paper."""
        channels = np.array(self.channels, np.int64)[places]
        order = np.lexsort((np.array(self.numbers, np.int64)[places], papers, channels))
        bounds = [*np.flatnonzero(np.diff(channels[order], prepend=-1)).tolist(), len(order)]
        for begin, end in pairwise(bounds):
            pairs = order[begin:end]
            destination = self._destinations[int(channels[pairs[0]])]
            if destination is not None:
                yield destination, pairs
