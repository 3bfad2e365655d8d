"""The world of the delivery model: real stores and stages, a clock that is set by hand, a platform that only remembers.

It does what it is told and keeps account of what is owed. Which steps are taken, and what must hold after each of them,
is in `test_model`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from papers.errors import TwinError
from papers.model import Delivery, Destination, Digest, Paper, Subscription, Want
from papers.ports import Embedder
from papers.services.intake import take_in
from papers.settings import Settings
from papers.stores import keys
from papers.stores.outbox import Claim, Settled, Verdict
from papers.stores.papers import COMMON
from papers.stores.server import Server
from papers.wiring import Core, Stores
from tests.chaos.players import Fate, Forgetful, Hand, KilledError, Slots, asker
from tests.chaos.sender_role import PLATFORM, where
from tests.integration.outboxes import time_passes
from tests.scratch import scratch
from workers.match import MatchStage
from workers.plan import Decision, Planner
from workers.sweep import Sweeper

LONG_AGO = datetime(2025, 3, 12, 8, 0, tzinfo=UTC)
"""A Wednesday. The outbox goes by the server's clock, and by that one all that is planned here is due."""

HOUR = timedelta(hours=1)

FEED = "https://example.org/feed"
CHANNELS = (where("C1"), where("C2"))

MINUTES = 120.0
"""Seconds a claim is good for. Nothing here waits for that: `lease_runs_out` moves the lease."""


class World:
    """See the module.

    Attributes:
        papers: every paper that came, with the words of its title.
        arrived: when each (paper, scope) arrived.
        owed: for a channel and a paper, the numbers of the subscriptions that must bring it.
        wanted: every want that a channel ever had.
        shown: deliveries that the platform shows, in order.
        excused: ids of deliveries that the platform refused, or that cannot be looked for.
        hands, decided: senders and planners in the middle of their work.
        closings: how often the platform told that a channel is closed.
    """

    def __init__(self, server: Server, embedder: Embedder) -> None:
        self.now = LONG_AGO
        self.stores = Stores(server)
        self.outbox = Slots(server)
        self.papers: dict[str, frozenset[str]] = {}
        self.arrived: dict[tuple[str, str], datetime] = {}
        self.owed: dict[tuple[Destination, str], set[int]] = {}
        self.wanted: dict[Destination, list[Want]] = {channel: [] for channel in CHANNELS}
        self.shown: list[Delivery] = []
        self.excused: set[str] = set()
        self.hands: list[Hand] = []
        self.decided: list[Decision] = []
        self.closings = 0
        stores = self.stores
        core = Core(Settings.model_construct(paperboy_data=scratch()), server)
        core.embedder = embedder
        self.desk = replace(core.desk, outbox=self.outbox, clock=lambda: self.now)
        self.stages = [
            MatchStage(memory, stores.channels, stores.inbox, core.corpus, core.compiler)
            for memory in (stores.papers, stores.papers, Forgetful(server))
        ]
        self.planner = Planner(stores.papers, stores.channels, stores.inbox, self.outbox, stores.sources)
        self.sweeper = Sweeper(
            server, (), stores.sources, stores.papers, stores.channels, stores.inbox, stores.coverage, lambda: self.now
        )

    # People

    def subscribe(self, channel: Destination, want: Want) -> None:
        """Subscribe; whoever subscribes to the same again is refused, and nothing changes."""
        with suppress(TwinError):
            self.stores.channels.add(Subscription("", 0, channel, want, created_by="ada", created_at=self.now))
        self.wanted[channel].append(want)

    def unsubscribe(self, subscription: Subscription) -> None:
        """What was not planned for it yet need not come any more."""
        self.desk.unsubscribe(asker(subscription.destination), subscription.number)
        for _, numbers in self._unplanned(subscription.destination):
            numbers.discard(subscription.number)

    def edit(self, before: Subscription, query: str) -> None:
        """What was not planned yet is held against the new words, whether it was matched with the old ones or not.

        An edit into what another subscription wants already is refused.
        """
        after, channel = replace(before, want=Want(query=query)), before.destination
        try:
            self.stores.channels.change(after, before)
        except TwinError:
            return
        self.wanted[channel].append(after.want)
        for paper, numbers in self._unplanned(channel):
            if not self.wants(after.want, paper, COMMON):
                numbers.discard(before.number)

    def _unplanned(self, channel: Destination) -> list[tuple[str, set[int]]]:
        owed = {paper: numbers for (where, paper), numbers in self.owed.items() if where == channel}
        seen = self.stores.inbox.seen(channel, list(owed))
        return [(paper, numbers) for paper, numbers in owed.items() if paper not in seen]

    def close(self, channel: Destination) -> None:
        """The platform tells that a channel is closed to us."""
        self.closings += 1
        self.outbox.suspend(channel, "closed", f"event {self.closings}")

    def open(self, channel: Destination) -> None:
        """It tells that the channel is open; slots that passed meanwhile are past."""
        was_closed = self.outbox.unsuspend(channel, self.now)
        due = self.stores.inbox.next_slot(channel)
        is_instant = self.stores.channels.channel(channel).schedule.kind == "instant"
        assert not was_closed or is_instant or due is None or due > self.now

    # Papers

    def wants(self, want: Want, paper: str, scope: str) -> bool:
        """Whether a subscription wants a paper that arrives in a scope: QUERYs here are words and OR."""
        if want.feed is not None:
            return want.feed == scope
        return scope == COMMON and bool(self.papers[paper] & {*(want.query or "").split(" OR ")})

    def told(self, paper: str) -> Paper:
        """What sources tell of it."""
        title = f"{' and '.join(sorted(self.papers[paper]))}, observation {paper}"
        return Paper(paper, title, abstract="On birds.", sources=("huggingface",), day=LONG_AGO.date())

    def arrives(self, paper: str, scope: str) -> None:
        """A poll of a source brings it, for the first time or again."""
        digest = Digest("any", None, (self.told(paper),), "")
        take_in(self.stores.papers, digest, scope=scope, announce=True, now=self.now)
        if (paper, scope) not in self.arrived:
            self.arrived[paper, scope] = self.now
            self.owe(paper, scope)

    def owe(self, paper: str, scope: str) -> None:
        """It must come to whoever wants it and was there when it arrived, unless the channel was brought it."""
        at = self.arrived[paper, scope]
        for channel in CHANNELS:
            is_new = not self.stores.inbox.seen(channel, [paper])
            for one in self.stores.channels.subscriptions(channel):
                if is_new and (one.created_at or at) <= at and self.wants(one.want, paper, scope):
                    self.owed.setdefault((channel, paper), set()).add(one.number)

    def feed_lists_the_latest(self) -> None:
        """A poll of the feed brings the three newest papers."""
        for paper in sorted(self.papers)[-3:]:
            self.arrives(paper, FEED)

    def match(self, worker: int) -> None:
        """One of the match workers runs; the last one dies on the way."""
        try:
            self.stages[worker].run(self.now)
        except KilledError:
            return

    def sweep(self) -> None:
        """Ring, and do what was rung for."""
        for bell in self.sweeper.sweep():
            if bell == "match":
                self.match(0)
            self.planner.run(self.now)

    def wait_until_due(self) -> None:
        """Wait for the first channel to be due, if one is not already."""
        self.now = max(self.stores.inbox.next_due() or self.now, self.now)

    def decide(self) -> None:
        """A planner decides about all that is due, and hesitates."""
        for channel, was_due in self.stores.inbox.due(self.now):
            self.decided.append(self.planner.decide(channel, was_due, self.now))

    def commit(self) -> None:
        """It commits, whatever happened since."""
        for one in self.decided:
            self.planner.commit(one, self.now)
        self.decided.clear()

    # Senders

    def claim(self, channel: Destination) -> bool:
        """A sender claims a channel's next delivery."""
        claim = self.outbox.claim(channel, MINUTES)
        if not isinstance(claim, Claim):
            return False
        self.hands.append(Hand(claim))
        return True

    def ready_to_post(self) -> list[Hand]:
        """Senders that have neither posted nor slept through their lease."""
        return [hand for hand in self.hands if hand.verdict is None and not hand.late]

    def ready_to_settle(self) -> list[Hand]:
        """Senders that are done, or too late."""
        return [hand for hand in self.hands if hand.verdict is not None or hand.late]

    def post(self, hand: Hand, fate: Fate) -> None:
        """The sender looks for a message whose fate is unknown, else posts it; see `bot.verdict`."""
        delivery = hand.claim.delivery
        if hand.claim.was == "unknown":
            if fate == "cannot look":
                self.excused.add(delivery.id)
                hand.verdict = Verdict("parked")
                return
            if delivery.id in {one.id for one in self.shown}:
                hand.verdict = Verdict("sent", message=delivery.id)
                return
        if fate in {"taken", "taken unheard", "cannot look"}:
            self.shown.append(delivery)
        if fate == "refused":
            self.excused.add(delivery.id)
        verdicts: dict[Fate, Verdict] = {
            "taken unheard": Verdict("unknown", wait=5),
            "lost on the way": Verdict("unknown", wait=5),
            "not now": Verdict("pending", wait=5),
            "refused": Verdict("dead"),
            "closed": Verdict("pending", suspends="closed"),
        }
        hand.verdict = verdicts.get(fate, Verdict("sent", message=delivery.id))

    def settle(self, hand: Hand) -> Settled:
        """The sender writes its verdict down."""
        self.hands.remove(hand)
        return self.outbox.settle(hand.claim, hand.verdict or Verdict("unknown"))

    def lease_runs_out(self, channel: Destination) -> None:
        """Of what is in flight there."""
        in_flight = self.stores.server.call("GET", keys.sending(channel))
        if in_flight:
            self.stores.server.call("HSET", keys.delivery(channel, in_flight), "lease", 1)
        for hand in self.hands:
            hand.late |= hand.claim.delivery.destination == channel

    def seconds_pass(self) -> None:
        """Enough of them for a delivery that was put off, and for a bell to be rung again; no lease runs out."""
        for channel in CHANNELS:
            time_passes(self.stores, 10, channel)
        for job in ("match", "plan", f"fetch {FEED}"):
            self.stores.server.call("DEL", keys.lease(f"bell:{job}"))

    # The end

    def come_to_rest(self) -> None:
        """Everybody dies; then everything runs, and nothing fails, until nothing is left to do."""
        self.hands.clear()
        self.decided.clear()
        for channel in CHANNELS:
            self.lease_runs_out(channel)
            self.desk.pause(asker(channel), paused=False)
        for _ in range(40):
            self.match(1)
            self.planner.run(self.now)
            self.seconds_pass()
            while any(self.claim(channel) for channel in CHANNELS):
                for hand in [*self.hands]:
                    self.post(hand, "taken")
                    self.settle(hand)
            if not any(self.stores.inbox.waiting(channel) for channel in CHANNELS) and not self._is_sending():
                return
            self.wait_until_due()
        raise AssertionError("it does not come to rest")

    def _is_sending(self) -> bool:
        return self.outbox.next_due(PLATFORM) is not None
