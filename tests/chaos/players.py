"""Who plays in the delivery model: stores that break off or take notes, a sender's hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from papers.matching.shards import WHOLE, Shard
from papers.model import Asker, Delivery, Destination, Schedule
from papers.stores.outbox import Claim, Outbox, Verdict
from papers.stores.papers import Arrival, PaperStore
from papers.stores.server import Server

Fate = Literal["taken", "taken unheard", "lost on the way", "not now", "refused", "closed", "cannot look"]


class KilledError(Exception):
    """A process dies here."""


class Forgetful(PaperStore):
    """A match worker over this one dies when its matches are put, before its arrivals are forgotten."""

    def matched(self, arrivals: Iterable[Arrival], shard: Shard = WHOLE) -> None:
        """Die."""
        raise KilledError(arrivals, shard)


class Slots(Outbox):
    """Remembers which headlines each slot was planned into."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.headlines: dict[tuple[Destination, datetime], set[str]] = {}

    def commit(
        self,
        destination: Destination,
        deliveries: Sequence[Delivery],
        *,
        taken: Mapping[str, str],
        was_due: datetime,
        next_slot: datetime | None,
        now: datetime,
    ) -> bool:
        """As ever. Nothing is planned for a channel that is closed, even if it was open when that was decided."""
        done = super().commit(destination, deliveries, taken=taken, was_due=was_due, next_slot=next_slot, now=now)
        assert not done or self.suspended(destination) is None
        if done and next_slot is not None:
            put = {record.delivery.id for record in self.history(destination, 200)}
            headlines = {one.id for one in deliveries if one.parent is None} & put
            self.headlines.setdefault((destination, was_due), set()).update(headlines)
        return done


@dataclass
class Hand:
    """A sender with a claim in its hand.

    `verdict` is what it is going to write down. `late`: its lease is over, so it does not post any more.
    """

    claim: Claim
    verdict: Verdict | None = None
    late: bool = False


def asker(channel: Destination) -> Asker:
    """Somebody in a channel."""
    return Asker(channel, "ada")


def daily(hour: int) -> Schedule:
    """Every day at this hour, UTC."""
    return Schedule("daily", at=f"{hour:02}:00")
