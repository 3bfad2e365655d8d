"""All subscriptions, compiled and in memory, held against a batch of papers.

    QUERYs ──► one index for all of them ──► pairs that hold ──────────────┐
    topics ──► one index for all of them ──► pairs that are close enough ──┴──► where both are asked, those in both
    feeds  ──► `decide.hit`, one by one: they are few, and their papers are their own

Every hit is one that `decide.hit` would find. Not for two threads at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from papers.matching.decide import Z_DIGITS, Closeness, Compiled, bar_of, floor_of, hit, stems
from papers.matching.hits import Hit
from papers.matching.keywords import KeywordIndex
from papers.matching.roster import Places, Roster, milliseconds
from papers.matching.topic_index import TopicIndex
from papers.matching.topics import COSINE_WEIGHT, SHARES, Background, Topic
from papers.model import Destination, Paper, Subscription
from papers.ports import Vectors
from papers.query import Document

Hits = Iterator[tuple[Destination, dict[str, list[Hit]]]]
"""Channel by channel, its hits by paper."""

QUERY, TOPIC, BOTH = 1, 2, 3
"""What a subscription asks for."""

TOLD = (*SHARES, None)
"""A share, by what `topic_index.Closest` calls it."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a subscription's place and a paper's, each column of shape (pairs,); without a topic, z is NaN."""

    places: Places
    papers: Places
    z: npt.NDArray[np.float32]
    share: npt.NDArray[np.int8]

    @classmethod
    def of_queries(cls, places: Places, papers: Places) -> Pairs:
        """Pairs that no topic has a part in."""
        return cls(places, papers, np.full(len(places), np.nan, np.float32), np.full(len(places), -1, np.int8))

    def where(self, chosen: npt.NDArray[Any]) -> Pairs:
        """Those pairs."""
        return Pairs(self.places[chosen], self.papers[chosen], self.z[chosen], self.share[chosen])

    def codes(self, papers: int) -> Places:
        """Each pair as one number, of a batch of so many papers."""
        return self.places * papers + self.papers

    def also(self, other: Pairs) -> Pairs:
        """These, then the others."""
        return Pairs(
            np.concatenate([self.places, other.places]),
            np.concatenate([self.papers, other.papers]),
            np.concatenate([self.z, other.z]),
            np.concatenate([self.share, other.share]),
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers to be matched: n of them, and when each arrived in the stream that is matched, by its id.

    `vectors` are of shape (n, dim).
    """

    papers: Sequence[Paper]
    documents: Sequence[Document]
    vectors: Vectors
    arrived: Mapping[str, datetime]


class Matcher:
    """Every channel's compiled subscriptions. `weight` is the embedding model's: w of `papers.matching.topics`."""

    def __init__(self, weight: float = COSINE_WEIGHT) -> None:
        self._weight = weight
        self._roster = Roster()
        self._asks = bytearray()
        self._queries: KeywordIndex[int] = KeywordIndex()
        self._topics: TopicIndex[int] | None = None
        self._by_feed: dict[str, dict[Destination, list[Compiled]]] = {}
        self._trending: dict[Destination, list[Subscription]] = {}

    def __len__(self) -> int:
        feeds = sum(len(own) for channels in self._by_feed.values() for own in channels.values())
        return len(self._roster) + feeds + sum(map(len, self._trending.values()))

    def put(self, destination: Destination, subscriptions: Sequence[Compiled]) -> None:
        """Let these be the channel's subscriptions, in place of those it had."""
        self._forget(destination)
        for compiled in subscriptions:
            self._keep(destination, compiled)

    def _forget(self, destination: Destination) -> None:
        self._trending.pop(destination, None)
        for channels in self._by_feed.values():
            channels.pop(destination, None)
        for place in self._roster.clear(destination):
            if self._asks[place] & QUERY:
                self._queries.remove(place)
            if self._asks[place] & TOPIC and self._topics is not None:
                self._topics.remove(place)

    def _keep(self, destination: Destination, compiled: Compiled) -> None:
        subscription, want = compiled.subscription, compiled.subscription.want
        if want.feed is not None:
            self._by_feed.setdefault(want.feed, {}).setdefault(destination, []).append(compiled)
        elif want.trending is not None:
            self._trending.setdefault(destination, []).append(subscription)
        else:
            place = self._roster.add(subscription)
            if place == len(self._asks):
                self._asks.append(0)
            self._asks[place] = QUERY * (compiled.expr is not None) + TOPIC * (compiled.topic is not None)
            if compiled.expr is not None:
                self._queries.add(place, compiled.expr)
            if compiled.topic is not None:
                self._keep_topic(place, compiled.topic, subscription)

    def _keep_topic(self, place: int, topic: Topic, subscription: Subscription) -> None:
        if self._topics is None:
            self._topics = TopicIndex(len(topic.vector), self._weight)
        self._topics.add(place, topic, bar=subscription.bar, per_day=subscription.want.per_day)

    @property
    def trending(self) -> Collection[Subscription]:
        """The subscriptions to a day's most upvoted."""
        return [one for own in self._trending.values() for one in own]

    @property
    def has_topics(self) -> bool:
        """Whether `calibrate` has anything to do."""
        return self._topics is not None and len(self._topics) > 0

    def calibrate(self, background: Background, per_day: float | None) -> None:
        """Tell topics of the stream that they are compared with, before `match`; see `TopicIndex.calibrate`."""
        if self._topics is not None:
            self._topics.calibrate(background, per_day)

    def match(self, batch: Batch) -> Hits:
        """What of the common stream the subscriptions without a feed want, channel by channel."""
        if not batch.papers or not len(self._roster):
            return
        pairs = self._pairs(batch)
        arrived = np.array([milliseconds(batch.arrived[paper.id]) for paper in batch.papers], np.int64)
        # a subscription gets what arrives after it was made
        pairs = pairs.where(arrived[pairs.papers] >= np.array(self._roster.born, np.int64)[pairs.places])
        ids = [paper.id for paper in batch.papers]
        numbers = np.array(self._roster.numbers, np.int64)[pairs.places]
        topics = np.array(self._roster.topics, np.int64)[pairs.places]
        for destination, chosen in self._roster.by_channel(pairs.places, pairs.papers):
            yield destination, _hits(ids, numbers[chosen], topics[chosen], pairs.where(chosen))

    def _pairs(self, batch: Batch) -> Pairs:
        """Every pair of a subscription and a paper that it wants, whenever that arrived."""
        count = len(batch.papers)
        asks = np.frombuffer(bytes(self._asks), np.uint8)
        matched = self._queries.match(batch.documents)
        by_query = Pairs.of_queries(_places(matched.keys)[matched.queries], matched.documents.astype(np.int64))
        alone = by_query.where(asks[by_query.places] == QUERY)
        if self._topics is None:
            return alone
        closest = self._topics.match([stems(document) for document in batch.documents], batch.vectors)
        by_topic = Pairs(_places(closest.keys)[closest.topics], closest.papers, closest.z, closest.share)
        both = by_query.where(asks[by_query.places] == BOTH).codes(count)
        held = np.isin(by_topic.codes(count), both) | (asks[by_topic.places] == TOPIC)
        return alone.also(by_topic.where(held))

    def match_feed(self, batch: Batch, background: Background, feed: str) -> Hits:
        """What of a feed's papers its own subscriptions want, channel by channel; `background` begins with them."""
        for destination, own in self._by_feed.get(feed, {}).items() if batch.papers else ():
            found: dict[str, list[Hit]] = {}
            for compiled in own:
                for wanted in self._of_feed(compiled, batch, background):
                    found.setdefault(wanted.paper, []).append(wanted)
            if found:
                yield destination, found

    def _of_feed(self, compiled: Compiled, batch: Batch, background: Background) -> Iterator[Hit]:
        subscription = compiled.subscription
        floor = floor_of(subscription.want, None)
        stream = background.closeness(compiled.topic, floor=floor, weight=self._weight) if compiled.topic else None
        bar = bar_of(subscription, stream, None) if stream is not None else 0.0
        for row, paper in enumerate(batch.papers):
            if subscription.created_at is not None and batch.arrived[paper.id] < subscription.created_at:
                continue
            closeness = Closeness(float(stream[row]), stream, bar) if stream is not None else None
            wanted = hit(compiled, paper.id, batch.documents[row], closeness)
            if wanted:
                yield wanted


def _places(keys: Sequence[int | None]) -> Places:
    return np.array([-1 if key is None else key for key in keys], np.int64)


def _hits(ids: Sequence[str], numbers: Places, topics: Places, pairs: Pairs) -> dict[str, list[Hit]]:
    """The hits of one channel, by paper."""
    found: dict[str, list[Hit]] = {}
    columns = (pairs.papers.tolist(), numbers.tolist(), topics.tolist(), pairs.z.tolist(), pairs.share.tolist())
    for row, number, topic, z, share in zip(*columns, strict=True):
        paper = ids[row]
        wanted = Hit(paper, number) if isnan(z) else Hit(paper, number, round(z, Z_DIGITS), TOLD[share], topic=topic)
        found.setdefault(paper, []).append(wanted)
    return found
