"""The clean job: what was kept long enough is let go of, a bounded step at a time.

    workspaces that left ──► feeds that nobody reads ──► once a day: closed channels, and old papers if they are to go

Nothing here is urgent, so it ends when its time is over, and goes on the next time: what is done is not found again.
Most of what goes away has an expiry in the server, and is none of this module's business. docs/data.md has the table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from papers.keep_settings import KeepSettings
from papers.stores.channels import ChannelStore
from papers.stores.coverage import CoverageStore
from papers.stores.departures import Departures
from papers.stores.expiry import Expiry
from papers.stores.marks import Marks
from papers.stores.outbox import Outbox
from papers.stores.removal import Removal
from papers.workspace import Workspace

BUDGET = 10.0
"""Seconds that one run may take: matching waits for it."""

CLEANED = "cleaned"
"""The mark of the day on which closed channels and old papers were all looked at."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept; `papers` None: for ever."""

    left: timedelta
    closed: timedelta
    papers: timedelta | None = None

    @classmethod
    def of(cls, settings: KeepSettings) -> Keeping:
        """As the settings say."""
        papers = settings.paperboy_keep_papers_days
        return cls(
            left=timedelta(days=settings.paperboy_keep_left_days),
            closed=timedelta(days=settings.paperboy_keep_closed_days),
            papers=None if papers is None else timedelta(days=papers),
        )


@dataclass(frozen=True)
class Cleaner:
    """Lets go of what was kept long enough. `wanted`: sources that are polled whoever subscribes to them."""

    keeping: Keeping
    departures: Departures
    removal: Removal
    expiry: Expiry
    channels: ChannelStore
    outbox: Outbox
    coverage: CoverageStore
    marks: Marks
    wanted: Collection[str]
    monotonic: Callable[[], float] = time.monotonic

    def run(self, now: datetime) -> None:
        """Do what is due, as far as time allows."""
        for workspace in self.departures.until(now - self.keeping.left):
            self._remove(workspace)
        gone = self.expiry.forget_sources(now - self.keeping.closed, {*self.wanted, *self.channels.feeds()})
        if gone:
            log.info("forgotten", feeds=len(gone))
        if self.marks.get(CLEANED) != (today := f"{now:%Y-%m-%d}") and self._daily(now):
            self.marks.put(CLEANED, today)

    def _remove(self, workspace: Workspace) -> None:
        """Remove a workspace, unless it is in use, whatever was told of it, and nobody ordered it."""
        if not self.departures.is_ordered(workspace) and self._is_in_use(workspace):
            self.departures.forget(workspace)
            return
        removed = self.removal.run(workspace)
        if removed.whole:
            log.info("audit", what="workspace deleted", workspace=str(workspace), by="time", channels=removed.channels)

    def _is_in_use(self, workspace: Workspace) -> bool:
        """Whether a channel of it is open again: somebody resumed it, or subscribed in one that was not known."""
        known = self.channels.subscribed(self.channels.of_workspace(workspace.platform, workspace.name))
        return any(self.outbox.suspended(one) is None for one in known)

    def _daily(self, now: datetime) -> bool:
        """Go through closed channels and old papers; whether there was time for all of them."""
        ends = self.monotonic() + BUDGET
        work = [("given up in closed channels", self.expiry.close_down(now, now - self.keeping.closed))]
        if self.keeping.papers is not None:
            model = self.coverage.get().model
            work.append(("papers that left the archive", self.expiry.prune(now - self.keeping.papers, model)))
            work.append(("their other ids", self.expiry.drop_aliases()))
        for what, steps in work:
            done = 0
            for some in steps:
                done += some
                if self.monotonic() >= ends:
                    log.info("cleaned", what=what, count=done, more_to_come=True)
                    return False
            if done:
                log.info("cleaned", what=what, count=done)
        return True
