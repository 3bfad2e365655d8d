"""Summaries of what is to be posted, made by a language model between matching and planning, if one is set up.

    papers matched ──► those without a summary ──► threads: claim ──► ask ──► clean ──► into the paper
                                └──► planning waits for them, SUMMARY_TIMEOUT seconds at most

A post never waits longer and never fails of it: it shows what its paper has by then, else sentences of the abstract.
What was not asked for in time is asked for behind, most wanted first, for channels that are posted to later. Nobody
asks twice about a text, beyond the day's budget, or while the endpoint rests after failures: `papers.stores.summaries`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from papers import metrics
from papers.errors import PaperboyError, SourceError, SourceLimited
from papers.generated import presentable
from papers.model import Paper
from papers.sources.completions import Completions
from papers.stores.papers import PaperStore
from papers.stores.summaries import Claim, Known, SummaryStore
from papers.summary import LIMIT

AT_ONCE: Final = 4
"""Questions at a time: models on a machine of one's own answer few at once."""

WAITING: Final = 500
"""Papers that wait at most; of more, the least wanted go without."""

log = structlog.get_logger()


class SummaryStage:
    """Asks for summaries in threads of its own, which end with the process."""

    def __init__(
        self,
        papers: PaperStore,
        summaries: SummaryStore,
        completions: Completions,
        clock: Callable[[], datetime],
        timeout: float,
    ) -> None:
        self._papers = papers
        self._summaries = summaries
        self._completions = completions
        self._clock = clock
        self._timeout = timeout
        self._waiting: dict[str, Paper] = {}
        self._asking: set[str] = set()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def run(self, wanted: Sequence[str]) -> bool:
        """Have these papers summarised, most wanted first; whether that was settled, one way or the other, in time."""
        lacking = {one.id: one for one in self._papers.get(wanted).values() if lacks(one)}
        if not lacking:
            return True
        with self._changed:
            waiting = {**lacking, **self._waiting}
            self._waiting = {one: waiting[one] for one in list(waiting)[:WAITING]}
            self._start()
            self._changed.notify_all()
            return self._changed.wait_for(lambda: lacking.keys().isdisjoint(self._unsettled()), self._timeout)

    def _unsettled(self) -> set[str]:
        return {*self._waiting, *self._asking}

    def _start(self) -> None:
        while len(self._threads) < AT_ONCE:
            self._threads.append(threading.Thread(target=self._work, name="summariser", daemon=True))
            self._threads[-1].start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                paper = self._waiting.pop(next(iter(self._waiting)))
                self._asking.add(paper.id)
            try:
                self._settle(paper)
            except PaperboyError as error:
                log.warning("a summary was left", paper=paper.id, error=str(error))
            except Exception:  # a thread that ended would leave the next papers waiting
                log.exception("a summary was left", paper=paper.id)
            finally:
                with self._changed:
                    self._asking.discard(paper.id)
                    self._changed.notify_all()

    def _settle(self, paper: Paper) -> None:
        match self._summaries.claim(paper, self._clock(), self._timeout):
            case Claim() as claim:
                text = self._ask(paper, claim)
            case Known(text):
                metrics.summarised("known")
            case "asked":
                return
            case "rest" | "spent" as refusal:
                metrics.summarised("spent" if refusal == "spent" else "resting")
                with self._changed:
                    self._waiting.clear()
                return
        if text:
            self._papers.write_summary(paper.id, paper.abstract, (text, self._completions.model))

    def _ask(self, paper: Paper, claim: Claim) -> str:
        """What the model says of a paper, as it may be shown; "" for nothing."""
        try:
            said = self._completions.summarise(paper, self._timeout)
        except SourceError as error:
            wait = error.retry_after if isinstance(error, SourceLimited) else None
            rests = self._summaries.failed(claim, wait)
            metrics.summarised("failed")
            log.warning("no summary", paper=paper.id, error=str(error), rests=rests)
            return ""
        text = presentable(said, paper) or ""
        self._summaries.told(claim, text)
        metrics.summarised("told" if text else "useless")
        if not text:
            log.warning("no summary", paper=paper.id, error="the model said nothing that can be shown")
        return text


def lacks(paper: Paper) -> bool:
    """Whether a summary would be news: there is none yet, and the abstract is longer than a card's lines."""
    return not paper.ai_summary and paper.generated is None and len(paper.abstract) > LIMIT
