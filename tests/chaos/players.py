"""Who plays in the delivery model: stores that break off or take notes, a sender's hand, a planner's decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from papers.model import Delivery, Destination
from papers.stores.outbox import Claim, Outbox, Verdict
from papers.stores.papers import Arrival, PaperStore
from papers.stores.server import Server

Fate = Literal["taken", "taken unheard", "lost on the way", "not now", "refused", "closed", "cannot look"]


class KilledError(Exception):
    """A process dies here."""


class Forgetful(PaperStore):
    """A match worker over this one dies when its matches are put, before its arrivals are forgotten."""

    def matched(self, arrivals: Iterable[Arrival]) -> None:
        """Die."""
        raise KilledError(arrivals)


@dataclass(frozen=True)
class Commit:
    """What a planner asks the outbox to do."""

    destination: Destination
    deliveries: Sequence[Delivery]
    taken: Mapping[str, str]
    was_due: datetime
    next_slot: datetime | None
    now: datetime


class Slots(Outbox):
    """Remembers which headlines each slot was planned into. Hesitant, it puts commits off until `dare`."""

    def __init__(self, server: Server, *, hesitant: bool = False) -> None:
        super().__init__(server)
        self.headlines: dict[tuple[Destination, datetime], set[str]] = {}
        self.put_off: list[Commit] = []
        self._hesitant = hesitant

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
        """As ever, or later."""
        asked = Commit(destination, deliveries, taken, was_due, next_slot, now)
        if self._hesitant:
            self.put_off.append(asked)
            return False
        return self.dare(asked)

    def dare(self, asked: Commit) -> bool:
        """Commit what may have been put off for long."""
        where, slot = asked.destination, (asked.destination, asked.was_due)
        done = super().commit(
            where,
            asked.deliveries,
            taken=asked.taken,
            was_due=asked.was_due,
            next_slot=asked.next_slot,
            now=asked.now,
        )
        if done and asked.next_slot is not None:
            put = {record.delivery.id for record in self.history(where, 200)}
            self.headlines.setdefault(slot, set()).update({one.id for one in asked.deliveries if not one.parent} & put)
        return done


@dataclass
class Hand:
    """A sender with a claim in its hand.

    `verdict` is what it is going to write down. `late`: its lease is over, so it does not post any more.
    """

    claim: Claim
    verdict: Verdict | None = None
    late: bool = False
