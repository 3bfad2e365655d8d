"""All subscriptions, compiled and in memory, held against a batch of papers.

    QUERYs ──► one index for all of them ──► pairs that hold ──┐
    topics without a QUERY ──► every paper of the batch ───────┴──► `decide` ──► matches by channel and paper

A subscription stands in exactly one group: by its feed, by trending, by its QUERY (a topic beside it is checked for
the pairs that hold), or by its topic alone. Not for two threads at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from papers.matching.bm25 import Scores
from papers.matching.decide import Closeness, Compiled, bar_of, decide
from papers.matching.keywords import KeywordIndex
from papers.matching.topics import Background
from papers.model import Destination, Match, Paper, Subscription
from papers.query import Document

Matches = dict[Destination, dict[str, list[Match]]]
"""By channel, then by paper."""


@dataclass(frozen=True)
class Batch:
    """Papers to be matched, and the stream that topics are calibrated on.

    Attributes:
        arrived: when each paper, by its id, arrived in the stream that is matched.
        rows: each paper's row in the background, by its id.
        per_day: papers a day of the stream, None where that is not known.
    """

    papers: Sequence[Paper]
    documents: Sequence[Document]
    arrived: Mapping[str, datetime]
    background: Background
    rows: Mapping[str, int]
    per_day: float | None = None
    _z: dict[str, tuple[Scores, float]] = field(default_factory=dict)

    def closeness(self, compiled: Compiled, paper: Paper) -> Closeness | None:
        """How close a paper is to a subscription's topic; scores and bar are found once a topic."""
        if compiled.topic is None:
            return None
        subscription = compiled.subscription
        if subscription.id not in self._z:
            z = self.background.z(compiled.topic)
            self._z[subscription.id] = z, bar_of(subscription, z, self.per_day)
        z, bar = self._z[subscription.id]
        return Closeness(float(z[self.rows[paper.id]]), z, bar)


class Matcher:
    """Every channel's compiled subscriptions."""

    def __init__(self) -> None:
        self._channels: dict[Destination, list[Compiled]] = {}
        self._queries: KeywordIndex[str] = KeywordIndex()
        self._by_query: dict[str, Compiled] = {}
        self._by_topic: dict[str, Compiled] = {}
        self._by_feed: dict[str, dict[str, Compiled]] = {}
        self._trending: dict[str, Subscription] = {}

    def __len__(self) -> int:
        return sum(map(len, self._channels.values()))

    def put(self, destination: Destination, subscriptions: Sequence[Compiled]) -> None:
        """Let these be the channel's subscriptions, in place of those it had."""
        for old in self._channels.pop(destination, []):
            self._forget(old.subscription)
        for compiled in subscriptions:
            self._keep(compiled)
        if subscriptions:
            self._channels[destination] = list(subscriptions)

    def _keep(self, compiled: Compiled) -> None:
        subscription, want = compiled.subscription, compiled.subscription.want
        if want.feed is not None:
            self._by_feed.setdefault(want.feed, {})[subscription.id] = compiled
        elif want.trending is not None:
            self._trending[subscription.id] = subscription
        elif compiled.expr is not None:
            self._queries.add(subscription.id, compiled.expr)
            self._by_query[subscription.id] = compiled
        else:
            self._by_topic[subscription.id] = compiled

    def _forget(self, subscription: Subscription) -> None:
        if subscription.want.feed is not None:
            self._by_feed[subscription.want.feed].pop(subscription.id)
        elif subscription.want.trending is not None:
            self._trending.pop(subscription.id)
        elif self._by_query.pop(subscription.id, None):
            self._queries.remove(subscription.id)
        else:
            self._by_topic.pop(subscription.id)

    @property
    def trending(self) -> Collection[Subscription]:
        """The subscriptions to a day's most upvoted."""
        return self._trending.values()

    def match(self, batch: Batch) -> Matches:
        """What of the common stream the subscriptions without a feed want."""
        return _collected(batch, self._candidates(batch))

    def match_feed(self, batch: Batch, feed: str) -> Matches:
        """What of a feed's papers its own subscriptions want."""
        wanting = self._by_feed.get(feed, {}).values()
        return _collected(batch, ((row, compiled) for compiled in wanting for row in range(len(batch.papers))))

    def _candidates(self, batch: Batch) -> Iterator[tuple[int, Compiled]]:
        for row, key in self._queries.match(batch.documents).pairs():
            yield row, self._by_query[key]
        for compiled in self._by_topic.values():
            for row in range(len(batch.papers)):
                yield row, compiled


def _collected(batch: Batch, candidates: Iterable[tuple[int, Compiled]]) -> Matches:
    found: Matches = {}
    for row, compiled in candidates:
        paper, subscription = batch.papers[row], compiled.subscription
        if subscription.created_at is not None and batch.arrived[paper.id] < subscription.created_at:
            continue  # a subscription gets what arrives after it was made
        closeness = batch.closeness(compiled, paper)
        match = decide(compiled, paper, batch.documents[row], closeness)
        if match is not None:
            found.setdefault(subscription.destination, {}).setdefault(paper.id, []).append(match)
    return found
