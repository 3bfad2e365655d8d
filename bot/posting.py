"""The outbox's sender: one long-lived process a platform, one delivery in flight a channel.

    claim ──► (was unknown: look for the message first) ──► post ──► settle

What a platform says is one of four: a receipt (sent), wait (pending again), never (dead), or nothing that can be
relied on (unknown: looked for before it is posted again). The stores are synchronous, so every call to them leaves the
event loop for a thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from papers.errors import Rejected, RetryAfter, StoreError, Unknown
from papers.model import DeliveryState, Destination, Platform, Receipt
from papers.ports import Archive, Poster
from papers.stores.outbox import Claim, Outbox

LEASE = 60.0
"""Seconds a claim is good for."""

POST_TIMEOUT = 30.0
"""Seconds for one post: well within the lease, so that nobody else claims what is still on its way."""

LOOK_AGAIN = 5.0
"""Seconds before a delivery whose fate is unknown is looked for."""

IDLE = 0.25
"""Seconds between two looks at an empty outbox: what instant channels wait for at most."""

IN_FLIGHT = 64
"""Channels served at the same time."""

AWAY = 2.0
"""Seconds between two attempts to reach a server that is away."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write down about a claim: arguments of `Outbox.settle`."""

    state: DeliveryState
    message: str = ""
    detail: str = ""
    wait: float = 0.0


class Sender:
    """Posts what one platform's outbox holds."""

    def __init__(self, platform: Platform, outbox: Outbox, archive: Archive, poster: Poster) -> None:
        self._platform = platform
        self._outbox = outbox
        self._archive = archive
        self._poster = poster
        self._serving: set[Destination] = set()
        self._sent = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; a server that is away is waited for, and said once."""
        away = False
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                try:
                    await self._start(tasks)
                    away = False
                except StoreError as error:
                    if not away:
                        log.error("the outbox is out of reach", error=str(error))  # noqa: TRY400 - no traceback: it is expected
                    away = True
                with_timeout = asyncio.wait_for(stop.wait(), AWAY if away else IDLE)
                try:
                    await with_timeout
                except TimeoutError:
                    continue

    async def drain(self) -> int:
        """Send everything that may be sent now; how many messages that was."""
        before = self._sent
        while True:
            async with asyncio.TaskGroup() as tasks:
                if not await self._start(tasks):
                    return self._sent - before

    async def _start(self, tasks: asyncio.TaskGroup) -> int:
        """A task for every channel that has something to send and is not being served."""
        ready = await asyncio.to_thread(self._outbox.ready, self._platform)
        idle = [one for one in ready if one not in self._serving][: IN_FLIGHT - len(self._serving)]
        for destination in idle:
            self._serving.add(destination)
            tasks.create_task(self._serve(destination))
        return len(idle)

    async def _serve(self, destination: Destination) -> None:
        try:
            while claim := await asyncio.to_thread(self._outbox.claim, destination, LEASE):
                await self._deliver(claim)
        except StoreError as error:
            log.warning("a claim was left to its lease", channel=str(destination), error=str(error))
        finally:
            self._serving.discard(destination)

    async def _deliver(self, claim: Claim) -> None:
        verdict = await self._judge(claim)
        delivery = claim.delivery
        log.info(
            "delivery", id=delivery.id, channel=str(delivery.destination), state=verdict.state, detail=verdict.detail
        )
        self._sent += verdict.state == "sent"
        await asyncio.to_thread(
            self._outbox.settle, claim, verdict.state, message=verdict.message, detail=verdict.detail, wait=verdict.wait
        )

    async def _judge(self, claim: Claim) -> Verdict:
        if claim.was == "unknown":
            try:
                found = await asyncio.wait_for(self._poster.find(claim.delivery), POST_TIMEOUT)
            except Exception as error:  # noqa: BLE001 - not knowing is no proof of absence, whatever the reason
                wait = error.seconds if isinstance(error, RetryAfter) else LOOK_AGAIN
                return Verdict("unknown", detail=f"cannot be looked for: {error}", wait=wait)
            if found:
                return Verdict("sent", message=found.message_id)
        return await self._attempt(claim)

    async def _attempt(self, claim: Claim) -> Verdict:
        try:
            receipt = await asyncio.wait_for(self._post(claim), POST_TIMEOUT)
        except RetryAfter as error:
            return Verdict("pending", detail=str(error), wait=error.seconds)
        except Rejected as error:
            return Verdict("dead", detail=error.reason)
        except (Unknown, TimeoutError) as error:
            return Verdict("unknown", detail=str(error) or "no answer in time", wait=LOOK_AGAIN)
        except StoreError as error:
            return Verdict("pending", detail=str(error), wait=AWAY)
        except Exception as error:  # whatever a poster did before it broke, the message may be out
            log.exception("a poster broke", id=claim.delivery.id)
            return Verdict("unknown", detail=repr(error), wait=LOOK_AGAIN)
        return Verdict("sent", message=receipt.message_id)

    async def _post(self, claim: Claim) -> Receipt:
        delivery = claim.delivery
        wanted = [*(item.paper for item in delivery.items), *delivery.abstracts]
        papers = await asyncio.to_thread(self._archive.get, wanted)
        return await self._poster.post(delivery, papers, claim.thread)
