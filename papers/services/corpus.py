"""The newest papers of the archive, analysed and embedded, in memory.

Topics are calibrated on them, previews look back at them, search reads them.

A paper is analysed once a process, and embedded once anywhere: whoever meets a paper without a vector stores it.
Threads may share a corpus.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from papers.matching.decide import stems
from papers.matching.topics import BACKGROUND, Background, text_of
from papers.model import Paper
from papers.ports import Archive, Embedder, VectorMemory
from papers.query import Document, analyse

WINDOW = timedelta(days=30)
"""How far previews look back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper, its words, and its vector of shape (dim,)."""

    paper: Paper
    document: Document
    vector: npt.NDArray[np.float32]


class Stream:
    """Papers of one stream, newest first, as a background for topics. Immutable."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.row = {entry.paper.id: row for row, entry in enumerate(self.entries)}

    @cached_property
    def background(self) -> Background:
        """Their words and vectors."""
        vectors = np.stack([e.vector for e in self.entries]) if self.entries else np.zeros((0, 1), np.float32)
        return Background([stems(entry.document) for entry in self.entries], vectors)

    @cached_property
    def newest(self) -> date | None:
        """The newest day."""
        return max((day_of(entry.paper) for entry in self.entries), default=None)

    @cached_property
    def window(self) -> tuple[Entry, ...]:
        """The entries of the 30 days that end with the newest."""
        if self.newest is None:
            return ()
        return tuple(entry for entry in self.entries if day_of(entry.paper) > self.newest - WINDOW)

    @property
    def days(self) -> int:
        """How many days the window really covers, from 1 to 30."""
        if self.newest is None:
            return 1
        return (self.newest - min(day_of(entry.paper) for entry in self.window)).days + 1

    @property
    def per_day(self) -> float:
        """Papers on a day that has any."""
        days = {day_of(entry.paper) for entry in self.window}
        return len(self.window) / len(days) if days else 0.0


class Corpus:
    """The archive's newest papers in memory."""

    def __init__(self, archive: Archive, vectors: VectorMemory, embedder: Embedder) -> None:
        self._archive = archive
        self._vectors = vectors
        self._embedder = embedder
        self._entries: dict[str, Entry] = {}
        self._stream = Stream(())
        self._lock = threading.Lock()

    def stream(self, size: int = BACKGROUND, extra: Sequence[Paper] = ()) -> Stream:
        """The newest `size` papers, and `extra` ones wherever they stand."""
        with self._lock:
            ids = [*dict.fromkeys([*(paper.id for paper in extra), *self._archive.recent(size)])]
            if ids != [entry.paper.id for entry in self._stream.entries]:
                missing = self._archive.get([one for one in ids if one not in self._entries])
                self._enter(list(missing.values()))
                self._stream = Stream([self._entries[one] for one in ids if one in self._entries])
            return self._stream

    def enter(self, papers: Sequence[Paper]) -> list[Entry]:
        """These papers as entries, analysed and embedded if they were not."""
        with self._lock:
            return self._enter(papers)

    def _enter(self, papers: Sequence[Paper]) -> list[Entry]:
        known = {paper.id: self._entries.get(paper.id) for paper in papers}
        fresh = [paper for paper in papers if not _says_the_same(known[paper.id], paper)]
        for paper, vector in zip(fresh, self._embedded(fresh), strict=True):
            self._entries[paper.id] = Entry(paper, analyse(paper), vector)
        for paper in papers:
            self._entries[paper.id] = replace(self._entries[paper.id], paper=paper)
        return [self._entries[paper.id] for paper in papers]

    def _embedded(self, papers: Sequence[Paper]) -> list[npt.NDArray[np.float32]]:
        stored = self._vectors.get([paper.id for paper in papers])
        missing = [paper for paper in papers if paper.id not in stored]
        if missing:
            made = self._embedder.embed([text_of(paper) for paper in missing])
            new = dict(zip((paper.id for paper in missing), made, strict=True))
            self._vectors.put(new)
            stored |= new
        return [stored[paper.id] for paper in papers]


def day_of(paper: Paper) -> date:
    """The day that a paper stands in: its digest's, else when it was first seen."""
    return paper.day or (paper.first_seen or datetime.min.replace(tzinfo=UTC)).date()


def _says_the_same(entry: Entry | None, paper: Paper) -> bool:
    """Whether an analysis still holds: every field that a QUERY or a topic looks at is the same."""
    if entry is None:
        return False
    old = entry.paper
    return (old.title, old.abstract, old.authors, old.organization, old.categories, old.sources) == (
        paper.title,
        paper.abstract,
        paper.authors,
        paper.organization,
        paper.categories,
        paper.sources,
    )
