"""The newest papers of the archive, analysed and embedded, in memory.

Topics are calibrated on them; search and previews read the whole archive (`library`). A paper is analysed once a
process, and embedded once anywhere: whoever meets a text without a vector stores it. What others write to the archive
is followed. Whoever waits for an answer waits for few embeddings: in a stream, papers beyond these have zeros for a
vector until somebody else has embedded them. Threads may share a corpus.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import Scores
from papers.matching.decide import stems
from papers.matching.topics import BACKGROUND, Background, Topic, text_of
from papers.model import Paper
from papers.ports import Archive, Embedder, VectorMemory
from papers.query import Document, analyse
from papers.services.remembering import Remembering

KEPT = 5 * BACKGROUND
"""Papers that are kept in memory at most: each takes some twenty kilobytes."""

WINDOW = timedelta(days=30)
"""How far previews look back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper, its words, and its vector of shape (dim,)."""

    paper: Paper
    document: Document
    vector: npt.NDArray[np.float32]


class Stream:
    """Papers, newest first, and the background that topics are calibrated on: they and those `around` them.

    Immutable. `per_day` is given where the archive has more than these: papers on a day that has any.
    """

    def __init__(self, entries: Sequence[Entry], around: Iterable[Entry] = (), *, per_day: float | None = None) -> None:
        self.entries = tuple(entries)
        self._per_day = per_day
        self.row = {entry.paper.id: row for row, entry in enumerate(self.entries)}
        self._around = tuple(entry for entry in around if entry.paper.id not in self.row)

    @cached_property
    def background(self) -> Background:
        """Words and vectors: the entries' in the first rows, then those around them."""
        everything = (*self.entries, *self._around)
        vectors = np.stack([entry.vector for entry in everything]) if everything else np.zeros((0, 1), np.float32)
        return Background([stems(entry.document) for entry in everything], vectors)

    def z(self, topic: Topic) -> Scores:
        """The entries' fused z-scores; shape (len(entries),)."""
        return self.background.z(topic)[: len(self.entries)]

    def closeness(self, topic: Topic, *, floor: float, weight: float) -> Scores:
        """What bars are held against: the entries' z, `UNRELATED` for those below the floor; shape (entries,)."""
        return self.background.closeness(topic, floor=floor, weight=weight)[: len(self.entries)]

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
    def busy_days(self) -> int:
        """Days of the window that have a paper; at least 1. "A day" in a volume is one of these."""
        return max(len({day_of(entry.paper) for entry in self.window}), 1)

    @property
    def per_day(self) -> float:
        """Papers on a day that has any."""
        return len(self.window) / self.busy_days if self._per_day is None else self._per_day


class Corpus:
    """The archive's newest papers in memory."""

    def __init__(self, archive: Archive, vectors: VectorMemory, embedder: Embedder) -> None:
        self._archive = archive
        self._embedder = embedder
        self._remembering = Remembering(embedder, vectors)
        self._bare: set[str] = set()  # ids of entries that have no vector yet
        self._entries: dict[str, Entry] = {}
        self._streams: dict[int, Stream] = {}
        self._settled: set[int] = set()  # sizes of streams that nothing was written since
        self._mark: float | None = None
        self._lock = threading.Lock()

    def stream(self, size: int = BACKGROUND) -> Stream:
        """The newest `size` papers."""
        with self._lock:
            self._follow()
            known = self._streams.get(size)
            if known is not None and size in self._settled:
                return known
            self._settled.add(size)
            ids = self._archive.recent(size)
            if known is None or [entry.paper.id for entry in known.entries] != ids:
                missing = self._archive.get([one for one in ids if one not in self._entries])
                self._enter(list(missing.values()), self._embedder.at_once)
                per_day = self._archive.pace(WINDOW) if len(ids) == size else None
                known = Stream([self._entries[one] for one in ids if one in self._entries], per_day=per_day)
                self._streams[size] = known
                self._forget()
            return known

    def around(self, papers: Sequence[Paper]) -> Stream:
        """These papers, which the archive knows, in its newest ones' midst: as it tells of them now."""
        common = self.stream()
        with self._lock:
            now = self._archive.get([paper.id for paper in papers])
            return Stream(self._enter([now.get(paper.id, paper) for paper in papers]), around=common.entries)

    def apart(self, papers: Sequence[Paper]) -> Stream:
        """These papers, which may not be in the archive, in its midst; nothing of them is kept."""
        common = self.stream()
        vectors = self._embedder.embed([text_of(paper) for paper in papers])
        entries = [Entry(paper, analyse(paper), vector) for paper, vector in zip(papers, vectors, strict=True)]
        return Stream(entries, around=common.entries)

    def _follow(self) -> None:
        """Read again what was written since the last look, of the papers at hand."""
        if self._mark is None:
            self._mark = self._archive.newest_change()
            return
        changed, self._mark = self._archive.changed(self._mark)
        if changed:
            self._settled.clear()
        stale = [one for one in changed if one in self._entries]
        before = [self._entries[one] for one in stale]
        self._enter(list(self._archive.get(stale).values()), self._embedder.at_once)
        if any(old is not self._entries[old.paper.id] for old in before):
            self._streams.clear()

    def _forget(self) -> None:
        """Let go of papers that are in no stream any more, once there are many."""
        if len(self._entries) > KEPT:
            held = {one for stream in self._streams.values() for one in stream.row}
            self._entries = {one: entry for one, entry in self._entries.items() if one in held}
            self._bare &= held

    def _enter(self, papers: Sequence[Paper], at_most: int | None = None) -> list[Entry]:
        """Bring papers in, as they are told now. Of those without a vector, `at_most` are embedded."""
        known = {paper.id: self._entries.get(paper.id) for paper in papers}
        fresh = [paper for paper in papers if paper.id in self._bare or not _says_the_same(known[paper.id], paper)]
        for paper, vector in zip(fresh, self._embedded(fresh, at_most), strict=True):
            self._entries[paper.id] = Entry(paper, analyse(paper), vector)
        for paper in papers:
            if self._entries[paper.id].paper != paper:
                self._entries[paper.id] = replace(self._entries[paper.id], paper=paper)
        return [self._entries[paper.id] for paper in papers]

    def _embedded(self, papers: Sequence[Paper], at_most: int | None) -> list[npt.NDArray[np.float32]]:
        found = self._remembering.of_papers(papers, at_most)
        if self._bare & found.keys():
            self._streams.clear()
        self._bare = self._bare - found.keys() | {paper.id for paper in papers if paper.id not in found}
        nothing = np.zeros(self._embedder.dim, np.float32)
        return [found.get(paper.id, nothing) for paper in papers]


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
