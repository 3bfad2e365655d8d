"""How many feeds a workspace may have Paperboy poll, and try: each costs requests, and its entries room in the archive.

A channel's subscriptions are limited where they are stored, commands a minute where they are heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from papers.errors import QuotaError
from papers.model import Destination
from papers.ports import Channels
from papers.services.mailing import Allowance

TRIED_A_DAY: Final = 50
"""Feeds that nobody reads yet and a workspace tries in a day: what a preview reads is kept, up to 500 entries each."""

DAY: Final = 86_400.0

HOUR: Final = 3600.0

NO_WORKSPACE: Final = "@me"
"""What stands for one in direct messages on Discord, which strangers share: each of them is counted alone."""


def payer(here: Destination) -> str:
    """Whose allowance is used where that is a workspace's."""
    return str(here) if here.workspace == NO_WORKSPACE else f"{here.platform}:{here.workspace}"


@dataclass(frozen=True)
class FeedLimits:
    """Of each workspace. Whoever sits at the terminal is the operator, and has none.

    Attributes:
        most: different feeds that a workspace's channels may be subscribed to, all together.
    """

    channels: Channels
    spend: Allowance
    most: int

    def room(self, here: Destination, feed: str) -> None:
        """Raises QuotaError where this feed would be one too many.

        Channels that subscribe in the same instant may go past the limit by one each: it bounds costs, and is no right.
        """
        if here.platform == "terminal" or here.workspace == NO_WORKSPACE:  # one channel's own limit is enough there
            return
        read = self.channels.feeds_of_workspace(here.platform, here.workspace)
        if feed not in read and len(read) >= self.most:
            advice = "`unsubscribe` from one that brings little, or ask whoever runs Paperboy to raise the limit"
            raise QuotaError(f"this workspace reads {self.most} feeds already", advice=advice)

    def trial(self, here: Destination, feed: str) -> None:
        """Count one more feed that is tried, if nobody reads it yet. Raises QuotaError, also as `room` does."""
        self.room(here, feed)
        if here.platform == "terminal" or feed in self.channels.feeds():
            return
        wait = self.spend(f"feeds tried by {payer(here)}", TRIED_A_DAY, DAY)
        if wait:
            again = f"try again in {ceil(wait / HOUR)} h"
            raise QuotaError("this workspace tried many new feeds today", advice=again)
