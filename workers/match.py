"""The match job: everything that arrived is held against every subscription.

    follow the change log ──► arrivals ──► match ──► channels' inboxes ──► only then: forget the arrivals

The compiled subscriptions live in this process, loaded once. A worker that dies in between leaves its arrivals where
they were; putting the same matches into an inbox twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import perf_counter

import numpy as np
import structlog

from papers import metrics
from papers.errors import QueryError
from papers.matching.decide import Compiled, trending_hits
from papers.matching.matcher import Batch, Hits, Matcher
from papers.matching.shards import WHOLE, Shard
from papers.model import Destination, Paper, Subscription
from papers.schedule import digest_closes
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus, Stream
from papers.stores.channels import ChannelStore
from papers.stores.inbox import Delivered, Inbox
from papers.stores.papers import COMMON, Arrival, PaperStore

BATCH = 2000
"""Arrivals taken at a time: an arXiv day fits."""

DAYS = 2
"""Newest polled days whose most upvoted may be due: the open one, and the one that closed last."""

CHANNELS = 500
"""Channels whose subscriptions are read and compiled at a time."""

DRIFT = 0.02
"""Part of the background's papers that may have changed before topics are calibrated again: for a million topics that
takes half a minute, and a bar moves less by so few papers than by chance."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Matched:
    """What one run did: arrivals looked at, papers put into inboxes; those papers, what most channels want first."""

    arrivals: int = 0
    put: int = 0
    wanted: tuple[str, ...] = ()


class MatchStage:
    """Matches arrivals, and serves trending subscriptions once a day's ranking is final.

    It holds the subscriptions of `shard`'s channels.
    """

    def __init__(
        self,
        papers: PaperStore,
        channels: ChannelStore,
        inbox: Inbox,
        corpus: Corpus,
        compiler: Compiler,
        *,
        shard: Shard = WHOLE,
    ) -> None:
        self._papers = papers
        self._channels = channels
        self._inbox = inbox
        self._corpus = corpus
        self._compiler = compiler
        self._shard = shard
        self._matcher = Matcher(compiler.embedder.weight)
        self._change: str | None = None
        self._settled: Stream | None = None
        self._wanted: Counter[str] = Counter()

    def run(self, now: datetime) -> Matched:
        """Match until nothing has arrived that was not matched."""
        looked, put, began = 0, 0, perf_counter()
        self._wanted = Counter()
        while arrivals := self._papers.unmatched(BATCH, self._shard):
            self.follow()  # after the arrivals were read, so that every subscription older than them is known
            put += self._match(arrivals, now)
            self._papers.matched(arrivals, self._shard)
            looked += len(arrivals)
        self.follow()
        put += self._trending(now)
        metrics.matched(looked, put, perf_counter() - began)
        if looked or put:
            log.info("matched", arrivals=looked, put=put, subscriptions=len(self._matcher), shard=str(self._shard))
        return Matched(looked, put, tuple(paper for paper, _ in self._wanted.most_common()))

    def follow(self) -> None:
        """Bring the compiled subscriptions up to date: everything at first, then what the change log names."""
        if self._change is None:
            self._change = self._channels.last_change()
            changed: Iterable[Destination] = self._channels.destinations()
        else:
            changed, self._change = self._channels.changes(self._change)
        ours = (one for one in changed if self._shard.owns(one))
        while part := list(islice(ours, CHANNELS)):
            self._load(part)
        metrics.holds(len(self._matcher), self._shard.number)

    def _load(self, destinations: Sequence[Destination]) -> None:
        standing = self._channels.subscriptions_of(destinations)
        compiled = self._compiled([one for own in standing.values() for one in own])
        ready: dict[Destination, list[Compiled]] = {destination: [] for destination in destinations}
        for one in compiled:
            ready[one.subscription.destination].append(one)
        for destination, own in ready.items():
            self._matcher.put(destination, own)

    def _compiled(self, subscriptions: Sequence[Subscription]) -> list[Compiled]:
        try:
            return self._compiler.compile(subscriptions)
        except QueryError:
            return [one for subscription in subscriptions for one in self._compiled_alone(subscription)]

    def _compiled_alone(self, subscription: Subscription) -> list[Compiled]:
        try:
            return self._compiler.compile([subscription])
        except QueryError as error:  # it parsed when it was saved, so the grammar changed since
            log.warning("a subscription no longer parses", subscription=subscription.id, error=str(error))
            return []

    def _match(self, arrivals: Sequence[Arrival], now: datetime) -> int:
        by_scope: dict[str, dict[str, datetime]] = {}
        for arrival in arrivals:
            by_scope.setdefault(arrival.scope, {})[arrival.paper] = arrival.at
        papers = self._papers.get({arrival.paper for arrival in arrivals})
        put = 0
        for scope, arrived in by_scope.items():
            stream = self._corpus.around([papers[one] for one in arrived if one in papers])
            if not stream.entries:
                continue
            batch = Batch(
                [entry.paper for entry in stream.entries],
                [entry.document for entry in stream.entries],
                np.stack([entry.vector for entry in stream.entries]),
                arrived,
            )
            put += self._inbox.put(self._counted(Delivered(*one) for one in self._hits(batch, stream, scope)), now)
        return put

    def _counted(self, batch: Iterable[Delivered]) -> Iterator[Delivered]:
        for one in batch:
            self._wanted.update(one.hits.keys())
            yield one

    def _hits(self, batch: Batch, stream: Stream, scope: str) -> Hits:
        if scope != COMMON:
            return self._matcher.match_feed(batch, stream.background, scope)
        common = self._corpus.stream()
        if self._settled is None or has_drifted(self._settled, common):
            self._settled = common
        if self._matcher.has_topics:
            self._matcher.calibrate(self._settled.background, self._settled.per_day)
        return self._matcher.match(batch)

    def _trending(self, now: datetime) -> int:
        """Serve the trending subscriptions whose day has closed and that were not served that day yet."""
        if not self._matcher.trending:
            return 0
        closed = [day for day in self._papers.polled_days(DAYS) if digest_closes(day) <= now]
        batch: list[Delivered] = []
        for day in closed:
            papers = self._papers.polled_of_day(day)
            batch += [one for s in self._matcher.trending if (one := self._trended(s, f"{day}", papers))]
        return self._inbox.put(self._counted(batch), now)

    def _trended(self, subscription: Subscription, day: str, papers: Sequence[Paper]) -> Delivered | None:
        served = f"{subscription.number}:{day}"
        first_seen = max((paper.first_seen for paper in papers if paper.first_seen), default=None)
        if first_seen is None or (subscription.created_at and first_seen < subscription.created_at):
            return None
        if served in self._inbox.served(subscription.destination):
            return None
        hits = {one.paper: [one] for one in trending_hits(subscription, papers)}
        return Delivered(subscription.destination, hits, (served,)) if hits else None


def has_drifted(before: Stream, now: Stream) -> bool:
    """Whether so many of the stream's papers are others, or told otherwise, that topics are to be calibrated again."""
    known = {entry.paper.id: entry for entry in before.entries}
    other = sum(known.get(entry.paper.id) is not entry for entry in now.entries)
    return other > DRIFT * len(now.entries)
