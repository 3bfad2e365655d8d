"""What becomes of one claimed delivery: looked for if it may be out already, else posted; in a verdict either way.

    was unknown? ── look ──► found: sent │ cannot look now: unknown │ can never look: parked │ absent: post
    post ──► receipt: sent │ wait: pending │ refused: dead │ channel closed to us: pending, suspended │ else unknown

An edit is not looked for, as making it again does no harm; whatever refuses it, the channel's posts are not concerned.

Nothing is written here: the sender settles.

Time limits are `asyncio.timeout`, not `wait_for`, which before Python 3.12 lets its task take another step where its
result and the time limit are due at once, as they are when a stopped process goes on. That step could be the post.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from papers import metrics
from papers.errors import Rejected, RetryAfter, StoreError, Unknown, Unverifiable
from papers.model import Delivery, Destination, Paper, Receipt
from papers.planning import if_late
from papers.ports import Archive, Poster
from papers.stores.outbox import Claim, Verdict
from papers.wiring import clock

LEASE = 60.0
"""Seconds a claim is good for."""

POST_TIMEOUT = 25.0
"""Seconds for one post, or for one look."""

LOOK_AFTER = 5.0
"""Seconds before a delivery whose fate is unknown is looked for."""

LOOK_AGAIN = 5.0
"""Seconds before it is looked for again, where looking failed."""

TRY_AGAIN = 2.0
"""Seconds before a delivery that certainly did not go out is tried again."""

EDIT_TRIES = 10
"""Times that an edit is tried: the card is up, and its next edit will show as much."""

log = structlog.get_logger()


class Judge:
    """Posts claims by one platform's poster.

    Attributes:
        lease: seconds that a claim is good for: enough for a look, a post, and then `look_after`, since whoever finds
            that it ran out looks at once. Raises ValueError if it is shorter.
        timeout: seconds for one post, and for one look.
        look_after: seconds from a post until the platform's history shows it for certain: only then its absence proves
            anything.
        now: the time, by which a post that comes late says so.
        verify: off only to show that a test of delivery bites: without looking, messages double.
    """

    def __init__(
        self,
        archive: Archive,
        poster: Poster,
        *,
        lease: float = LEASE,
        timeout: float = POST_TIMEOUT,
        look_after: float = LOOK_AFTER,
        now: Callable[[], datetime] = clock,
        verify: bool = True,
    ) -> None:
        if lease < 2 * timeout + look_after:
            raise ValueError(f"a lease of {lease:g} s is too short for a look, a post and {look_after:g} s to wait")
        self._archive = archive
        self._poster = poster
        self._now = now
        self._verify = verify
        self._timeout = timeout
        self._look_after = look_after
        self.lease = lease

    async def judge(self, claim: Claim, asked: float) -> Verdict:
        """Post a claim that was asked for at `asked` (time.monotonic()); never raises."""
        deadline = asked + self.lease - self._look_after - self._timeout
        if claim.was == "unknown" and self._verify and claim.delivery.kind != "edit":
            looked = await self._look(claim)
            if looked is not None:
                return looked
        if time.monotonic() > deadline:  # we slept: the lease might not outlast the post
            return Verdict("unknown", detail="the lease was nearly over")
        return await self._attempt(claim)

    async def _look(self, claim: Claim) -> Verdict | None:
        """The verdict that looking gives, or None if the message is certainly absent."""
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._poster.find(claim.delivery, self._thread(claim))
        except Unverifiable as error:
            return Verdict("parked", detail=f"possibly sent: {error}")
        except RetryAfter as error:
            return Verdict("unknown", detail=f"not looked for yet: {error}", wait=error.seconds)
        except Exception as error:  # noqa: BLE001 - not knowing is no proof of absence, whatever the reason
            return Verdict("unknown", detail=f"not looked for yet: {error!r}", wait=LOOK_AGAIN)
        return Verdict("sent", message=found.message_id) if found else None

    async def _attempt(self, claim: Claim) -> Verdict:
        try:
            async with asyncio.timeout(self._timeout):
                receipt = await self._post(claim)
        except RetryAfter as error:
            held = scope_of(claim.delivery.destination, error.scope)
            return Verdict("pending", detail=str(error), wait=error.seconds, holds=held)
        except Rejected as error:
            return _refused(claim.delivery, error)
        except (Unknown, TimeoutError) as error:
            return Verdict("unknown", detail=str(error) or "no answer in time", wait=self._look_after)
        except StoreError as error:  # raised before the poster was asked
            return Verdict("pending", detail=str(error), wait=TRY_AGAIN)
        except Exception as error:  # whatever a poster did before it broke, the message may be out
            log.exception("a poster broke", delivery=claim.delivery.id)
            return Verdict("unknown", detail=repr(error), wait=self._look_after)
        return Verdict("sent", message=receipt.message_id)

    async def _post(self, claim: Claim) -> Receipt:
        if claim.delivery.kind == "edit":
            return await self._edit(claim)
        papers = await self._papers(claim.delivery)
        with metrics.posting(claim.delivery.destination.platform):
            return await self._poster.post(if_late(claim.delivery, self._now()), papers, self._thread(claim))

    async def _edit(self, claim: Claim) -> Receipt:
        posted = claim.edits
        if posted is None or claim.tries > EDIT_TRIES:
            raise Rejected("there is no such message" if posted is None else f"given up after {EDIT_TRIES} attempts")
        papers = await self._papers(posted.delivery)
        await self._poster.edit(if_late(posted.delivery, posted.at), papers, posted.message, posted.thread)
        return Receipt(posted.message, self._now())

    async def _papers(self, delivery: Delivery) -> Mapping[str, Paper]:
        wanted = [*(item.paper for item in delivery.items), *delivery.abstracts]
        return await asyncio.to_thread(self._archive.get, wanted) if wanted else {}

    @staticmethod
    def _thread(claim: Claim) -> str | None:
        return None if claim.delivery.flat else claim.thread


def _refused(delivery: Delivery, error: Rejected) -> Verdict:
    """What a channel that is closed to us refused waits for it to open; what is refused for itself is dead.

    A notice waits for nothing: it speaks of its hour. Nor does it suspend the direct messages that it goes to, as
    nobody could be told of it, and without a subscription there nobody would ever open them again. An edit that is
    refused is no proof that a post would be.
    """
    if error.suspends and delivery.kind not in {"notice", "edit"}:
        return Verdict("pending", detail=error.reason, suspends=error.reason)
    return Verdict("dead", detail=error.reason)


def scope_of(destination: Destination, scope: str) -> str:
    """The name of a pace's scope: `slack`, `slack:T1`, the channel's own, or "" for a single message."""
    if scope == "message":
        return ""
    if scope == "platform":
        return destination.platform
    return f"{destination.platform}:{destination.workspace}" if scope == "workspace" else str(destination)
