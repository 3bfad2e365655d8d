"""An index at one moment: any number of threads may read it, whatever is written meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import Scores, Statistics
from papers.matching.topics import Scale, Topic
from papers.query import Expr
from papers.search.counts import Counts
from papers.search.excluding import excludes, negated
from papers.search.meanings import Meanings
from papers.search.words import Reading

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """n rows, a paper each: as it is (`alive`), or as it was before its text changed.

    Attributes:
        ids: shape (n,), in UTF-8.
        alive: shape (n,).
        ties: shape (n,): decides between equals in every process alike, whichever row a paper has there.
        days: shape (n,), proleptic Gregorian ordinals.
        upvotes, code: shape (n,); these two follow changes at once.
        words, meanings, counts: what the papers say.
    """

    ids: npt.NDArray[np.bytes_]
    alive: Flags
    ties: npt.NDArray[np.uint32]
    days: npt.NDArray[np.int32]
    upvotes: npt.NDArray[np.int32]
    code: Flags
    words: Reading
    meanings: Meanings
    counts: Counts

    def __len__(self) -> int:
        return int(self.alive.sum())

    def named(self, rows: Numbers) -> list[str]:
        """The ids of these rows."""
        return [one.decode() for one in self.ids[rows].tolist()]

    def holding(self, expr: Expr) -> Flags:
        """Which rows `expr` holds for: those for which `papers.query.matches` says so; shape (n,). Raises Damaged.

        Of rows that are not `alive` it may say anything.
        """
        if excludes(expr):  # the others are fewer to be fetched
            return ~self.holding(negated(expr))
        held = np.zeros(len(self.ids), bool)
        held[self.words.rows(expr)] = True
        return held

    def within(self, *, since: date | None = None, before: date | None = None) -> Flags:
        """The rows that are as papers are now, of those days: `since` is the first, `before` is none of them."""
        rows = self.alive
        if since is not None:
            rows = rows & (self.days >= since.toordinal())
        if before is not None:
            rows = rows & (self.days < before.toordinal())
        return rows

    def scores(self, rows: Numbers, topic: Topic, like: Statistics) -> tuple[Scores, Scores]:
        """Lexical scores and cosines of rows, exactly as `Background.scores` has them; shape (len(rows),) each."""
        return self.counts.scores(rows, topic.terms, like), self.meanings.cosines(rows, topic.vector)

    def z(self, rows: Numbers, topic: Topic, scale: Scale, like: Statistics, weight: float) -> Scores:
        """Fused z of rows, to rank by; a paper that has no vector yet is ranked by its words alone."""
        lexical, cosines = self.scores(rows, topic, like)
        cosines = np.where(self.meanings.step[rows] > 0, cosines, np.float32(scale.cosine[0]))
        return scale.z(lexical, cosines, weight=weight)

    def first(self, rows: Numbers, count: int, *keys: npt.NDArray[Any]) -> Numbers:
        """The `count` rows with the largest first key, among equals those with the largest second, and so on.

        The keys are of shape (len(rows),).
        """
        if len(rows) > 2 * count:  # leave out what cannot be among them
            least = np.partition(keys[0], len(rows) - count)[len(rows) - count]
            possible = keys[0] >= least
            rows, keys = rows[possible], tuple(key[possible] for key in keys)
        order = np.lexsort([self.ties[rows], *(-key.astype(np.float64) for key in reversed(keys))])
        return rows[order[:count]]
