"""A few thousand topics side by side: the arithmetic of `Scale.closeness` for all of them and many papers at once.

    cosines      one matrix product; vectors are bytes in memory, and become floats for the product only
    ─► pairs     those whose cosine could still lead to a match, were the paper to say every word of the topic
    ─► closeness the words of these pairs alone

Columns that only grow at their end; a topic that was removed leaves its line behind, and never matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from papers.matching.topic_words import Floats, Numbers, Table, TopicWords
from papers.matching.topics import (
    DEFAULT_BAR,
    FLOOR,
    LEAST_BAR,
    LOWEST_BAR,
    ORDINARY_COSINE,
    ORDINARY_LEXICAL,
    PSEUDO_COUNT,
    RARE,
    SAME,
    SHARES,
    UNRELATED,
    USUAL_SHARE,
    Background,
    Topic,
    steps,
)
from papers.ports import Vectors

SIZE = 4096
"""Topics in a block: with a batch of papers, their scores stay in a processor's cache."""


Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Close:
    """Pairs of a topic (a line of its block) and a paper (a column of the batch) that reach the topic's bar.

    Each of shape (pairs,); `share` is a place in `SHARES`, or their number where it is larger than all of them.
    """

    lines: Numbers
    papers: Numbers
    z: Floats
    share: npt.NDArray[np.int8]


class TopicBlock:
    """At most `SIZE` topics."""

    def __init__(self, dim: int, weight: float) -> None:
        self._weight = np.float32(weight)
        self._vectors = np.zeros((SIZE, dim), np.int8)
        self._step = np.zeros(SIZE, np.float32)
        self._words = TopicWords()
        self._asked = np.full(SIZE, np.nan, np.float32)  # papers a day, for topics that asked for a volume
        self._fixed = np.full(SIZE, np.nan, np.float32)  # the bar that was told, for topics that have one
        self._bar = np.full(SIZE, np.inf, np.float32)  # the bar of today
        self._floor = np.full(SIZE, FLOOR, np.float32)
        self._means = np.zeros((2, SIZE), np.float32)  # of lexical scores, of cosines
        self._sds = np.ones((2, SIZE), np.float32)
        self._quantiles = np.full((len(SHARES), SIZE), np.inf, np.float32)
        self._calibrated = 0
        self._alive = np.zeros(SIZE, bool)

    def __len__(self) -> int:
        return len(self._words)

    @property
    def is_full(self) -> bool:
        """Whether it takes no more topics."""
        return len(self) == SIZE

    @property
    def nbytes(self) -> int:
        """Memory that its columns take, in bytes."""
        columns = (
            self._vectors,
            self._step,
            self._asked,
            self._fixed,
            self._bar,
            self._floor,
            self._means,
            self._sds,
            self._quantiles,
            self._alive,
        )
        return self._words.nbytes + sum(column.nbytes for column in columns)

    def append(self, topic: Topic, terms: Sequence[int], bar: float | None, per_day: float | None) -> None:
        """Add a topic, its stems by their numbers; at its next line. See `TopicIndex.add`."""
        line = len(self)
        self._vectors[line], (self._step[line],) = steps(topic.vector)
        self._words.append(terms, topic.terms.values())
        self._fixed[line] = np.nan if bar is None else bar
        self._asked[line] = np.nan if per_day is None else per_day
        self._alive[line] = True

    def remove(self, line: int) -> None:
        """Let a topic match nothing any more."""
        self._alive[line] = False

    def forget_calibration(self) -> None:
        """Let `calibrate` do all topics again."""
        self._calibrated = 0

    def calibrate(self, background: Background, said: Table, per_day: float | None) -> None:
        """Find means, sds, bars and shares of the topics that have none yet; `said` is what the background says."""
        first, last = self._calibrated, len(self)
        if first == last:
            return
        here = slice(first, last)
        lexical = self._standardise(0, here, self._words.said(said, first).of_all(), ORDINARY_LEXICAL)
        cosine = self._standardise(1, here, self._cosines(background, here), ORDINARY_COSINE, background.known)
        asked = self._asked[here]
        has_floor = np.isnan(asked) | (asked <= RARE * per_day if per_day is not None else False)
        self._floor[here] = np.where(has_floor, FLOOR, -np.inf)
        fused: Floats = ((lexical + self._weight * cosine) / (1 + self._weight)).astype(np.float32, copy=False)
        fused[cosine < self._floor[here, None]] = UNRELATED
        fused.sort(axis=1)
        self._rank(fused, here, per_day)
        self._calibrated = last

    def _standardise(
        self, row: int, here: slice, scores: Floats, ordinary: tuple[float, float], known: Flags | None = None
    ) -> Floats:
        """Scores as z, in place, as `topics.moments` would have it over the papers that are `known`."""
        chosen = scores if known is None or known.all() else scores[:, known]
        (mean0, sd0), count = ordinary, chosen.shape[1] + PSEUDO_COUNT
        means = (chosen.sum(axis=1) + PSEUDO_COUNT * mean0) / count
        variances = (np.square(chosen - means[:, None]).sum(axis=1) + PSEUDO_COUNT * sd0**2) / count
        self._means[row, here], self._sds[row, here] = means, np.sqrt(variances)
        scores -= self._means[row, here, None]
        scores /= self._sds[row, here, None]
        return scores

    def _rank(self, ascending: Floats, here: slice, per_day: float | None) -> None:
        """Bars of asked volumes, and the z of each of `SHARES`, from closenesses in ascending order."""
        n = ascending.shape[1]
        for row, share in enumerate(SHARES):
            if share * n >= 1:
                self._quantiles[row, here] = ascending[:, n - int(share * n)] - SAME
            else:
                self._quantiles[row, here] = np.inf
        self._bar[here] = np.where(np.isnan(self._fixed[here]), _usual(ascending), self._fixed[here])
        asked = self._asked[here]
        if per_day is not None:
            self._bar[here] = np.where(np.isnan(asked), self._bar[here], _of_volume(ascending, asked, per_day))

    def _cosines(self, background: Background, here: slice) -> Floats:
        if not len(background):  # a stream that nothing came in yet does not say of how many dimensions it is
            return np.zeros((here.stop - here.start, 0), np.float32)
        cosines: Floats = self._vectors[here].astype(np.float32) @ background.vectors.T
        cosines *= self._step[here, None]
        return cosines

    @property
    def floats(self) -> Floats:
        """The topics' vectors without their steps, to be multiplied; shape (topics, dim)."""
        return self._vectors[: len(self)].astype(np.float32)

    def match(self, floats: Floats, vectors: Vectors, table: Table) -> Close:
        """The pairs of a topic and a paper of the batch that reach the topic's bar. `floats` are the block's own."""
        said = self._words.said(table)
        raw: Floats = floats @ vectors.T
        # of a flat array, this is five times as fast
        lines, papers = np.divmod(np.flatnonzero(raw >= self._least(said.at_best())[:, None]), max(len(vectors), 1))
        cosine = (raw[lines, papers] * self._step[lines] - self._means[1, lines]) / self._sds[1, lines]
        lexical = (said.of(lines, papers) - self._means[0, lines]) / self._sds[0, lines]
        z = (lexical + self._weight * cosine) / (1 + self._weight)
        close = z >= self._bar[lines] - SAME
        lines, papers, z = lines[close], papers[close], z[close]
        return Close(lines, papers, z, self._shares(lines, z))

    def _least(self, at_best: Floats) -> Floats:
        """The least product of vectors that could lead to a match, with the best lexical score that there is."""
        here = slice(0, len(at_best))
        lexical = (at_best - self._means[0, here]) / self._sds[0, here]
        cosine = np.maximum(((1 + self._weight) * self._bar[here] - lexical) / self._weight - SAME, self._floor[here])
        least = cosine * self._sds[1, here] + self._means[1, here]
        with np.errstate(divide="ignore"):  # the vector of no word at all: nothing is close to it
            return np.where(self._alive[here], least / self._step[here], np.inf).astype(np.float32)

    def _shares(self, lines: Numbers, z: Floats) -> npt.NDArray[np.int8]:
        told = np.full(len(lines), len(SHARES), np.int8)
        for row in reversed(range(len(SHARES))):
            told[z >= self._quantiles[row, lines]] = row
        return told


def _usual(ascending: Floats) -> Floats:
    """`topics.usual_bar` of each row of closenesses."""
    if not ascending.shape[1]:
        return np.full(len(ascending), DEFAULT_BAR, np.float32)
    usual: Floats = np.clip(_quantile(ascending, np.full(len(ascending), 1 - USUAL_SHARE)), LEAST_BAR, DEFAULT_BAR)
    return usual


def _of_volume(ascending: Floats, asked: Floats, per_day: float) -> Floats:
    """`topics.bar_for` of each row of closenesses, where a volume is asked for."""
    if not ascending.shape[1] or per_day <= 0:
        return np.full(len(ascending), DEFAULT_BAR, np.float32)
    return np.maximum(_quantile(ascending, 1.0 - np.minimum(asked / per_day, 1.0)), LOWEST_BAR)


def _quantile(ascending: Floats, at: npt.NDArray[Any]) -> Floats:
    """Of each row its own quantile, interpolated as numpy.quantile does."""
    place = np.nan_to_num(at).astype(np.float64) * (ascending.shape[1] - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, ascending.shape[1] - 1)
    rows = np.arange(len(ascending))
    low, high = ascending[rows, below], ascending[rows, above]
    between: Floats = (low + (high - low) * (place - below)).astype(np.float32)
    return between
