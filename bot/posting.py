"""The outbox's sender: one long-lived process a platform, one delivery in flight a channel.

    channels that have something due ──► claim, at the platform's pace ──► judge (post) ──► settle

The stores are synchronous, so every call to them leaves the event loop for a thread: claim, the papers, settle, three
round trips a post.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext

import structlog

from bot.repair import Closures
from bot.verdict import Judge
from papers import metrics
from papers.errors import StoreError
from papers.model import Destination, Platform
from papers.ports import Channels
from papers.pulse import Beat, unwatched
from papers.stores.outbox import Claim, Outbox, Pace, Settled
from papers.wiring import clock

IDLE = 0.25
"""Seconds between two looks at an empty outbox: what instant channels wait for at most."""

IN_FLIGHT = 96
"""Channels served at the same time: at one post a second each, nearly twice what any platform takes."""

LOOK = 500
"""Channels that one look at the outbox brings at most."""

AWAY = 2.0
"""Seconds between two attempts to reach a server that is away."""

SHORT_HOLD = 5.0
"""Seconds that a channel is kept in hand while its pace holds it; longer ones are left to the outbox."""

HANGS = 120.0
"""Seconds after which a sender that has neither looked nor settled hangs: the stores give up sooner."""

Paces = Callable[[Destination], Sequence[Pace]]

log = structlog.get_logger()


def unpaced(_: Destination) -> Sequence[Pace]:
    """The paces of a platform that has none."""
    return ()


class Sender:
    """Posts what one platform's outbox holds."""

    def __init__(
        self,
        platform: Platform,
        outbox: Outbox,
        channels: Channels,
        judge: Judge,
        paces: Paces = unpaced,
        *,
        beat: Beat = unwatched,
    ) -> None:
        """`beat` is called whenever the sender gets on."""
        self._platform = platform
        self._outbox = outbox
        self._closures = Closures(outbox, channels, clock)
        self._judge = judge
        self._paces = paces
        self._beat = beat
        self._serving: set[Destination] = set()
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._turn = asyncio.Lock()
        self._stop = asyncio.Event()
        self._claims = 0
        self._failed: StoreError | None = None
        self.sent = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`, and finish what is in flight; a server that is away is waited for, and said once."""
        self._stop, away = stop, False
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                self._beat()
                try:
                    await self._start(tasks)
                except StoreError as error:
                    self._failed = error
                failed, self._failed = self._failed, None
                if failed and not away:
                    log.error("the outbox is out of reach", error=str(failed))
                away = failed is not None
                try:
                    await asyncio.wait_for(stop.wait(), AWAY if away else IDLE)
                except TimeoutError:
                    continue

    async def drain(self) -> int:
        """Send everything that may be sent now; how many messages that was.

        What a long hold of the whole platform keeps may not: a round that could claim nothing is the last.
        """
        before = self.sent
        while True:
            claims = self._claims
            async with asyncio.TaskGroup() as tasks:
                await self._start(tasks)
            if self._claims == claims:
                return self.sent - before

    async def _start(self, tasks: asyncio.TaskGroup) -> int:
        """A task for every channel that has something to send and is not being served, as slots become free."""
        ready = await asyncio.to_thread(self._outbox.ready, self._platform, LOOK)
        idle = [one for one in ready if one not in self._serving]
        for destination in idle:
            await self._slots.acquire()
            self._serving.add(destination)
            tasks.create_task(self._serve(destination))
        return len(idle)

    async def _serve(self, destination: Destination) -> None:
        try:
            while not self._stop.is_set() and (leased := await self._claim(destination)):
                if await self._deliver(*leased) is not Settled.MORE:
                    return
                await self._rest(destination, leased[1])
        except StoreError as error:
            self._failed = error  # the claim is left to its lease
        finally:
            self._serving.discard(destination)
            self._slots.release()

    async def _rest(self, destination: Destination, asked: float) -> None:
        """Wait until the channel's own pace allows another post, rather than take a turn that others could use."""
        own = max((pace.interval for pace in self._paces(destination) if pace.burst == 1), default=0.0)
        await asyncio.sleep(max(asked + own - time.monotonic(), 0.0))

    async def _claim(self, destination: Destination) -> tuple[Claim, float] | None:
        """Claim as soon as the paces allow, and when that was asked for: the lease may have begun then.

        None if there is nothing, or only after a long hold.
        Where a pace binds the whole platform, channels take turns: one waits for it, not all at once. A channel that
        its own pace holds waits outside, and the others go on.
        """
        paces = self._paces(destination)
        turns = self._turn if any(pace.everywhere for pace in paces) else nullcontext()
        while True:
            async with turns:
                asked = time.monotonic()
                claim = await asyncio.to_thread(self._outbox.claim, destination, self._judge.lease, paces)
                if claim is None:
                    return None
                if isinstance(claim, Claim):
                    self._claims += 1
                    return claim, asked
                if claim.seconds > SHORT_HOLD:
                    return None
                if claim.pace.everywhere:
                    await asyncio.sleep(claim.seconds)
            if not claim.pace.everywhere:
                await asyncio.sleep(claim.seconds)

    async def _deliver(self, claim: Claim, asked: float) -> Settled:
        verdict = await self._judge.judge(claim, asked)
        delivery = claim.delivery
        settled = await asyncio.to_thread(self._outbox.settle, claim, verdict)
        self._beat()
        metrics.settled(delivery, verdict.state, (clock() - delivery.due).total_seconds())
        self.sent += verdict.state == "sent" and delivery.kind != "edit"
        log.info(
            "delivery",
            delivery=delivery.id,
            channel=str(delivery.destination),
            kind=delivery.kind,
            state=verdict.state,
            detail=verdict.detail,
        )
        if settled is Settled.SUSPENDED:
            await asyncio.to_thread(
                self._closures.tell_owners, delivery.destination, verdict.suspends, str(claim.token)
            )
        return settled
