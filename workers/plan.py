"""The plan job: every channel that is due gets its messages put into the outbox.

    due channels ──► read inbox, subscriptions, papers ──► `papers.planning.plan` decides ──► commit, in one step

Two planners never make two posts of one slot: the commit holds only if the channel is still due when it was read to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from papers.model import Destination
from papers.planning import Plan, Situation, plan
from papers.ports import Archive
from papers.stores.channels import ChannelStore
from papers.stores.inbox import Inbox
from papers.stores.outbox import Outbox
from papers.stores.sources import SourceStore
from workers.quiet import why_quiet

log = structlog.get_logger()


@dataclass(frozen=True)
class Planner:
    """Plans channels that are due."""

    archive: Archive
    channels: ChannelStore
    inbox: Inbox
    outbox: Outbox
    sources: SourceStore

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
        decided = plan(self._situation(destination, was_due, now))
        if not self._commit(destination, decided, was_due, now):
            return 0
        if decided.deliveries:
            papers = sum(len(delivery.items) for delivery in decided.deliveries)
            log.info("planned", channel=str(destination), messages=len(decided.deliveries), papers=papers)
        return len(decided.deliveries)

    def _situation(self, destination: Destination, was_due: datetime, now: datetime) -> Situation:
        matches = self.inbox.read(destination)
        return Situation(
            channel=self.channels.channel(destination),
            subscriptions=self.channels.subscriptions(destination),
            due=was_due,
            now=now,
            matches=matches,
            papers=self.archive.get({match.paper for match in matches}),
            quiet="" if matches else why_quiet([self.sources.state(name) for name in self.sources.names()], was_due),
        )

    def _commit(self, destination: Destination, decided: Plan, was_due: datetime, now: datetime) -> bool:
        return self.outbox.commit(
            destination,
            decided.deliveries,
            taken=decided.taken,
            was_due=was_due,
            next_slot=decided.next_slot,
            now=now,
        )
