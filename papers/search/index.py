"""The index of one directory: rows of papers, their words, their meanings and their stems, which change together.

A row is a paper as it was told once. Told otherwise, it gets a new row at the end, and nobody asks for its old one any
more; what does not change what it says (votes, code) is changed where it stands. Rows never move, so that whoever reads
is in nobody's way, and a process that dies leaves nothing half done: see `about`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from papers.matching.decide import stems
from papers.model import Paper
from papers.query import Document
from papers.search import about
from papers.search.columns import Column, Kind
from papers.search.counts import CountColumns
from papers.search.damage import Damaged, Unwritable
from papers.search.meanings import MeaningColumns
from papers.search.view import View
from papers.search.words import Words
from papers.services.corpus import day_of

RESERVE = 256 << 20
"""Bytes of free disk below which nothing is written: an embedded server beside it needs them more."""

LONGEST_ID = 40
"""Bytes of a paper's id."""

WASTE = 4
"""Rows a paper beyond which an index is built anew, if there are a thousand of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paper to be put into the index: its words, and its vector of shape (dim,) if it has one."""

    paper: Paper
    document: Document
    vector: npt.NDArray[np.float32] | None


class Index:
    """One writer, one thread at a time. After Unwritable or Damaged it is of no use any more: open it again.

    Attributes:
        mark: of the archive's changes: those before it are here.
        view: what it holds now.
    """

    def __init__(self, folder: Path, maker: about.Maker, *, reserve: int = RESERVE) -> None:
        """Open the index in a folder, or begin one. Raises Damaged, or Unwritable."""
        self._folder = folder
        self._maker = maker
        self._reserve = reserve
        known = about.load(folder, maker)
        if known is None:
            self._need_room()
        state = known or about.About(0, 0, 0, 0.0, {})
        self._columns: list[Column[Any]] = []
        self._words = Words(folder / "words")
        try:
            self._make_columns()
            self._recover(state)
        except OSError as error:
            self.close()
            raise Unwritable(f"{folder}: {error.strerror}") from error
        except (Damaged, Unwritable):
            self.close()
            raise
        self.mark = state.mark
        names = self._ids.read().tolist()
        self._row = {name.decode(): row for row, name in enumerate(names)}  # the last row of an id wins
        self._alive = np.zeros(len(names), bool)
        self._alive[list(self._row.values())] = True
        self.view = self._look()

    def _make_columns(self) -> None:
        self._ids = self._column("ids", np.dtype(f"S{LONGEST_ID}"))
        self._said = self._column("said", np.dtype(np.uint64))
        self._tie = self._column("tie", np.dtype(np.uint32))
        self._day = self._column("day", np.dtype(np.int32))
        self._upvotes = self._column("upvotes", np.dtype(np.int32))
        self._code = self._column("code", np.dtype(np.bool_))
        self._meanings = MeaningColumns(self._column, self._maker.dim)
        self._counts = CountColumns(self._column)

    def _column(self, name: str, kind: np.dtype[Kind], width: int = 1) -> Column[Kind]:
        self._columns.append(Column(self._folder / name, kind, width))
        return self._columns[-1]

    @property
    def _changing(self) -> tuple[Column[Any], ...]:
        """Columns whose items are changed where they stand."""
        return self._upvotes, self._code

    @property
    def _of_stems(self) -> tuple[Column[Any], ...]:
        """Columns that have an item a stem, not one a row."""
        return self._counts.stems, self._counts.times

    def _recover(self, state: about.About) -> None:
        """Go back to what was said last."""
        for column in self._columns:
            size = state.stems if column in self._of_stems else state.rows
            column.cut(size, None if column in self._changing else state.checks.get(column.path.name, 0))
        self._words.verify(state.stamp)
        self._words.forget_from(state.rows)

    def __len__(self) -> int:
        return len(self._row)

    @property
    def is_wasteful(self) -> bool:
        """Whether most of its rows are of papers as they were."""
        return self._ids.size > WASTE * max(len(self._row), 1000)

    def newest(self, count: int) -> list[str]:
        """Ids of the rows that came last."""
        return [name.decode() for name in self._ids.read()[-count:].tolist()]

    @property
    def ids(self) -> list[str]:
        """Ids of all its papers."""
        return list(self._row)

    def says(self, paper: Paper) -> bool:
        """Whether the paper is here as it is told now, but for votes and code."""
        row = self._row.get(paper.id)
        return row is not None and bool(self._said.read()[row] == _said(paper))

    def has_vector(self, paper: Paper) -> bool:
        """Whether the paper is here with a vector."""
        row = self._row.get(paper.id)
        return row is not None and bool(self._meanings.step.read()[row] > 0)

    def put(self, lines: Sequence[Line], same: Sequence[Paper], mark: float) -> None:
        """Take in papers that are new or told otherwise, and the votes and code of those that say the `same`.

        `lines` has each paper once. Changes before `mark` are then here. Raises Unwritable.
        """
        self._need_room()
        try:
            lines = [line for line in lines if len(line.paper.id.encode()) <= LONGEST_ID]
            if lines:
                self._append(lines)
            for paper in same:
                self._note(paper)
            if lines or mark != self.mark:
                self._save(mark)
        except OSError as error:
            raise Unwritable(f"{self._folder}: {error.strerror}") from error
        self.mark = mark
        if lines:
            self.view = self._look()

    def forget(self, gone: Sequence[str]) -> None:
        """Find these papers no more; their rows stay until the index is built anew. Raises Unwritable.

        Who opens it again has them back, but for their words, and forgets them again.
        """
        rows = [self._row.pop(one) for one in gone]
        self._alive = self._alive.copy()  # views have the old
        self._alive[rows] = False
        try:
            self._words.write((), (), (), without=rows)
            self._save(self.mark)
        except OSError as error:
            raise Unwritable(f"{self._folder}: {error.strerror}") from error
        self.view = self._look()

    def _save(self, mark: float) -> None:
        checks = {column.path.name: column.check for column in self._columns if column not in self._changing}
        state = about.About(self._ids.size, self._counts.stems.size, self._words.stamp, mark, checks)
        about.save(self._folder, self._maker, state)

    def _need_room(self) -> None:
        if shutil.disk_usage(self._folder).free < self._reserve:
            raise Unwritable("the disk is nearly full")

    def _append(self, lines: Sequence[Line]) -> None:
        papers, first = [line.paper for line in lines], self._ids.size
        nothing = np.zeros(self._maker.dim, np.float32)
        self._ids.append(np.array([paper.id.encode() for paper in papers], f"S{LONGEST_ID}"))
        self._said.append(np.array([_said(paper) for paper in papers], np.uint64))
        days = [day_of(paper).toordinal() for paper in papers]
        self._tie.append(np.array([crc32(paper.id.encode()) for paper in papers], np.uint32))
        self._day.append(np.array(days, np.int32))
        self._upvotes.append(np.array([_capped(paper.upvotes) for paper in papers], np.int32))
        self._code.append(np.array([paper.code_url is not None for paper in papers], bool))
        self._meanings.append(np.stack([nothing if line.vector is None else line.vector for line in lines]))
        self._counts.append([stems(line.document) for line in lines])
        rows = range(first, self._ids.size)
        before = [self._row[paper.id] for paper in papers if paper.id in self._row]
        self._words.write(rows, days, [line.document for line in lines], without=before)
        self._row.update(zip((paper.id for paper in papers), rows, strict=True))
        self._alive = np.concatenate([self._alive, np.ones(len(rows), bool)])  # a new one: views have the old
        self._alive[before] = False

    def _note(self, paper: Paper) -> None:
        row = self._row[paper.id]
        self._upvotes.put(row, _capped(paper.upvotes))
        self._code.put(row, paper.code_url is not None)

    def _look(self) -> View:
        return View(
            ids=self._ids.read(),
            alive=self._alive,
            ties=self._tie.read(),
            days=self._day.read(),
            upvotes=self._upvotes.read(),
            code=self._code.read(),
            words=self._words.reading(),
            meanings=self._meanings.read(),
            counts=self._counts.read(),
        )

    def close(self) -> None:
        """Let others write here; views stay readable."""
        self._words.close()
        for column in self._columns:
            column.close()


def _said(paper: Paper) -> int:
    """A hash of the day, and of everything that a QUERY or a topic looks at."""
    words = (paper.title, paper.abstract, paper.authors, paper.organization, paper.categories, paper.sources)
    told = (day_of(paper).toordinal(), *words)
    return int.from_bytes(blake2b(repr(told).encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _capped(upvotes: int) -> int:
    return min(max(upvotes, 0), np.iinfo(np.int32).max)
