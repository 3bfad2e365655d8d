"""Telling people that their channel is closed to Paperboy, once, where they can still be reached. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from papers.model import Delivery, Destination, Heading

PERSONAL = "@"
"""A channel's name that begins so is a user's direct messages."""


def personal(destination: Destination, user: str) -> Destination:
    """A user's direct messages, on the channel's platform and in its workspace."""
    return Destination(destination.platform, destination.workspace, f"{PERSONAL}{user}")


def suspension_notices(failed: Delivery, reason: str, owners: Sequence[str], now: datetime) -> list[Delivery]:
    """A notice for each owner of a channel that was suspended at this delivery.

    Its id follows from the delivery that failed, so that nobody is told twice of one suspension. Notices about a
    notice are not made: whose direct messages are closed cannot be told.
    """
    channel = failed.destination.channel
    if channel.startswith(PERSONAL):
        return []
    note = f"nothing can be posted to {channel} any more ({reason}); its subscriptions are kept: mend it, then `resume`"
    return [
        Delivery(
            id=hashlib.sha256(f"{failed.id}|suspended|{owner}".encode()).hexdigest()[:24],
            destination=personal(failed.destination, owner),
            kind="notice",
            heading=Heading(day=now.date(), total=0, note=note),
            due=now,
        )
        for owner in owners
    ]
