"""Feeds that are given up: every channel that subscribed to one is told, once.

Nobody's subscription is removed because its feed fails: a feed that comes back brings its papers again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from papers.model import Delivery, Heading, Subscription
from papers.ports import Channels
from papers.stores.outbox import Outbox
from papers.text import clean, shorten
from papers.trouble import Trouble
from papers.wording.sources import bare_url
from papers.wording.subscriptions import trouble_text

NAMED = 200
"""Characters of a feed's address that a notice shows."""


@dataclass(frozen=True)
class Notifier:
    """Tells channels of a feed that was given up."""

    channels: Channels
    outbox: Outbox

    def tell(self, feed: str, trouble: Trouble, series: str, now: datetime) -> int:
        """Tell every channel that can be told; how many were. `series` names the failures that led to it.

        A channel that is paused or suspended is not posted to; its `list` says what is wrong.
        """
        told = 0
        for notice in notices(feed, trouble, self.channels.subscribers(feed), series, now):
            here = notice.destination
            if not self.channels.channel(here).paused and self.outbox.suspended(here) is None:
                told += self.outbox.put([notice], now)
        return told


def notices(
    feed: str, trouble: Trouble, subscriptions: Iterable[Subscription], series: str, now: datetime
) -> list[Delivery]:
    """One notice for each channel, which offers to try the feed again by the first of its subscriptions to it.

    Its id follows from the feed and the series: however often a worker dies before the pause is written down, nobody
    is told twice.
    """
    ordered = sorted(subscriptions, key=lambda one: (str(one.destination), one.number))
    return [
        _notice(feed, trouble, next(standing), f"{here}|gave up|{feed}|{series}", now)
        for here, standing in groupby(ordered, key=lambda one: one.destination)
    ]


def _notice(feed: str, trouble: Trouble, first: Subscription, cause: str, now: datetime) -> Delivery:
    state = f"the feed {shorten(clean(bare_url(feed)), NAMED)} is {trouble_text(trouble)}"
    note = f"{state}; subscription #{first.number} is kept, /papers repair {first.number} tries it again"
    return Delivery(
        id=hashlib.sha256(cause.encode()).hexdigest()[:24],
        destination=first.destination,
        kind="notice",
        heading=Heading(day=now.date(), total=0, note=note, repair=first.number),
        due=now,
    )
