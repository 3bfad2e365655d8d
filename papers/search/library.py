"""The archive's index of this process: opened, followed, built anew where that is needed, and never waited for long.

    reading ──► a few changes: taken in at once ──► a reader of what there is now
        └─────► many (the first time, mostly): a thread takes them in; the reader says how far that has come

What is wrong with the files ends here. Damaged ones are thrown away and built anew, since all they hold comes from the
archive. While nothing can be written (a full disk), what there is still answers, and says so.
Fulfils `papers.services.library.Library`; any number of threads may read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from papers import metrics
from papers.errors import PaperboyError, SearchUnavailable
from papers.ports import Archive
from papers.search.about import Maker
from papers.search.damage import Damaged, Unwritable
from papers.search.following import belongs, step
from papers.search.index import RESERVE, Index
from papers.search.place import Place
from papers.search.reader import IndexReader
from papers.search.view import View
from papers.services.remembering import Remembering

AT_ONCE = 500
"""Changed papers that who asks waits for: a fifth of a second."""

TOGETHER = 500
"""Papers that the building thread takes in at a time."""

PATIENCE = 1.0
"""Seconds that who asks waits for a thread that has just begun: small archives are done by then."""

RETRY = 30.0
"""Seconds until it is tried again to write where that failed."""

TOLD = 10.0
"""Seconds between two lines of progress in the log."""

REREAD = 300_000.0
"""Milliseconds of changes that are read again when an index is opened: a server's clock may have been set back."""

log = structlog.get_logger()


class Library:
    """The index of one process, below `home`. `clock` counts seconds."""

    def __init__(
        self,
        archive: Archive,
        remembering: Remembering,
        home: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        reserve: int = RESERVE,
        at_once: int = AT_ONCE,
        patience: float = PATIENCE,
    ) -> None:
        self._archive = archive
        self._remembering = remembering
        self._maker = Maker.of(remembering.name, remembering.dim)
        self._home = home
        self._clock = clock
        self._reserve = reserve
        self._at_once = at_once
        self._patience = patience
        self._lock = threading.Lock()  # of whoever opens or writes
        self._place: Place | None = None
        self._index: Index | None = None
        self._view: View | None = None
        self._builder: threading.Thread | None = None
        self._trouble = ""
        self._not_before = 0.0
        self._told = 0.0
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[IndexReader]:
        """A reader of what there is now. Raises SearchUnavailable, also from within."""
        reader = self._current()
        try:
            yield reader
        except Damaged as damage:
            with self._lock:
                self._begin_anew(damage)
            raise SearchUnavailable(
                "the archive's index was damaged, and is being built anew", advice="ask again in a minute"
            ) from damage

    def _current(self) -> IndexReader:
        if not self._is_building:  # its steps take a while, and who asks need not wait for them
            with self._lock:
                more = self._follow(self._at_once)
                if more and not self._is_building:
                    self._build()
            if more and self._builder is not None:
                self._builder.join(self._patience)
        view, note = self._view, self._note()
        if view is None:
            raise SearchUnavailable(
                f"the archive's index cannot be used: {self._trouble or 'it is being built anew'}",
                advice="PAPERBOY_DATA has to be a directory that can be written, with some room" * bool(self._trouble),
            )
        return IndexReader(view, self._archive.get, note, is_complete=note is None)

    @property
    def _is_building(self) -> bool:
        return self._builder is not None and self._builder.is_alive()

    def _note(self) -> str | None:
        if self._trouble:
            return f"the newest papers may be missing: the archive's index cannot be written ({self._trouble})"
        if self._is_building and self._view is not None:
            return f"the archive's index is being built: {len(self._view):,} of {self._archive.count():,} papers so far"
        return None

    def _follow(self, limit: int) -> bool:
        """Take in at most `limit` changes; whether there may be more. Who calls has the lock."""
        if self._is_closed or self._clock() < self._not_before:
            return False
        try:
            try:
                more = step(self._opened(), self._archive, self._remembering, limit)
            except Damaged as damage:
                self._begin_anew(damage)
                more = step(self._opened(), self._archive, self._remembering, limit)
        except (Damaged, Unwritable) as trouble:
            log.warning("the archive's index cannot be written", reason=str(trouble))  # who asks is told in words
            self._trouble, self._not_before = str(trouble), self._clock() + RETRY
            self._put_down()
            return False
        self._trouble = ""
        self._view = self._opened().view
        metrics.indexed(len(self._view))
        return more

    def _opened(self) -> Index:
        if self._index is None:
            self._place = self._place or Place(self._home)
            index = Index(self._place.folder, self._maker, reserve=self._reserve)
            self._view = self._view or index.view
            self._index = index
            if index.is_wasteful:
                raise Damaged("most of it is of papers as they were")
            if not belongs(index, self._archive):
                raise Damaged("it is of another archive")
            index.mark = max(index.mark - REREAD, 0.0)
        return self._index

    def _begin_anew(self, damage: Damaged) -> None:
        """Throw the index away. Raises Unwritable."""
        log.warning("the archive's index is built anew", reason=str(damage))
        self._put_down()
        self._view = None
        if self._place is not None:
            self._place.clear()

    def _put_down(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def _build(self) -> None:
        self._builder = threading.Thread(target=self._take_in_all, name="index")
        self._builder.start()

    def _take_in_all(self) -> None:
        """What the thread does; it ends early with the program, whose next run goes on from there."""
        try:
            more = True
            while more and threading.main_thread().is_alive():
                with self._lock:
                    more = self._follow(TOGETHER)
                self._tell(done=not more)
        except PaperboyError as error:
            log.warning("the archive's index is not up to date", error=str(error))

    def _tell(self, *, done: bool) -> None:
        now = self._clock()
        if (done or now - self._told >= TOLD) and self._view is not None:
            self._told = now
            log.info("the archive's index", papers=len(self._view), of=self._archive.count(), done=done)

    def close(self) -> None:
        """Let another process have the directory."""
        self._is_closed = True
        if self._builder is not None:
            self._builder.join()
        with self._lock:
            self._put_down()
            if self._place is not None:
                self._place.close()
                self._place = None
