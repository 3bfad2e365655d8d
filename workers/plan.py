"""The plan job: every channel that is due gets its messages put into the outbox.

    due channels ──► read inbox, subscriptions, papers ──► explain hits ──► `papers.planning.plan` decides ──► commit

Two planners never make two posts of one slot: the commit holds only if the channel is still due when it was read to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from papers import metrics
from papers.matching.hits import Hit
from papers.model import Destination, Subscription
from papers.planning import Plan, Situation, plan
from papers.ports import Archive
from papers.services.explaining import Explainer
from papers.stores.channels import ChannelStore
from papers.stores.inbox import Inbox, hits_in
from papers.stores.outbox import Outbox
from papers.stores.sources import SourceState, SourceStore
from workers.quiet import why_quiet

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, and what it was made of: when the channel was due, and the inbox's fields that it takes, as read."""

    destination: Destination
    was_due: datetime
    taken: Mapping[str, str]
    plan: Plan


@dataclass(frozen=True)
class Planner:
    """Plans channels that are due."""

    archive: Archive
    channels: ChannelStore
    inbox: Inbox
    outbox: Outbox
    sources: SourceStore
    configured: tuple[str, ...] = ()
    explainer: Explainer = field(default_factory=Explainer)

    def run(self, now: datetime) -> int:
        """Plan every channel due by now; how many messages were put into the outbox."""
        put = 0
        for destination, was_due in self.inbox.due(now):
            try:
                put += self._channel(destination, was_due, now)
            except ValueError:  # what is stored cannot be read: the other channels are not to wait for it
                log.exception("a channel cannot be planned", channel=str(destination))
        return put

    def _channel(self, destination: Destination, was_due: datetime, now: datetime) -> int:
        decision = self.decide(destination, was_due, now)
        deliveries = decision.plan.deliveries
        if not self.commit(decision, now) or not deliveries:
            return 0
        metrics.planned(deliveries)
        papers = sum(len(delivery.items) for delivery in deliveries)
        log.info("planned", channel=str(destination), messages=len(deliveries), papers=papers)
        return len(deliveries)

    def decide(self, destination: Destination, was_due: datetime, now: datetime) -> Decision:
        """Read what waits for a channel and decide about it; nothing is changed."""
        fields = self.inbox.fields(destination)
        decided = plan(self._situation(destination, hits_in(fields), was_due, now))
        return Decision(destination, was_due, {paper: fields[paper] for paper in decided.taken}, decided)

    def commit(self, decision: Decision, now: datetime) -> bool:
        """Carry a decision out, if what it was made of still stands."""
        return self.outbox.commit(
            decision.destination,
            decision.plan.deliveries,
            taken=decision.taken,
            was_due=decision.was_due,
            next_slot=decision.plan.next_slot,
            now=now,
        )

    def _situation(self, destination: Destination, hits: Sequence[Hit], was_due: datetime, now: datetime) -> Situation:
        subscriptions = self.channels.subscriptions(destination)
        papers = self.archive.get({hit.paper for hit in hits})
        matches = self.explainer.explain(hits, subscriptions, papers)
        return Situation(
            channel=self.channels.channel(destination),
            subscriptions=subscriptions,
            due=was_due,
            now=now,
            matches=matches,
            papers=papers,
            unwanted=sorted({hit.paper for hit in hits} - {match.paper for match in matches}),
            quiet="" if matches else why_quiet(self._sources_of(subscriptions), was_due),
        )

    def _sources_of(self, subscriptions: Sequence[Subscription]) -> list[SourceState]:
        """Those that may bring the channel papers: the operator's, and feeds that it subscribed to itself."""
        own = [one.want.feed for one in subscriptions if one.want.feed]
        return self.sources.states(list(dict.fromkeys([*self.configured, *own])))
