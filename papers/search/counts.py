"""How often each paper says each stem: what a topic's lexical score is made of, exactly as matching computes it.

Papers' stems lie one after the other, each as the 32 bits that a checksum makes of it, so that no vocabulary is kept.
Two stems in four thousand million share theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import K1, B, Scores, Statistics
from papers.search.columns import Make

MOST = 65_535
"""Times that a stem is counted in one paper."""

LOW = 1 << 16
"""Stems are looked for by their low bits first: most papers' words are none of a topic's."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Stems of n papers. Any number of threads may ask.

    Attributes:
        ends: shape (n,): where each paper's stems end.
        lengths: shape (n,): words a paper.
        stems, times: shape (ends[-1],): each different stem of each paper, and how often it stands there.
    """

    ends: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    stems: npt.NDArray[np.uint32]
    times: npt.NDArray[np.uint16]

    def scores(self, rows: Numbers, terms: Mapping[str, float], like: Statistics) -> Scores:
        """BM25 of these rows for stems with their weights, in the collection `like`; shape (len(rows),)."""
        stems, weights = _weighed(terms, like)
        begins, ends = np.where(rows > 0, self.ends[rows - 1], 0), self.ends[rows]
        done = np.cumsum(ends - begins)
        there = self._stems_of(begins, ends)
        possible = np.zeros(LOW, bool)
        possible[stems.astype(np.uint16)] = True
        some = np.flatnonzero(possible.take(there.astype(np.uint16)))
        which = np.minimum(np.searchsorted(stems, there[some]), len(stems) - 1)
        said = stems[which] == there[some] if len(stems) else np.zeros(0, bool)
        some, which = some[said], which[said]
        owner = np.searchsorted(done, some, side="right")
        times = self.times[some + (ends - done)[owner]].astype(np.float64)
        norms = K1 * (1 - B + B * self.lengths[rows] / like.average)
        each = weights[which] * times * (K1 + 1) / (times + norms[owner])
        return np.bincount(owner, each, len(rows)).astype(np.float32)

    def _stems_of(self, begins: Numbers, ends: Numbers) -> npt.NDArray[np.uint32]:
        """The stems between these places, one after the other: pieces are copied sooner than picked one by one."""
        pieces = [self.stems[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        return np.concatenate(pieces) if pieces else np.empty(0, np.uint32)


def _weighed(terms: Mapping[str, float], like: Statistics) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float64]]:
    """Stems as they are stored, ascending, and what saying each is worth."""
    worth: dict[int, float] = {}
    for (term, weight), rarity in zip(terms.items(), like.idfs(terms).tolist(), strict=True):
        worth[_stored(term)] = worth.get(_stored(term), 0.0) + weight * rarity
    stems = sorted(worth)
    return np.array(stems, np.uint32), np.array([worth[stem] for stem in stems], np.float64)


@lru_cache(maxsize=1 << 13)  # most of a text are the same few thousand
def _stored(stem: str) -> int:
    return crc32(stem.encode("utf-8", "backslashreplace"))


class CountColumns:
    """The stems' columns in one directory, which `make` makes."""

    def __init__(self, make: Make) -> None:
        self.ends = make("ends", np.dtype(np.int64), 1)
        self.lengths = make("lengths", np.dtype(np.int32), 1)
        self.stems = make("stems", np.dtype(np.uint32), 1)
        self.times = make("times", np.dtype(np.uint16), 1)

    def append(self, documents: Sequence[Sequence[str]]) -> None:
        """Add papers' stems. Raises OSError."""
        counted = [Counter(document) for document in documents]
        ends = np.cumsum([len(one) for one in counted], dtype=np.int64) + self.stems.size
        self.stems.append(np.fromiter(map(_stored, chain.from_iterable(counted)), np.uint32))
        times = np.fromiter(chain.from_iterable(one.values() for one in counted), np.int64)
        self.times.append(np.minimum(times, MOST))
        self.lengths.append(np.array([len(document) for document in documents], np.int32))
        self.ends.append(ends)

    def read(self) -> Counts:
        """The stems as they are now."""
        return Counts(self.ends.read(), self.lengths.read(), self.stems.read(), self.times.read())
