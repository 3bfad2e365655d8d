"""An archive's index of many more papers than were made: each stands in it several times over, under other ids.

A million papers cannot be made, stored and read back within minutes. What a search costs depends on how many papers
have a word, how many vectors there are and how many papers are fetched, all of which copies have too; what it does not
show is an archive of a million different texts, which would have more rare words. A card is fetched as ever: its paper
is read from Valkey, under the id that it was made with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from papers.matching.topics import text_of
from papers.model import Paper
from papers.ports import Archive, Embedder
from papers.query import analyse
from papers.search.about import Maker
from papers.search.index import Index, Line
from papers.search.reader import IndexReader
from papers.wiring import Core

TOGETHER = 5_000
PER_DAY = 1_000


@dataclass(frozen=True)
class Copied:
    """The index, and what reads papers for it. Fulfils `papers.services.library.Library`."""

    index: Index
    archive: Archive

    @contextmanager
    def reading(self) -> Iterator[IndexReader]:
        """A reader of all of it."""
        yield IndexReader(self.index.view, self._get)

    def _get(self, ids: Sequence[str]) -> Mapping[str, Paper]:
        found = self.archive.get([_made(one) for one in ids])
        return {one: replace(found[_made(one)], id=one) for one in ids if _made(one) in found}


def _made(name: str) -> str:
    return name.partition("+")[0]


def copied(core: Core, copies: int) -> Copied:
    """An index of the archive's papers, each of them so many times, in the place of the usual one.

    One that was kept is gone on with, and taken as it is if it is whole.
    """
    archive, folder = core.stores.papers, core.settings.paperboy_data / "search"
    folder.mkdir(parents=True, exist_ok=True)
    index = Index(folder, Maker.of(core.embedder.name, core.embedder.dim), reserve=0)
    if len(index) < archive.count() * copies:
        _put(index, [*archive.get(archive.recent(archive.count())).values()], copies, core.embedder)
    return Copied(index, archive)


def _put(index: Index, papers: Sequence[Paper], copies: int, embedder: Embedder) -> None:
    """Give an index each paper so many times, a thousand a day."""
    today, row, there = datetime.now(UTC).date(), 0, len(index)
    for start in range(0, len(papers), TOGETHER):
        part = papers[start : start + TOGETHER]
        documents, vectors = [analyse(one) for one in part], embedder.embed([text_of(one) for one in part])
        for copy in range(copies):
            if row + len(part) <= there:
                row += len(part)
                continue
            told = [
                replace(one, id=f"{one.id}+{copy}", day=today - timedelta(days=(row + place) // PER_DAY))
                for place, one in enumerate(part)
            ]
            lines = [Line(*line) for line in zip(told, documents, np.asarray(vectors), strict=True)]
            index.put(lines, [], float(row + 1))
            row += len(part)
