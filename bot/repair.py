"""Channels that are closed to Paperboy: suspended, never forgotten, and their owners told once, where that can be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import token_hex

import structlog

from papers import metrics
from papers.model import Delivery, Destination, Heading, Platform
from papers.ports import Channels
from papers.stores.outbox import Outbox

PERSONAL = "@"
"""A channel's name that begins so is a user's direct messages."""

log = structlog.get_logger()


def personal(destination: Destination, user: str) -> Destination:
    """A user's direct messages, on the channel's platform and in its workspace."""
    return Destination(destination.platform, destination.workspace, f"{PERSONAL}{user}")


def suspension_notices(
    destination: Destination, reason: str, cause: str, owners: Sequence[str], now: datetime
) -> list[Delivery]:
    """A notice for each owner of a channel that was suspended.

    Its id follows from the cause (the token of the claim that failed, or of an event), so that nobody is told twice of
    one suspension. Notices about a notice are not made: whose direct messages are closed cannot be told.
    """
    channel = destination.channel
    if channel.startswith(PERSONAL):
        return []
    closed = f"nothing can be posted to {channel} any more ({reason})"
    note = f"{closed}; its subscriptions are kept: mend it, then /papers resume"
    return [
        Delivery(
            id=hashlib.sha256(f"{cause}|suspended|{owner}".encode()).hexdigest()[:24],
            destination=personal(destination, owner),
            kind="notice",
            heading=Heading(day=now.date(), total=0, note=note, about=channel),
            due=now,
        )
        for owner in owners
    ]


class Closures:
    """Closes channels and opens them again, as their platform tells."""

    def __init__(self, outbox: Outbox, channels: Channels, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._channels = channels
        self._clock = clock

    def close(self, destination: Destination, reason: str) -> bool:
        """Suspend a channel and tell its owners; False, and nobody is told, if it was suspended already."""
        cause = token_hex()
        closed = self._outbox.suspend(destination, reason, cause)
        if closed:
            self.tell_owners(destination, reason, cause)
        return closed

    def tell_owners(self, destination: Destination, reason: str, cause: str) -> None:
        """Tell whoever made the channel's subscriptions that it was suspended; once for each cause."""
        log.error("a channel is suspended", channel=str(destination), reason=reason)
        metrics.suspended(destination.platform)
        owners = {one.created_by for one in self._channels.subscriptions(destination)} - {""}
        now = self._clock()
        for notice in suspension_notices(destination, reason, cause, sorted(owners), now):
            if self._outbox.suspended(notice.destination) is None:  # else it would lie there until it is no news
                self._outbox.put([notice], now)

    def open(self, destination: Destination) -> bool:
        """Post to a suspended channel again; False if it was not suspended."""
        return self._outbox.unsuspend(destination, self._clock())

    def knows(self, destination: Destination) -> bool:
        """Whether the channel has anything that could be posted to it."""
        return bool(self._channels.subscriptions(destination))

    def close_all(self, platform: Platform, workspace: str, reason: str) -> int:
        """Suspend every channel of a workspace that is closed to us as a whole, so that nobody there can be told.

        How many were open until then.
        """
        channels = self._channels.of_workspace(platform, workspace)
        return sum(self._outbox.suspend(one, reason, token_hex()) for one in channels)

    def open_all(self, platform: Platform, workspace: str) -> int:
        """Post to a workspace's channels again; how many were suspended."""
        return sum(map(self.open, self._channels.of_workspace(platform, workspace)))
