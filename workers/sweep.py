"""The sweeper: looks at what is due in Redis and rings RQ's bells for it.

It decides nothing about papers. Any number of sweepers may run: a bell rung twice finds nothing to do the second time,
and each is only rung once in a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from papers.errors import StoreError
from papers.stores.channels import ChannelStore
from papers.stores.inbox import Inbox
from papers.stores.papers import PaperStore
from papers.stores.server import Server
from papers.stores.sources import SourceStore
from workers.bells import ring

EVERY = 0.5
"""Seconds between two looks."""

AGAIN = 5.0
"""Seconds before a bell is rung again for work that is still there: a lost job costs no more than this."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Sweeper:
    """Rings for what is due."""

    server: Server
    configured: tuple[str, ...]
    sources: SourceStore
    papers: PaperStore
    channels: ChannelStore
    inbox: Inbox
    clock: Callable[[], datetime]

    def sweep(self) -> list[str]:
        """One look; the bells that were rung."""
        now = self.clock()
        self.sources.settle_on([*self.configured, *self.channels.feeds()], now)
        rung = [self._ring("fetch", name) for name in self.sources.due(now)]
        if self.papers.unmatched(1):
            rung.append(self._ring("match"))
        next_due = self.inbox.next_due()
        if next_due is not None and next_due <= now:
            rung.append(self._ring("plan"))
        return [bell for bell in rung if bell]

    def _ring(self, job: str, *arguments: str) -> str:
        bell = " ".join([job, *arguments])
        if not self.sources.ring(bell, AGAIN):
            return ""
        ring(job, *arguments, connection=self.server.raw)
        return bell

    def run(self, stop: threading.Event) -> None:
        """Sweep until `stop`; a server that is away is waited for, and said once."""
        away = False
        while not stop.wait(EVERY):
            try:
                self.sweep()
                away = False
            except StoreError as error:
                if not away:
                    log.error("the sweeper cannot reach its server", error=str(error))  # noqa: TRY400 - expected
                away = True
