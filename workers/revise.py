"""The revise job: every message that shows a paper which rose much is edited.

    risers ──► messages that show them ──► an edit each, into the outbox ──► only then: forget the risers

A worker that dies in between leaves its risers where they were; the same edits are made again, under the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from papers import metrics
from papers.revising import edits
from papers.stores.edits import Edits
from papers.stores.papers import PaperStore

BATCH = 20
"""Risers taken at a time: each may stand in thousands of channels."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Reviser:
    """Has cards edited whose papers rose."""

    papers: PaperStore
    edits: Edits

    def run(self, now: datetime) -> int:
        """Put edits until no paper has risen that was not looked at; how many."""
        put = 0
        while risers := self.papers.risen(BATCH):
            put += self.edits.put(edits(self.edits.showing(risers), now))
            self.papers.revised(risers)
        if put:
            log.info("revised", edits=put)
            metrics.edits_planned(put)
        return put
