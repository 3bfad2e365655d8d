"""Feeds that moved for good: their subscriptions move along, and nobody is posted anything twice, or misses anything.

    nothing of the old address waits to be matched ──► read both addresses ──► do they show the same, and nothing new?
    ──► it has all arrived at the new address ──► each subscription moves; one that the channel has there goes

Whatever is in the way, the next poll tries again: until then redirects are followed, so nothing is lost by waiting. A
worker that dies in between has moved some; the next poll moves the others.

When a redirect is believed to be for good is decided in `papers.sources.feed_cursor`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from papers.errors import NotFoundError, SourceError, TwinError, UsageError
from papers.model import Digest, Subscription
from papers.ports import Source
from papers.services.intake import take_in
from papers.stores.channels import ChannelStore
from papers.stores.papers import PaperStore

log = structlog.get_logger()


@dataclass(frozen=True)
class Mover:
    """Moves subscriptions from one address to another.

    Attributes:
        source: a feed by its address. Raises SourceForbidden for one that is never fetched.
        turn: where the second address is on another host than the first, whose turn it is already, that one's turn.
            Raises SourceUnreachable if it does not come.
    """

    channels: ChannelStore
    papers: PaperStore
    source: Callable[[str], Source]
    turn: Callable[[str, str], AbstractContextManager[None]]
    clock: Callable[[], datetime]

    def move(self, old: str, new: str) -> int:
        """Move every subscription to `old`, whose host's turn it is, if all stands as it must; how many were moved."""
        if old.startswith("https:") and not new.startswith("https:"):
            log.warning("a feed is not moved to where everybody could change it on its way", source=old, to=new)
            return 0
        if self.papers.awaits(old):
            return 0
        try:
            before = self._read(old)
            with self.turn(old, new):
                after = self._read(new)
        except SourceError as error:
            log.warning("a feed that moved cannot be read where it is now", source=old, to=new, error=str(error))
            return 0
        saved = take_in(self.papers, before, scope=old, announce=True, now=self.clock())
        if saved.new or _shown(before) != _shown(after):
            return 0
        now = self.clock()
        take_in(self.papers, after, scope=new, announce=True, now=now)  # for those who are there already
        later = now + timedelta(milliseconds=1)  # those who come have had it, at the old address
        moved = sum(self._moved(one, new, later) for one in list(self.channels.subscribers(old)))
        log.info("a feed moved", source=old, to=new, subscriptions=moved)
        return moved

    def _read(self, url: str) -> Digest:
        return self.source(url).fetch(None) or Digest(url, None, (), "")

    def _moved(self, one: Subscription, new: str, since: datetime) -> bool:
        """Move one, for what arrives there since; False if its owner changed or removed it meanwhile: that stands."""
        there = replace(one, want=replace(one.want, feed=new), created_at=since)
        try:
            self.channels.change(there, one)
        except TwinError:
            self._drop(one)
        except UsageError:
            return False
        return True

    def _drop(self, one: Subscription) -> None:
        try:
            self.channels.remove(one)
        except NotFoundError:
            log.info("a subscription was removed while its feed moved", channel=str(one.destination))


def _shown(digest: Digest) -> set[tuple[str, str]]:
    """What a feed shows: ids may differ between hosts, for many are unique on their own only."""
    return {(paper.title, paper.abstract) for paper in digest.papers}
