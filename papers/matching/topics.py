"""How close papers are to a topic: words and meaning, fused, and calibrated on the papers' own stream.

    z = (z_lexical + w * z_cosine) / (1 + w),    each z = (score - its mean) / its sd over the background

The background is the stream's most recent papers. Raw cosines mean something else for every topic: one bar for all
floods one channel and silences the next; a z-score's bar carries over (benchmarks/relevance.py: macro-F1 at a bar
carried over from another collection .22, where raw cosines have .15).
A stream that has hardly begun says little of its own mean and sd, so both start from those of an ordinary stream and
give way to the measured ones as papers come (a pseudo-count, as in shrinkage estimators).

This file does not decide which papers are looked at, nor keeps anything: figures in, figures out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import BM25, Scores
from papers.model import Paper
from papers.ports import Vectors
from papers.text import fold, stem

COSINE_WEIGHT = 1.0
"""w: the best macro-F1 at one carried-over bar with static vectors (benchmarks/relevance.py)."""

DEFAULT_BAR = 3.0
"""z that a paper must reach where no volume was asked for."""

BACKGROUND = 1000
"""Papers that mean and sd are taken over, and that a preview looks back at; beyond 500 they hardly move."""

LOWEST_BAR = 0.0
"""However many papers a day were asked for, one less close than the average paper is never posted."""

PSEUDO_COUNT = 10
ORDINARY_COSINE = (0.12, 0.08)
ORDINARY_LEXICAL = (1.0, 2.0)
"""Mean and sd over an ordinary stream of papers, and how many papers their word counts for."""


def text_of(paper: Paper) -> str:
    """What of a paper is embedded."""
    return f"{paper.title}. {paper.abstract}" if paper.abstract else paper.title


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic ready to be compared.

    Attributes:
        terms: stem -> its weight: how often the topic says it. What votes taught it may be fractions, and negative.
        vector: its meaning, of shape (dim,) and unit length.
    """

    terms: Mapping[str, float]
    vector: npt.NDArray[np.float32]

    @classmethod
    def of(cls, text: str, vector: npt.NDArray[np.float32]) -> Topic:
        """The topic that a free text of that vector is."""
        return cls(Counter(stem(fold(text))), vector)


class Background:
    """n papers of one stream: their words and their vectors. Immutable."""

    def __init__(self, documents: Sequence[Sequence[str]], vectors: Vectors) -> None:
        self._words = BM25(documents)
        self._vectors = vectors

    def __len__(self) -> int:
        return self._words.size

    def z(self, topic: Topic, *, weight: float = COSINE_WEIGHT) -> Scores:
        """Every paper's fused z-score; shape (n,)."""
        lexical = _standard(self._words.scores(topic.terms), ORDINARY_LEXICAL)
        cosine = _standard(self._vectors @ topic.vector, ORDINARY_COSINE)
        fused: Scores = ((lexical + weight * cosine) / (1 + weight)).astype(np.float32)
        return fused


def _standard(scores: Scores, ordinary: tuple[float, float]) -> Scores:
    n, (mean0, sd0) = len(scores), ordinary
    mean = (float(scores.sum()) + PSEUDO_COUNT * mean0) / (n + PSEUDO_COUNT)
    variance = (float(((scores - mean) ** 2).sum()) + PSEUDO_COUNT * sd0**2) / (n + PSEUDO_COUNT)
    standard: Scores = (scores - np.float32(mean)) / np.float32(variance**0.5)
    return standard


def bar_for(z: Scores, per_day: float, stream_per_day: float) -> float:
    """The bar that lets about `per_day` papers a day through, of a stream of `stream_per_day`.

    `z` are the scores of recent papers of that stream. Never below LOWEST_BAR.
    """
    if not len(z) or stream_per_day <= 0:
        return DEFAULT_BAR
    let_through = min(per_day / stream_per_day, 1.0)
    return max(float(np.quantile(z, 1.0 - let_through)), LOWEST_BAR)


def share(z: Scores, score: float) -> float:
    """The part of the stream that is at least as close, 0 < share <= 1: 0.01 reads "top 1%"."""
    return max(int((z >= score).sum()), 1) / max(len(z), 1)
