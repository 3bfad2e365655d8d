"""The outbox: what was decided to be posted, and what became of it. The truth of delivery; RQ is only the doorbell.

        plan               claim              the platform took it
    (nothing) ──► pending ─────────► sending ─────────────────────────► sent
                     ▲                 │ │ │   the platform refused it
                     │  not now, or    │ │ └──────────────────────────► dead
                     └─ nothing went ──┘ └── no answer, lease over ───► unknown
                                                                          │ claim: looked for first
          sent ◄── found ── sending ◄─────────────────────────────────────┘
                              │ └── absent: posted, as from pending
                              └──── cannot be looked for, ever ───────► parked ("possibly sent")
          pending ◄── the channel chose to have it again ─────────────────┘

Each arrow is one Lua script, fenced by the token that the claim gave out: a sender that slept through its lease
cannot overwrite what its successor wrote. A channel that is closed to us keeps its deliveries, asleep: a message that
found it closed was not posted, and is pending again, in its old place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from papers import schedule
from papers.model import Channel, Delivery, DeliveryState, Destination, Platform, Record
from papers.revising import WINDOW
from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

HISTORY = 200
"""Deliveries that `log` can look back at, a channel."""

KEPT = timedelta(days=120)
"""How long a delivery is remembered once it is out, unless the settings say otherwise."""

CHANGED = -1
"""What `unsuspend` answers where the settings are not those that it was told of."""


SHOWN = WINDOW + timedelta(days=1)
"""How long is kept which messages show a paper, and an edit of one: a day more than there can be any."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is out: what it shows, its id, its thread's if it stands in one, and when it was sent."""

    delivery: Delivery
    message: str
    thread: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery leased to one sender.

    Attributes:
        token: proves the lease to `settle`.
        was: the state it was claimed from; after `unknown`, look for the message before posting it.
        thread: the parent's message id, or None.
        tries: how often it was claimed, this time included.
        edits: the message that it edits, if it is an edit of one that is out.
    """

    delivery: Delivery
    token: int
    was: DeliveryState
    thread: str | None
    tries: int
    edits: Posted | None = None


class Settled(IntEnum):
    """What `settle` found.

    STALE: the lease had run out, and nothing changed. DONE. MORE: done, and the channel has more due. SUSPENDED: done,
    and by that the channel, which had been open, was closed.
    """

    STALE = 0
    DONE = 1
    MORE = 2
    SUSPENDED = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim.

    Attributes:
        message: the platform's id of the message, if it was sent.
        detail: what to tell in `log`.
        wait: seconds before a pending or unknown one is claimed again.
        suspends: why nothing is to be posted to this channel any more, or ''; pending, it then waits for the channel.
        holds: scope of the pace that is to be held up for `wait` too, or ''.
    """

    state: DeliveryState
    message: str = ""
    detail: str = ""
    wait: float = 0.0
    suspends: str = ""
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast may be posted: one post an `interval` seconds, `burst` of them at once, for all that share `scope`.

    `everywhere`: the scope is the whole platform, so a channel that is held by it need not be put off: all are.
    """

    scope: str
    interval: float
    burst: int = 1
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing may be claimed for now: `pace` is used up for `seconds`."""

    pace: Pace
    seconds: float


class Outbox:
    """Every channel's outbox."""

    def __init__(self, server: Server, kept: timedelta = KEPT) -> None:
        """`kept`: how long a delivery is remembered that waits for nothing any more."""
        self._server = server
        self._kept = int(kept.total_seconds() * 1000)

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
        """Put a plan's deliveries and take its papers from the inbox, in one step.

        `taken` leave the inbox whether they are posted or not: papers with their fields as `Inbox.fields` read them.
        Those that are posted count as seen from here on.
        False if another planner was faster; nothing changed then.
        """
        brought = [(item.paper, delivery.id) for delivery in deliveries for item in delivery.items]
        touched = [keys.DUE, keys.inbox(destination), keys.seen(destination), keys.outbox(destination)]
        touched += [keys.platform(destination.platform), keys.history(destination), keys.channel(destination)]
        touched += [keys.delivery(destination, delivery.id) for delivery in deliveries]
        arguments: list[object] = [str(destination), to_ms(was_due), to_ms(next_slot) if next_slot else "", to_ms(now)]
        arguments += [HISTORY, keys.shown(""), int(SHOWN.total_seconds() * 1000)]
        for pairs in (taken.items(), brought):
            arguments += [len(pairs), *(part for pair in pairs for part in pair)]
        for order, delivery in enumerate(deliveries):
            # a millisecond apart, so that a thread's replies are claimed in their order
            arguments += [delivery.id, codec.dump(delivery), to_ms(delivery.due) + order, delivery.parent or ""]
        return bool(self._server.run("commit_plan", touched, arguments))

    def ready(self, platform: Platform, limit: int = 100) -> list[Destination]:
        """Channels of a platform that have something to send by now, longest waiting first."""
        words = ["ZRANGE", keys.platform(platform), "-inf", to_ms(datetime.now(UTC)), "BYSCORE", "LIMIT", 0, limit]
        return [Destination.parse(name) for name in self._server.call(*words)]

    def claim(self, destination: Destination, lease: float, paces: Sequence[Pace] = ()) -> Claim | Held | None:
        """Lease the channel's next delivery for `lease` seconds, at the paces that bind it.

        None: nothing is due, or one is in flight.
        """
        touched = [keys.outbox(destination), keys.platform(destination.platform), keys.sending(destination)]
        touched += [keys.TOKEN, keys.channel(destination), *(keys.pace(pace.scope) for pace in paces)]
        arguments: list[object] = [str(destination), int(lease * 1000), keys.delivery(destination, ""), self._kept]
        for pace in paces:
            arguments += [pace.interval * 1000, pace.burst, int(pace.everywhere)]
        answer = self._server.run("claim", touched, arguments)
        if not answer:
            return None
        if answer[0] == "wait":
            return Held(paces[answer[1] - 1], answer[2] / 1000)
        _, token, text, was, thread, tries = answer
        delivery = codec.load(Delivery, text)
        edits = self._posted(destination, delivery.parent or "") if delivery.kind == "edit" else None
        return Claim(delivery, int(token), was, thread or None, int(tries), edits)

    def _posted(self, destination: Destination, delivery_id: str) -> Posted | None:
        """A delivery's message, if it is out."""
        fields = ("json", "state", "message", "at")
        text, state, message, at = self._server.call("HMGET", keys.delivery(destination, delivery_id), *fields)
        if state != "sent" or not message:
            return None
        delivery = codec.load(Delivery, text)
        in_thread = delivery.parent and not delivery.flat
        headline = keys.delivery(destination, delivery.parent or "")
        return Posted(
            delivery, message, self._server.call("HGET", headline, "message") if in_thread else None, from_ms(at)
        )

    def settle(self, claim: Claim, verdict: Verdict) -> Settled:
        """Write down what became of a claim."""
        destination, delivery_id = claim.delivery.destination, claim.delivery.id
        touched = [keys.delivery(destination, delivery_id), keys.outbox(destination)]
        touched += [keys.platform(destination.platform), keys.sending(destination), keys.channel(destination), keys.DUE]
        touched += [keys.pace(verdict.holds)] * bool(verdict.holds)
        wait = int(verdict.wait * 1000)
        arguments = [str(destination), delivery_id, claim.token, verdict.state, verdict.message, verdict.detail, wait]
        edited = keys.delivery(destination, claim.delivery.parent or "") if claim.edits else ""
        arguments += [verdict.suspends, wait if verdict.holds else 0, edited, self._kept]
        return Settled(self._server.run("settle", touched, arguments))

    def put(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Put deliveries that no plan made, all of one channel; those known already are left as they are."""
        if not deliveries:
            return 0
        destination = deliveries[0].destination
        touched = [keys.outbox(destination), keys.platform(destination.platform), keys.history(destination)]
        touched += [keys.delivery(destination, delivery.id) for delivery in deliveries]
        arguments: list[object] = [str(destination), to_ms(now)]
        for delivery in deliveries:
            arguments += [delivery.id, codec.dump(delivery), to_ms(delivery.due)]
        return int(self._server.run("put_deliveries", touched, arguments))

    def release(self, destination: Destination, delivery_id: str) -> bool:
        """Post a parked delivery again, its parked replies too; False if it is not parked."""
        touched = [keys.delivery(destination, delivery_id), keys.outbox(destination)]
        touched += [keys.platform(destination.platform), keys.history(destination)]
        arguments = [str(destination), delivery_id, keys.delivery(destination, "")]
        return bool(self._server.run("release", touched, arguments))

    def suspend(self, destination: Destination, reason: str, cause: str) -> bool:
        """Post nothing to the channel any more, and plan nothing for it; whether it was open until this.

        `cause` names what told of it: asked again for the same cause, the answer is the same again.
        """
        touched = [keys.channel(destination), keys.platform(destination.platform), keys.DUE]
        return bool(self._server.run("suspend", touched, [str(destination), reason, cause]))

    def unsuspend(self, destination: Destination, now: datetime) -> bool:
        """Post to a suspended channel again; False if it was not suspended.

        What sleeps in its outbox goes out now, what waits in its inbox comes with its next slot, or now if it has none.
        """
        touched = [keys.channel(destination), keys.platform(destination.platform), keys.DUE, keys.inbox(destination)]
        opened = CHANGED
        while opened == CHANGED:  # somebody sets another schedule at this very moment
            text = self._server.call("HGET", keys.channel(destination), "settings") or ""
            slot = schedule.next_slot(codec.load(Channel, text).schedule, now) if text else None
            arguments = [str(destination), to_ms(now), text, to_ms(slot) if slot else ""]
            opened = self._server.run("unsuspend", touched, arguments)
        return bool(opened)

    def suspended(self, destination: Destination) -> str | None:
        """Why nothing is posted to the channel any more, or None."""
        reason: str | None = self._server.call("HGET", keys.channel(destination), "suspended")
        return reason

    def history(self, destination: Destination, limit: int = 20) -> list[Record]:
        """The channel's last deliveries, newest first."""
        return self.records(destination, self._server.call("LRANGE", keys.history(destination), 0, limit - 1))

    def records(self, destination: Destination, ids: Sequence[str]) -> list[Record]:
        """Those of these deliveries that are still remembered."""
        fields = ("json", "state", "at", "message", "detail", "edited")
        commands = [["HMGET", keys.delivery(destination, one), *fields] for one in ids]
        rows = self._server.together(commands) if commands else []
        return [
            Record(
                codec.load(Delivery, text),
                state,
                from_ms(at),
                message or None,
                detail or "",
                edited and from_ms(edited),
            )
            for text, state, at, message, detail, edited in rows
            if text
        ]

    def due(self, delivery: Delivery) -> datetime | None:
        """When a delivery that waits may be claimed; None if it does not wait."""
        score = self._server.call("ZSCORE", keys.outbox(delivery.destination), delivery.id)
        return from_ms(score) if score is not None else None

    def by_state(self, destination: Destination) -> dict[DeliveryState, int]:
        """How many of the channel's last deliveries are in each state."""
        return dict(Counter(record.state for record in self.history(destination, HISTORY)))

    def next_due(self, platform: Platform) -> datetime | None:
        """When the platform's next delivery may be claimed."""
        first = self._server.call("ZRANGE", keys.platform(platform), 0, 0, "WITHSCORES")
        return from_ms(first[0][1]) if first else None
