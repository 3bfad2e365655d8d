"""The archive's words on disk: tantivy, translated at this edge.

What is asked for and what a paper is stored as have files of their own (`asking`, `fields`). Papers are rows here:
whose they are, which of them are current and everything else about them is the index's business (`index`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from papers.query import Document, Expr
from papers.search import fields
from papers.search.asking import Asker
from papers.search.damage import Damaged, Unwritable

MEMORY = 15_000_000
"""Bytes that words waiting to be written may take."""

PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""What each segment has a file of, at least."""

TRAILER = 8
"""Bytes at a file's end: the length of its footer, which is JSON and has the checksum of what is before; and 1337."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Among:
    """Where to look: only rows that `expr` holds for, from day `since` on, from before day `before` (ordinals)."""

    expr: Expr | None = None
    since: int | None = None
    before: int | None = None


NOWHERE_IN_PARTICULAR = Among()


class Reading:
    """The words of one moment. Any number of threads may ask."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._asker = Asker(schema, searcher)

    def rows(self, expr: Expr) -> Numbers:
        """Every row that matches, in no particular order; shape (n,). Raises Damaged."""
        with _damage():
            found = self._searcher.search(
                self._asker.query(expr), max(self._searcher.num_docs, 1), count=False, order_by_field=fields.ROW
            )
            hits = found.hits  # asked for once: each time, every hit is made an object
            return np.fromiter(map(itemgetter(0), hits), np.int64, len(hits))

    def best(self, terms: Iterable[str], limit: int, among: Among = NOWHERE_IN_PARTICULAR) -> Numbers:
        """At most `limit` rows that have any of these stems, the best by BM25 first. Raises Damaged."""
        with _damage():
            wanted = self._asker.any_word(terms)
            if among.expr is not None:
                exact = tantivy.Query.const_score_query(self._asker.query(among.expr), 0.0)
                wanted = wanted.and_must_match(exact)
            if among.since is not None or among.before is not None:
                days = self._asker.days(among.since or 0, among.before or date.max.toordinal())
                wanted = wanted.and_must_match(tantivy.Query.const_score_query(days, 0.0))
            found = self._searcher.search(wanted, limit, count=False)
            rows = self._searcher.fast_field_values(fields.ROW, [address for _, address in found.hits])
            return np.array(rows, np.int64)

    def having(self, stem: str) -> int:
        """About how many rows have a stem in their title or abstract. Raises Damaged."""
        with _damage():
            return max(self._searcher.doc_freq(field, fields.spelt(stem)) for field in ("title", "abstract"))

    def beginning(self, start: str, limit: int) -> list[tuple[str, int]]:
        """Words that begin so, as titles and abstracts spell them, and how many rows have each. Raises Damaged."""
        with _damage():
            return [
                pair
                for field in ("title", "abstract")
                for pair in self._searcher.terms_with_prefix(fields.tokens_of(field), fields.spelt(start), limit=limit)
            ]


class Words:
    """The words of one directory, for one process and one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Open or create. Raises Damaged, or Unwritable."""
        self._folder = folder
        try:
            folder.mkdir(exist_ok=True)
            fresh = not any(folder.iterdir())
        except OSError as error:
            raise Unwritable(f"{folder}: {error.strerror}") from error
        with _unwritable() if fresh else _damage():
            self._index = tantivy.Index(fields.schema(), str(folder), reuse=True)
        fields.teach(self._index)
        self._writer: tantivy.IndexWriter | None = None

    @property
    def stamp(self) -> int:
        """The number of the last write: later ones have larger numbers."""
        return int(self._meta()["opstamp"])

    def _meta(self) -> dict[str, Any]:
        """What tantivy says of its segments. It opened them by it, so it is whole."""
        meta: dict[str, Any] = json.loads((self._folder / "meta.json").read_bytes())
        return meta

    def verify(self, stamp: int) -> None:
        """Look whether every file is there, and is what was written, up to that stamp at least. Raises Damaged."""
        if self.stamp < stamp:
            raise Damaged("its words are older than its columns")
        for segment in self._meta()["segments"]:
            name = segment["segment_id"].replace("-", "")
            parts = [*PARTS, f"{segment['deletes']['opstamp']}.del"] if segment["deletes"] else PARTS
            for part in parts:
                _verify(self._folder / f"{name}.{part}")

    def write(
        self, rows: Sequence[int], days: Sequence[int], documents: Sequence[Document], without: Sequence[int]
    ) -> None:
        """Add papers, of days (ordinals), as these rows; forget the rows `without`. All at once. Raises Unwritable."""
        try:
            with _unwritable():
                writer = self._writer = self._writer or self._index.writer(MEMORY, 1)
                if without:  # by a query: of numbers, a term finds none
                    old = tantivy.Query.term_set_query(self._index.schema, fields.ROW, list(without))
                    writer.delete_documents_by_query(old)
                for paper in zip(rows, days, documents, strict=True):
                    writer.add_document(fields.written(*paper))
                writer.commit()
                self._index.reload()
        except Unwritable:
            self._writer = None  # it is of no use any more, and holds the lock
            raise

    def forget_from(self, row: int) -> None:
        """Forget this row and all above it. Raises Unwritable."""
        beyond = tantivy.Query.range_query(self._index.schema, fields.ROW, tantivy.FieldType.Unsigned, row, None)
        with _damage():
            if not self._index.searcher().search(beyond, 1, count=False).hits:
                return
        with _unwritable():
            self._writer = self._writer or self._index.writer(MEMORY, 1)
            self._writer.delete_documents_by_query(beyond)
            self._writer.commit()
            self._index.reload()

    def reading(self) -> Reading:
        """The words as they are now."""
        return Reading(self._index.schema, self._index.searcher())

    def close(self) -> None:
        """Let others write here."""
        self._writer = None


def _verify(path: Path) -> None:
    """Compare a file of tantivy's with the checksum in its footer."""
    try:
        data = path.read_bytes()
        end = len(data) - TRAILER - int.from_bytes(data[-TRAILER:-4], "little")
        told = json.loads(data[end:-TRAILER])["crc"]
    except FileNotFoundError as error:
        raise Damaged(f"{path.name} is gone") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path.name} has no end") from error
    if zlib.crc32(memoryview(data)[:end]) != told:
        raise Damaged(f"{path.name} is not what was written")


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # which is all that tantivy raises
        raise Damaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of pyo3, which exports no such type: an assertion failed in Rust
            raise Damaged(str(error)) from None
        raise


@contextmanager
def _unwritable() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise Unwritable(str(error)) from error
