"""The sweeper: looks at what is due in Redis and rings RQ's bells for it.

It decides nothing about papers. Any number of sweepers may run: a bell rung twice finds nothing to do the second time,
and each is only rung once in a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from papers.errors import StoreError
from papers.matching.shards import Shard
from papers.pulse import Beat, unwatched
from papers.stores.channels import ChannelStore
from papers.stores.coverage import CoverageStore
from papers.stores.inbox import Inbox
from papers.stores.papers import PaperStore
from papers.stores.server import Server
from papers.stores.sources import SourceStore
from workers.bells import ring

EVERY = 0.5
"""Seconds between two looks."""

AGAIN = 5.0
"""Seconds before a bell is rung again for work that is still there: a lost job costs no more than this."""

POLLED = 1.0
"""Seconds before the bell for sources is rung again: it only has the poller look."""

HANGS = 120.0
"""Seconds after which a sweeper that has not looked hangs: the stores give up sooner."""

HOURLY = 3600.0
"""Seconds before the bell for what was kept long enough is rung again."""

SELDOM = 60.0
"""Seconds before the bell for papers that rose is rung again: a source tells of many at once, and none is urgent."""

log = structlog.get_logger()


@dataclass
class Sweeper:
    """Rings for what is due."""

    server: Server
    configured: tuple[str, ...]
    sources: SourceStore
    papers: PaperStore
    channels: ChannelStore
    inbox: Inbox
    coverage: CoverageStore
    clock: Callable[[], datetime]
    shards: int = 1
    beat: Beat = unwatched
    _settled: str | None = field(default=None, init=False)

    def sweep(self) -> list[str]:
        """One look; the bells that were rung."""
        now = self.clock()
        self._settle(now)
        rung = [self._ring("fetch", again=POLLED)] if self.sources.due(now, 1) else []
        shards = (Shard(number, self.shards) for number in range(1, self.shards + 1))
        rung += [self._ring("match", shard=shard.number) for shard in shards if self.papers.unmatched(1, shard)]
        next_due = self.inbox.next_due()
        if next_due is not None and next_due <= now:
            rung.append(self._ring("plan"))
        if self.papers.risen(1):
            rung.append(self._ring("revise", again=SELDOM))
        if self.coverage.get().lags(self.papers.newest_change()):
            rung.append(self._ring("embed"))
        rung.append(self._ring("clean", again=HOURLY))
        return [bell for bell in rung if bell]

    def _settle(self, now: datetime) -> None:
        """Poll what is subscribed to; looked at again when any channel's subscriptions changed."""
        last = self.channels.last_change()
        if last != self._settled:
            self.sources.settle_on([*self.configured, *self.channels.feeds()], now)
            self._settled = last

    def _ring(self, job: str, *arguments: str, again: float = AGAIN, shard: int = 1) -> str:
        bell = " ".join([job, *arguments, *([str(shard)] if shard > 1 else [])])
        if not self.sources.ring(bell, again):
            return ""
        ring(job, *arguments, connection=self.server.raw, shard=shard)
        return bell

    def run(self, stop: threading.Event) -> None:
        """Sweep until `stop`; a server that is away is waited for, and said once."""
        away = False
        while not stop.wait(EVERY):
            self.beat()
            try:
                self.sweep()
                away = False
            except StoreError as error:
                if not away:
                    log.error("the sweeper cannot reach its server", error=str(error))  # noqa: TRY400 - expected
                away = True
