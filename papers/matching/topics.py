"""How close papers are to a topic: words and meaning, fused, and calibrated on the papers' own stream.

    z = (z_lexical + w * z_cosine) / (1 + w),    each z = (score - its mean) / its sd over the background

The background is the stream's most recent papers. Raw cosines mean something else for every topic: one bar for all
floods one channel and silences the next; a z-score's bar carries over (benchmarks/relevance.py: macro-F1 at a bar
carried over from another collection .22, where raw cosines have .15).
A stream that has hardly begun says little of its own mean and sd, so both start from those of an ordinary stream and
give way to the measured ones as papers come (a pseudo-count, as in shrinkage estimators).

A paper that shares a topic's words but hardly its meaning is no match for it, whatever its z: see `floor_for`.

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
USUAL_SHARE = 0.01
LEAST_BAR = 2.0
"""Where no volume was asked for, a paper must reach that z, or less where a hundredth of the stream does not reach it:
topics as general as their stream would else stay silent. Macro-F1 .24 on the judged collections, where the bar of 3
alone has .22 and leaves one topic in twenty without anything. Never less than the last."""

BACKGROUND = 1000
"""Papers that mean and sd are taken over, and that a preview looks back at; beyond 500 they hardly move."""

LOWEST_BAR = 0.0
"""However many papers a day were asked for, one less close than the average paper is never posted."""

FLOOR = 1.5
"""z of the cosine alone that a match needs. On the judged collections it costs nothing (nDCG@10 .461 without, .464 with
it; macro-F1 at the default bar .223 and .224), and it leaves one pair of paper and topic in fourteen to look at."""

RARE = 0.02
"""Part of its stream up to which a topic that asks for a volume has the floor too: who asks for more than that wants
the nearest there is, however far."""

UNRELATED = -99.0
"""Stands for the z of a paper below its topic's floor."""

SHARES = (0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)
"""Shares of the stream that a match is told by."""

SAME = 1e-4
"""Two z that differ by less are the same: by so much, the same sum in another order may differ."""

STEPS = 127
"""Steps of a topic's vector on either side of zero: a byte a dimension. nDCG@10 and macro-F1 do not change by it."""

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
        vector: its meaning, of shape (dim,) and unit length, rounded so that each dimension is one of 255 steps: a
            million topics then fit into 256 MB, and every score that anybody computes is of the same vector.
    """

    terms: Mapping[str, float]
    vector: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        """Round the vector."""
        object.__setattr__(self, "vector", rounded(self.vector))

    @classmethod
    def of(cls, text: str, vector: npt.NDArray[np.float32]) -> Topic:
        """The topic that a free text of that vector is."""
        return cls(Counter(stem(fold(text))), vector)


def steps(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Vectors of shape (…, dim) as whole steps from -127 to 127, and the length of each one's step, of shape (…, 1)."""
    step = np.abs(vectors).max(axis=-1, keepdims=True, initial=0) / np.float32(STEPS)
    whole = np.rint(np.divide(vectors, step, out=np.zeros_like(vectors), where=step > 0)).astype(np.int8)
    return whole, step.astype(np.float32)


def rounded(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Vectors of shape (…, dim), each dimension at its nearest step. Rounding twice is rounding once."""
    whole, step = steps(vectors)
    return whole.astype(np.float32) * step


@dataclass(frozen=True, slots=True)
class Scale:
    """What scores mean for one topic on one background: mean and sd of the lexical ones and of the cosines."""

    lexical: tuple[float, float]
    cosine: tuple[float, float]

    def z(self, lexical: Scores, cosine: Scores, *, weight: float = COSINE_WEIGHT) -> Scores:
        """The fused z of scores; shape (n,)."""
        fused: Scores = ((_z(lexical, self.lexical) + weight * _z(cosine, self.cosine)) / (1 + weight)).astype(
            np.float32
        )
        return fused

    def z_of_meaning(self, cosine: Scores) -> Scores:
        """The z of cosines alone; shape (n,)."""
        return _z(cosine, self.cosine)

    def closeness(
        self, lexical: Scores, cosine: Scores, *, floor: float = FLOOR, weight: float = COSINE_WEIGHT
    ) -> Scores:
        """The fused z, with `UNRELATED` below the floor: what a subscription's bar is held against."""
        below = _z(cosine, self.cosine) < floor
        return np.where(below, np.float32(UNRELATED), self.z(lexical, cosine, weight=weight))


class Background:
    """n papers of one stream: their words and their vectors. Immutable.

    Attributes:
        words: the index of their words.
        vectors: shape (n, dim); zeros for a paper that the embedding model has not come to yet.
        known: which papers have a vector, shape (n,).
    """

    def __init__(self, documents: Sequence[Sequence[str]], vectors: Vectors) -> None:
        self.words = BM25(documents)
        self.vectors = vectors
        self.known: npt.NDArray[np.bool_] = np.asarray(vectors.any(axis=1))

    def __len__(self) -> int:
        return self.words.size

    def scores(self, topic: Topic) -> tuple[Scores, Scores]:
        """Every paper's lexical score and cosine, of shape (n,) each."""
        return self.words.scores(topic.terms), self.vectors @ topic.vector

    def scale(self, topic: Topic) -> Scale:
        """What scores mean for the topic here."""
        lexical, cosine = self.scores(topic)
        return Scale(moments(lexical, ORDINARY_LEXICAL), moments(cosine[self.known], ORDINARY_COSINE))

    def z(self, topic: Topic, *, weight: float = COSINE_WEIGHT) -> Scores:
        """Every paper's fused z, to rank by; shape (n,)."""
        return self.scale(topic).z(*self.scores(topic), weight=weight)

    def closeness(self, topic: Topic, *, floor: float = FLOOR, weight: float = COSINE_WEIGHT) -> Scores:
        """Every paper's fused z, `UNRELATED` where it is below the floor: to decide by; shape (n,)."""
        return self.scale(topic).closeness(*self.scores(topic), floor=floor, weight=weight)


def moments(scores: Scores, ordinary: tuple[float, float]) -> tuple[float, float]:
    """Mean and sd of scores of shape (n,), those of an ordinary stream counting for `PSEUDO_COUNT` papers."""
    n, (mean0, sd0) = len(scores), ordinary
    mean = (float(scores.sum()) + PSEUDO_COUNT * mean0) / (n + PSEUDO_COUNT)
    variance = (float(((scores - mean) ** 2).sum()) + PSEUDO_COUNT * sd0**2) / (n + PSEUDO_COUNT)
    return mean, variance**0.5


def _z(scores: Scores, scale: tuple[float, float]) -> Scores:
    mean, sd = scale
    return (scores - np.float32(mean)) / np.float32(sd)


def usual_bar(closeness: Scores) -> float:
    """The bar of a topic that asks for no volume, from the closeness of recent papers of its stream."""
    if not len(closeness):
        return DEFAULT_BAR
    return min(DEFAULT_BAR, max(float(np.quantile(closeness, 1.0 - USUAL_SHARE)), LEAST_BAR))


def floor_for(asked: float | None, per_day: float | None) -> float:
    """The floor of a topic that asks for so many papers a day, or None, of a stream that brings `per_day`."""
    if asked is None or (per_day is not None and asked <= RARE * per_day):
        return FLOOR
    return -np.inf


def bar_for(z: Scores, per_day: float, stream_per_day: float) -> float:
    """The bar that lets about `per_day` papers a day through, of a stream of `stream_per_day`.

    `z` is the closeness of recent papers of that stream. Never below LOWEST_BAR.
    """
    if not len(z) or stream_per_day <= 0:
        return DEFAULT_BAR
    let_through = min(per_day / stream_per_day, 1.0)
    return max(float(np.quantile(z, 1.0 - let_through)), LOWEST_BAR)


def reaches(z: float, bar: float) -> bool:
    """Whether a closeness is enough; a bar may be the very z of a paper, which then reaches it."""
    return z >= bar - SAME


def share(stream: Scores, score: float) -> float:
    """A paper's rank in the stream for a topic, as a part of it, 0 < share <= 1: 0.01 reads "top 1%"."""
    return min((int((stream > score + SAME).sum()) + 1) / max(len(stream), 1), 1.0)


def told(part: float) -> float | None:
    """A share as it is told: rounded up to one of `SHARES`; None if it is larger than all of them."""
    return next((one for one in SHARES if part <= one + SAME * one), None)
