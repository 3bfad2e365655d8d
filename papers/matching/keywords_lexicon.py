"""The leaves of stored QUERYs as rows, and one scan of a batch of papers that finds all of them.

Words are looked up in one dict a field. Phrases are paths in a trie over word rows, kept as sorted edges and walked
for the whole batch at once. Prefixes are cut to their few lengths and looked up, once a distinct token.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat

import numpy as np

from papers.matching.keywords_codes import CodeMap
from papers.matching.keywords_rows import NEVER, Numbers, Rows
from papers.query import Document, Field, Leaf, Phrase, Prefix, Word

_MAX_TOKENS = 1 << 15

# Guesses at the share of papers that have a leaf, where no table of frequencies says. Only speed hangs on them.
_UNSEEN = 1e-4
_NEXT_WORD = 0.1
_IN_PREFIX = 4.0
_IN_FIELD = 0.1


class _Prefixes(dict[str, tuple[int, ...]]):
    """From a token to the rows of its prefixes; remembers the tokens it was asked for, up to a bound."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, int] = {}
        self._lengths: set[int] = set()

    def __missing__(self, token: str) -> tuple[int, ...]:
        starts = (token[:length] for length in self._lengths if length <= len(token))
        found = tuple(self.rows[start] for start in starts if start in self.rows)
        if len(self) >= _MAX_TOKENS:
            self.clear()
        self[token] = found
        return found

    def put(self, start: str, row: int) -> None:
        self.rows[start] = row
        self._lengths.add(len(start))
        self.clear()


class Lexicon:
    """Rows for leaves. `frequency`: stem to the share of papers that have it, 0 … 1; may be empty."""

    def __init__(self, rows: Rows, frequency: Mapping[str, float]) -> None:
        self._rows = rows
        self._frequency = frequency
        self._words: dict[Field, dict[str, int]] = {}
        self._prefixes: dict[Field, _Prefixes] = {}
        self._edges = CodeMap()  # row of a phrase's beginning << 32 | row of its next word -> row of both
        self._begins = bytearray()  # 1 for each row that begins a longer phrase

    def row(self, leaf: Leaf) -> int:
        """The row of `leaf`, made if it is new."""
        match leaf:
            case Word(field, term):
                return self._word(field, term)
            case Phrase(field, terms):
                return self._phrase(field, terms)
            case Prefix(field, start):
                return self._prefix(field, start)

    def _word(self, field: Field, term: str) -> int:
        words = self._words.setdefault(field, {})
        row = words.get(term)
        if row is None:
            row = words[term] = self._rows.new(self._share(field, term))
        return row

    def _phrase(self, field: Field, terms: Sequence[str]) -> int:
        row = self._word(field, terms[0])
        for term in terms[1:]:
            following = self._word(field, term)
            code = row << 32 | following
            longer = self._edges.get(code)
            if longer < 0:
                longer = self._rows.new(min(self._rows.share[row], self._rows.share[following]) * _NEXT_WORD)
                self._edges.put(code, longer)
                self._begins.extend(bytes(max(0, row + 1 - len(self._begins))))
                self._begins[row] = 1
            row = longer
        return row

    def _prefix(self, field: Field, start: str) -> int:
        prefixes = self._prefixes.setdefault(field, _Prefixes())
        row = prefixes.rows.get(start)
        if row is None:
            row = self._rows.new(min(1.0, self._share(field, start) * _IN_PREFIX))
            prefixes.put(start, row)
        return row

    def _share(self, field: Field, term: str) -> float:
        # Without a table: the shorter, the more common (Zipf's law of abbreviation).
        share = self._frequency.get(term, _UNSEEN) if self._frequency else 2.0 ** (-len(term) / 2)
        return share if field == "text" else share * _IN_FIELD

    def scan(self, documents: Sequence[Document]) -> tuple[Numbers, Numbers]:
        """The rows of leaves that the documents have, and for each the document's place; with repeats."""
        found: list[int] = []
        ends: list[int] = []
        for document in documents:
            for field, words in self._words.items():
                for run in document.terms[field]:
                    found.extend(map(words.get, run, repeat(NEVER)))
                    found.append(NEVER)  # so that no phrase runs on into the next run
            for field, prefixes in self._prefixes.items():
                for run in document.tokens[field]:
                    found.extend(chain.from_iterable(map(prefixes.__getitem__, run)))
            found.append(NEVER)
            ends.append(len(found))
        rows = np.array(found, np.int32)
        places = np.repeat(np.arange(len(documents), dtype=np.int32), np.diff(ends, prepend=0))
        phrases = list(self._walk(rows, places))
        return (
            np.concatenate([rows, *(found for found, _ in phrases)]),
            np.concatenate([places, *(where for _, where in phrases)]),
        )

    def _walk(self, rows: Numbers, places: Numbers) -> Iterable[tuple[Numbers, Numbers]]:
        """Follow every phrase that begins anywhere in the batch, all of them one word further at a time."""
        begins = np.zeros(len(self._rows), bool)
        begins[: len(self._begins)] = np.frombuffer(self._begins, bool)
        at = np.flatnonzero(begins.take(rows))
        reached = rows.take(at)
        while len(at):
            at += 1  # within bounds: the batch ends with a NEVER, which begins nothing
            following = rows.take(at)
            longer = self._edges.get_many(reached.astype(np.int64) << 32 | following)
            hit = np.flatnonzero(longer >= 0)
            at, reached = at.take(hit), longer.take(hit)
            yield reached, places.take(at)
            further = np.flatnonzero(begins.take(reached))
            at, reached = at.take(further), reached.take(further)
