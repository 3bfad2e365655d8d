"""Indexes of papers at hand: each in a directory of its own, without an archive behind it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

import numpy as np

from papers.matching.topics import text_of
from papers.model import Paper
from papers.ports import Embedder
from papers.query import analyse
from papers.search.about import Maker
from papers.search.index import Index, Line
from papers.search.reader import IndexReader


def lines(papers: Iterable[Paper], embedder: Embedder | None = None) -> list[Line]:
    """Papers to be put into an index, with vectors if somebody makes them."""
    listed = list(papers)
    vectors = embedder.embed([text_of(one) for one in listed]) if embedder is not None else [None] * len(listed)
    return [
        Line(one, analyse(one), None if vector is None else np.asarray(vector))
        for one, vector in zip(listed, vectors, strict=True)
    ]


class Shelves:
    """Makes indexes below one directory."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        self._home = home
        self._embedder = embedder
        self._numbers = count()

    def folder(self) -> Path:
        """An empty one."""
        folder = self._home / f"{next(self._numbers)}"
        folder.mkdir(parents=True)
        return folder

    def open(self, folder: Path, *, reserve: int = 0) -> Index:
        """The index there."""
        return Index(folder, Maker.of(self._embedder.name, self._embedder.dim), reserve=reserve)

    def index(self, papers: Iterable[Paper], *, bare: bool = False) -> Index:
        """These papers; `bare` ones have no vectors."""
        index = self.open(self.folder())
        index.put(lines(papers, None if bare else self._embedder), [], 1.0)
        return index

    def reader(self, papers: Iterable[Paper]) -> IndexReader:
        """These papers, to be asked."""
        listed = {one.id: one for one in papers}
        index = self.index(listed.values())
        index.close()
        return IndexReader(index.view, lambda ids: {one: listed[one] for one in ids})
