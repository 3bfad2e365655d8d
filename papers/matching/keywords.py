"""Which of many stored QUERYs match each of a few new papers: `papers.query.matches`, turned around.

A batch of papers is scanned once for every leaf of every query (`keywords_lexicon`), the queries are settled as one
Boolean circuit in which 64 papers are one machine word (`keywords_circuit`), and the hits are unpacked. The tables
are columns that only grow at their end, so that one query more costs microseconds and no rebuild.

Queries share the words, phrases and gates they have in common, but equal queries stay two lines of a table: to settle a
line twice is cheaper, in time and in memory, than to keep account of who shares it and to fan its hits out.

Decides only; the caller keeps subscriptions and papers. Not for two threads at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from papers.matching.keywords_circuit import Circuit
from papers.matching.keywords_lexicon import Lexicon
from papers.matching.keywords_rows import ALWAYS, NEVER, Bits, Flags, Numbers, Rows, Table, some
from papers.query import Document, Expr

_WORD = 64
_BATCH = 4 * _WORD  # more would leave the processor's cache at a million queries

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Matches(Generic[Key]):
    """Pairs of a paper and a query that matches it, each once. Read them before the index changes.

    Attributes:
        documents: shape (pairs,): places in the sequence of documents given.
        queries: shape (pairs,): places in `keys`.
        keys: the index's keys by place.
    """

    documents: Numbers
    queries: Numbers
    keys: Sequence[Key | None]

    def __len__(self) -> int:
        return len(self.documents)

    def pairs(self) -> Iterator[tuple[int, Key]]:
        """The document's place and the query's key, of each pair."""
        for document, query in zip(self.documents.tolist(), self.queries.tolist(), strict=True):
            yield document, self.keys[query]

    def by_document(self, count: int) -> list[list[Key]]:
        """The keys that match each of the `count` documents."""
        found: list[list[Key]] = [[] for _ in range(count)]
        for document, key in self.pairs():
            found[document].append(key)
        return found


class KeywordIndex(Generic[Key]):
    """Stored queries by key.

    `frequency` (stem to the share of papers that have it, 0 … 1) makes it faster, never different: without it, rarity
    is guessed from the words' lengths. What only removed queries needed (words, gates) stays until the index is built
    anew.
    """

    def __init__(
        self, queries: Iterable[tuple[Key, Expr]] = (), *, frequency: Mapping[str, float] | None = None
    ) -> None:
        self._rows = Rows()
        self._lexicon = Lexicon(self._rows, frequency or {})
        self._circuit = Circuit(self._rows, self._lexicon.row)
        self._tables: dict[int, Table] = {}  # queries by how many rows they are the AND of
        self._places: dict[Key, int] = {}
        self._keys: list[Key | None] = []
        self._widths = bytearray()
        self._lines = array("i")
        self._free: list[int] = []
        for key, expr in queries:
            self.add(key, expr)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def add(self, key: Key, expr: Expr) -> None:
        """Store `expr` under `key`, in place of what was there."""
        rows = self._circuit.operands(expr)
        if key in self._places:
            self.remove(key)
        place = self._places[key] = self._new_place()
        self._keys[place] = key
        self._widths[place] = len(rows)
        self._lines[place] = self._tables.setdefault(len(rows), Table(len(rows))).append(rows, place)

    def _new_place(self) -> int:
        if self._free:
            return self._free.pop()
        self._keys.append(None)
        self._widths.append(0)
        self._lines.append(0)
        return len(self._keys) - 1

    def remove(self, key: Key) -> None:
        """Forget `key`; raises KeyError if it is not there."""
        place = self._places.pop(key)
        self._tables[self._widths[place]].clear(self._lines[place])
        self._keys[place] = None
        self._free.append(place)

    def match(self, documents: Sequence[Document]) -> Matches[Key]:
        """Every pair of a document and a query that matches it."""
        papers: list[Numbers] = []
        queries: list[Numbers] = []
        for start in range(0, len(documents), _BATCH):
            places, found = self._match_batch(documents[start : start + _BATCH])
            papers.append(places + np.int32(start))
            queries.append(found)
        return Matches(_joined(papers), _joined(queries), self._keys)

    def _match_batch(self, batch: Sequence[Document]) -> tuple[Numbers, Numbers]:
        bits = self._leaf_bits(batch)
        self._circuit.settle(bits)
        live = some(bits)
        pairs = [_unpack(*_held(table, bits, live)) for table in self._tables.values()]
        return _joined(papers for papers, _ in pairs), _joined(queries for _, queries in pairs)

    def _leaf_bits(self, batch: Sequence[Document]) -> Bits:
        """The bits of words, phrases and prefixes; those of gates are clear."""
        rows, papers = self._lexicon.scan(batch)
        words = -(-len(batch) // _WORD)
        bits = np.zeros((len(self._rows), words), np.uint64)
        present = np.zeros(len(bits), bool)
        present[rows] = True
        found = np.flatnonzero(present)
        rank = np.empty(len(bits), np.int32)
        rank[found] = np.arange(len(found))
        flags = np.zeros((len(found), words * _WORD), bool)
        flags[rank.take(rows), papers] = True
        bits[found] = np.packbits(flags, axis=1, bitorder="little").view("<u8")
        bits[NEVER] = 0
        bits[ALWAYS] = np.packbits(np.arange(words * _WORD) < len(batch), bitorder="little").view("<u8")
        return bits


def _held(table: Table, bits: Bits, live: Flags) -> tuple[Bits, Numbers]:
    """The queries of `table` that some paper matches, and before them the papers of each."""
    anchor, *others = table.columns()
    lines = np.flatnonzero(live.take(anchor))
    held = bits.take(anchor.take(lines), axis=0)
    for numbers in others:
        held &= bits.take(numbers.take(lines), axis=0)
    hits = np.flatnonzero(some(held))
    return held.take(hits, axis=0), table.makes().take(lines.take(hits))


def _unpack(bits: Bits, queries: Numbers) -> tuple[Numbers, Numbers]:
    """A pair of paper and query for each set bit; line i of `bits` are the papers of `queries[i]`.

    Round by round the lowest bit of each word: queries match few papers of a batch, most of them one or two.
    """
    papers: list[Numbers] = []
    matched: list[Numbers] = []
    for word in range(bits.shape[1]):
        words = np.ascontiguousarray(bits[:, word])
        at = np.flatnonzero(words != 0)
        words, left = words.take(at), queries.take(at)
        while len(words):
            rest = words & (words - np.uint64(1))
            papers.append(np.bitwise_count((words ^ rest) - np.uint64(1)) + np.int32(word * _WORD))
            matched.append(left)
            more = np.flatnonzero(rest != 0)
            words, left = rest.take(more), left.take(more)
    return _joined(papers), _joined(matched)


def _joined(parts: Iterable[Numbers]) -> Numbers:
    return np.concatenate([np.empty(0, np.int32), *parts])
