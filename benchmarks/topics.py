"""Topic matching against the machine's limit: what its matrix product alone would take, measured in the same run.

    python -m benchmarks.topics [--topics 1000000] [--papers 100,1500]

One index grows to its size, and is measured at 1,000, 10,000, … topics on the way. Topics are free texts with the
default model's vectors; half were saved with the bar of 3, half ask for one to three papers a day.

The limit is the product of two large square float32 matrices by this process's BLAS, with as many threads as the
index's own products have. "Vectors" is the index asked about papers without a word: the product, and what its results
are compared with. "Fused" is all of it, words and shares. The three are timed in turn, and the best of each is taken.

A sample of topics is compared with `Scale.closeness`, pair by pair.
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Corpus
from papers.embedding import load_embedder
from papers.matching.bm25 import BM25
from papers.matching.decide import stems
from papers.matching.topic_index import TopicIndex
from papers.matching.topics import (
    BACKGROUND,
    DEFAULT_BAR,
    FLOOR,
    SAME,
    Background,
    Topic,
    bar_for,
    text_of,
)
from papers.model import Paper
from papers.ports import Embedder, Vectors
from papers.query import analyse

OF_LIMIT = 0.6
BYTES = 520.0
"""The goals for a million topics: at least, and at most."""

VOLUMES = (None, 1.0, None, 2.0, None, 3.0)
"""Papers a day that topics ask for in turn; None for the bar of 3."""

PER_DAY = 1500.0
"""Papers a day of the stream that topics are calibrated on."""

PART = 5000
"""Topics embedded at a time."""

SAMPLE = 200
"""Topics compared with `Scale.closeness`."""

SQUARE = 2048
"""Rows of the matrices whose product is the limit."""

RUNS = 3


@dataclass(frozen=True)
class Batch:
    """Papers' stems, and their vectors of shape (papers, dim)."""

    documents: list[list[str]]
    vectors: Vectors

    @classmethod
    def of(cls, papers: Sequence[Paper], embedder: Embedder) -> Batch:
        """Analyse papers."""
        return cls([stems(analyse(paper)) for paper in papers], embedder.embed([text_of(paper) for paper in papers]))

    def first(self, count: int, *, words: bool = True) -> Batch:
        """The first so many of them, with their words or without."""
        return Batch(self.documents[:count] if words else [[]] * count, self.vectors[:count])


@dataclass(frozen=True)
class Measured:
    """Seconds that an index of `topics` took for `papers`; `flops` is the limit, floating-point operations a second."""

    topics: int
    papers: int
    flops: float
    vectors: float
    fused: float
    pairs: int

    def limit(self, dim: int) -> float:
        """Seconds that the product alone takes at the limit."""
        return 2.0 * self.topics * self.papers * dim / self.flops


class Grown:
    """An index that grows, and the sample of its topics that is looked into."""

    def __init__(self, corpus: Corpus, embedder: Embedder, background: Background) -> None:
        self.index: TopicIndex[int] = TopicIndex(embedder.dim, embedder.weight)
        self.sample: list[tuple[int, Topic, float | None]] = []
        self.seconds = 0.0
        self.calibrating = 0.0
        self._corpus = corpus
        self._embedder = embedder
        self._background = background
        self._volumes = cycle(VOLUMES)
        self._before = _resident()

    def to(self, size: int, every: int) -> None:
        """Add topics until there are `size`, and calibrate them; each `every`-th joins the sample."""
        while len(self.index) < size:
            texts = self._corpus.topics(min(PART, size - len(self.index)))
            topics = [Topic.of(text, one) for text, one in zip(texts, self._embedder.embed(texts), strict=True)]
            began = time.perf_counter()
            for topic in topics:
                key, volume = len(self.index), next(self._volumes)
                self.index.add(key, topic, bar=DEFAULT_BAR, per_day=volume)
                if key % every == 0:
                    self.sample.append((key, topic, volume))
            self.seconds += time.perf_counter() - began
        began = time.perf_counter()
        self.index.calibrate(self._background, PER_DAY)
        self.calibrating += time.perf_counter() - began

    @property
    def bytes_each(self) -> float:
        """By how many bytes a topic the process grew, keys and all."""
        return (_resident() - self._before) / len(self.index)

    def agrees(self, batch: Batch) -> bool:
        """Whether the index finds the pairs of the sample that `Scale.closeness` finds, and no others."""
        closest = self.index.match(batch.documents, batch.vectors)
        at = {key: place for place, key in enumerate(closest.keys)}
        words = BM25(batch.documents, like=self._background.words.like)
        for key, topic, volume in self.sample:
            scores = words.scores(topic.terms), batch.vectors @ topic.vector
            weight = self._embedder.weight
            z = self._background.scale(topic).closeness(*scores, floor=FLOOR, weight=weight)
            stream = self._background.closeness(topic, floor=FLOOR, weight=weight)
            bar = DEFAULT_BAR if volume is None else bar_for(stream, volume, PER_DAY)
            found = closest.papers[closest.topics == at[key]]
            if set(found.tolist()) != set(np.flatnonzero(z >= bar - SAME).tolist()):
                return False
        return True

    def measure(self, batch: Batch) -> Measured:
        """Time the index as it is."""
        count = len(batch.documents)
        bare = batch.first(count, words=False)
        pairs = 0
        flops, vectors, fused = 0.0, math.inf, math.inf
        for _ in range(RUNS):
            flops = max(flops, sgemm())
            began = time.perf_counter()
            self.index.match(bare.documents, bare.vectors)
            between = time.perf_counter()
            pairs = len(self.index.match(batch.documents, batch.vectors).papers)
            vectors = min(vectors, between - began)
            fused = min(fused, time.perf_counter() - between)
        return Measured(len(self.index), count, flops, vectors, fused, pairs)


def sgemm() -> float:
    """Floating-point operations a second of a large float32 product."""
    left, right = np.random.default_rng(1).random((2, SQUARE, SQUARE), np.float32)
    began = time.perf_counter()
    np.matmul(left, right)
    return 2.0 * SQUARE**3 / (time.perf_counter() - began)


def _resident() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def main() -> int:
    """Print the table; 1 if a goal is missed or a pair is."""
    parser = argparse.ArgumentParser(description="Topic matching against the machine's limit.")
    parser.add_argument("--topics", type=int, default=1_000_000)
    parser.add_argument("--papers", default="100,1500", help="sizes of batches, the largest last")
    given = parser.parse_args()
    batches = [int(size) for size in given.papers.split(",")]
    corpus, embedder = Corpus(), load_embedder("wordllama")
    papers = corpus.papers(BACKGROUND + max(batches))
    past, new = Batch.of(papers[:BACKGROUND], embedder), Batch.of(papers[BACKGROUND:], embedder)
    grown = Grown(corpus, embedder, Background(past.documents, past.vectors))
    measured = []
    for size in [*(10**power for power in range(3, 7) if 10**power < given.topics), given.topics]:
        grown.to(size, max(1, given.topics // SAMPLE))
        measured += [grown.measure(new.first(count)) for count in batches]
    return report(measured, grown, embedder.dim, exact=grown.agrees(new.first(batches[0])))


def report(measured: Sequence[Measured], grown: Grown, dim: int, *, exact: bool) -> int:
    """Print, and judge the largest size."""
    console = Console(width=100)
    table = Table(title=f"topics of {dim} dimensions")
    for heading in ("topics", "papers", "GFLOP/s", "limit, ms", "vectors, ms", "of it", "fused, ms", "of it", "pairs"):
        table.add_column(heading, justify="right")
    for one in measured:
        times = [f"{one.flops / 1e9:.0f}", f"{one.limit(dim) * 1e3:,.1f}"]
        for took in (one.vectors, one.fused):
            times += [f"{took * 1e3:,.1f}", f"{one.limit(dim) / took:.2f}"]
        table.add_row(f"{one.topics:,}", f"{one.papers:,}", *times, f"{one.pairs:,}")
    console.print(table)
    size = len(grown.index)
    reached = min(one.limit(dim) / one.vectors for one in measured if one.topics == size)
    columns, each = grown.index.nbytes / size, grown.bytes_each
    console.print(f"added in {grown.seconds:.1f} s, calibrated in {grown.calibrating:.1f} s")
    console.print(f"vectors at {reached:.2f} of the limit (goal ≥ {OF_LIMIT:g})")
    console.print(f"{each:.0f} B a topic, {columns:.0f} B of them in columns (goal ≤ {BYTES:g})")
    console.print(f"pairs agree with Scale.closeness for {len(grown.sample)} topics: {'yes' if exact else 'NO'}")
    return int(not exact or reached < OF_LIMIT or each > BYTES)


if __name__ == "__main__":
    sys.exit(main())
