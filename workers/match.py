"""The match job: everything that arrived is held against every subscription.

    follow the change log ──► arrivals ──► match ──► channels' inboxes ──► only then: forget the arrivals

The compiled subscriptions live in this process, loaded once. A worker that dies in between leaves its arrivals where
they were; putting the same matches into an inbox twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from papers.errors import QueryError
from papers.matching.decide import Compiled, trending_matches
from papers.matching.matcher import Batch, Matcher, Matches
from papers.model import Destination, Paper, Subscription
from papers.schedule import digest_closes
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus
from papers.stores.channels import ChannelStore
from papers.stores.inbox import Delivered, Inbox
from papers.stores.papers import COMMON, Arrival, PaperStore

BATCH = 2000
"""Arrivals taken at a time: an arXiv day fits."""

DAYS = 2
"""Newest days whose most upvoted may be due: the open one, and the one that closed last."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Matched:
    """What one run did: arrivals looked at, papers put into inboxes."""

    arrivals: int = 0
    put: int = 0


class MatchStage:
    """Matches arrivals, and serves trending subscriptions once a day's ranking is final."""

    def __init__(
        self, papers: PaperStore, channels: ChannelStore, inbox: Inbox, corpus: Corpus, compiler: Compiler
    ) -> None:
        self._papers = papers
        self._channels = channels
        self._inbox = inbox
        self._corpus = corpus
        self._compiler = compiler
        self._matcher = Matcher()
        self._change: str | None = None

    def run(self, now: datetime) -> Matched:
        """Match until nothing has arrived that was not matched."""
        looked, put = 0, 0
        while arrivals := self._papers.unmatched(BATCH):
            self._follow()  # after the arrivals were read, so that every subscription older than them is known
            put += self._deliver(self._match(arrivals), now)
            self._papers.matched(arrivals)
            looked += len(arrivals)
        self._follow()
        put += self._trending(now)
        if looked or put:
            log.info("matched", arrivals=looked, put=put, subscriptions=len(self._matcher))
        return Matched(looked, put)

    def _follow(self) -> None:
        """Bring the compiled subscriptions up to date: everything at first, then what the change log names."""
        if self._change is None:
            self._change = self._channels.last_change()
            changed: Iterable[Destination] = self._channels.destinations()
        else:
            changed, self._change = self._channels.changes(self._change)
        for destination in changed:
            self._matcher.put(destination, self._compiled(self._channels.subscriptions(destination)))

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

    def _match(self, arrivals: Sequence[Arrival]) -> list[Matches]:
        by_scope: dict[str, dict[str, datetime]] = {}
        for arrival in arrivals:
            by_scope.setdefault(arrival.scope, {})[arrival.paper] = arrival.at
        papers = self._papers.get({arrival.paper for arrival in arrivals})
        found = []
        for scope, arrived in by_scope.items():
            batch = self._batch([papers[one] for one in arrived if one in papers], arrived, scope)
            found.append(self._matcher.match(batch) if scope == COMMON else self._matcher.match_feed(batch, scope))
        return found

    def _batch(self, papers: Sequence[Paper], arrived: Mapping[str, datetime], scope: str) -> Batch:
        stream = self._corpus.around(papers)
        papers = [entry.paper for entry in stream.entries]
        documents = [entry.document for entry in stream.entries]
        per_day = self._corpus.stream().per_day if scope == COMMON else None
        return Batch(papers, documents, arrived, stream.background, stream.row, per_day)

    def _deliver(self, matched: Sequence[Matches], now: datetime) -> int:
        batch = [Delivered(where, papers) for matches in matched for where, papers in matches.items()]
        return self._inbox.put(batch, now)

    def _trending(self, now: datetime) -> int:
        """Serve the trending subscriptions whose day has closed and that were not served that day yet."""
        if not self._matcher.trending:
            return 0
        closed = [day for day in self._papers.days(DAYS) if digest_closes(day) <= now]
        batch: list[Delivered] = []
        for day in closed:
            papers = self._papers.of_day(day)
            batch += [one for s in self._matcher.trending if (one := self._trended(s, f"{day}", papers))]
        return self._inbox.put(batch, now)

    def _trended(self, subscription: Subscription, day: str, papers: Sequence[Paper]) -> Delivered | None:
        served = f"{subscription.number}:{day}"
        first_seen = max((paper.first_seen for paper in papers if paper.first_seen), default=None)
        if first_seen is None or (subscription.created_at and first_seen < subscription.created_at):
            return None
        if served in self._inbox.served(subscription.destination):
            return None
        matches = {paper: [match] for paper, match in trending_matches(subscription, papers).items()}
        return Delivered(subscription.destination, matches, (served,)) if matches else None
