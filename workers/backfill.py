"""Fills the archive from a source's past, a day at a time: the fetch stage's sibling, run by hand.

    newest day not done ──► lease ──► fetch, again and again if it fails ──► store every paper ──► only then: note it

What comes so is news to nobody: it is in the archive as if no source had told of it yet, so a poll that lists one of
its papers for the first time announces it as ever, and no order of polls and backfills loses a post or makes one.
(A paper that was announced lately, and is told better now, is matched again: as at any other telling of it.)

Killed at any moment, it goes on without a gap: the day it was at is asked for again, and its papers are known. Two at
once share the days; the one that somebody else is at comes last, and is asked for if it is still missing then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from papers.errors import SourceError, SourceLimited
from papers.model import Digest
from papers.ports import Past
from papers.services.intake import take_in
from papers.stores.backfills import BackfillStore, Listed
from papers.stores.papers import PAST, PaperStore
from workers.past import GIVE_UP, LONGEST_PAUSE, Span, is_done, is_final, pause, to_ask

log = structlog.get_logger()

Wait = Callable[[float, SourceError], None]
"""Waits so many seconds, because of that."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A day is in the archive: how many papers it lists, and how many of them nobody had told of."""

    day: date
    papers: int
    new: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """A day is missing, and why; `last` if the rest of its source's is left alone for that."""

    day: date
    error: SourceError
    last: bool = False


class Backfiller:
    """Fills the archive."""

    def __init__(self, papers: PaperStore, backfills: BackfillStore, clock: Callable[[], datetime], wait: Wait) -> None:
        self._papers = papers
        self._backfills = backfills
        self._clock = clock
        self._wait = wait

    def days(self, past: Past, span: Span, *, again: bool) -> list[date]:
        """The days of the span that are to be asked for, newest first; all of it counts as wanted from now on."""
        self._backfills.want(past.name, span.days())
        return to_ask(span, self._backfills.days(past.name), again=again)

    def fill(self, past: Past, days: Sequence[date], *, again: bool = False) -> Iterator[Stored | Missed]:
        """Ask for these days, and tell of each what became of it."""
        waiting, put_off, failed = deque(days), set[date](), 0
        while waiting:
            day = waiting.popleft()
            theirs = self._backfills.day(past.name, day)
            if theirs and is_done(theirs) and not again:
                yield Stored(day, theirs.papers)
                continue
            with self._backfills.lease(past.name, day) as ours:
                if not ours and day not in put_off:
                    put_off.add(day)
                    waiting.append(day)
                    continue
                done = self._fill_day(past, day)
            failed = failed + 1 if isinstance(done, Missed) else 0
            if isinstance(done, Missed) and (failed >= GIVE_UP or _asks_for_long(done.error)):
                yield Missed(day, done.error, last=True)
                return
            yield done

    def _fill_day(self, past: Past, day: date) -> Stored | Missed:
        try:
            digest = self._fetched(past, day)
        except SourceError as error:
            log.warning("a day is missing", source=past.name, day=str(day), error=str(error))
            return Missed(day, error)
        now = self._clock()
        saved = take_in(self._papers, digest, scope=PAST, announce=False, now=now, past=True)
        listed = len(digest.papers)
        final = is_final(day, listed, now.date(), settles=past.settles, has_empty_days=past.has_empty_days)
        self._backfills.note(past.name, day, Listed(listed, final))
        new = len(saved.new) - len(self._papers.polled(saved.new))
        return Stored(day, listed, new, len(digest.skipped))

    def _fetched(self, past: Past, day: date) -> Digest:
        tries = 0
        while True:
            try:
                return past.fetch_day(day)
            except SourceError as error:
                tries += 1
                seconds = pause(error, tries)
                if seconds is None:
                    raise
                self._wait(seconds, error)


def _asks_for_long(error: SourceError) -> bool:
    return isinstance(error, SourceLimited) and error.retry_after > LONGEST_PAUSE
