"""The archive's vectors on disk: scanned as bytes, all of them, and read exactly where that counts.

A vector is kept twice: in float16, as everywhere, and in whole steps of its own size (`papers.matching.topics.steps`),
a byte a dimension. A scan of the bytes bounds every cosine from both sides; whoever decides by one reads it exactly.
What is asked for is whole steps too, and what that leaves over whole steps 254 times finer: products of bytes are
exact sums of whole numbers, and several times as fast as those of floats that bytes are made into first.
There is no approximate index: 100,000 papers are scanned in two milliseconds, and a million on all cores.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import simsimd

from papers.matching.bm25 import Scores
from papers.matching.topics import STEPS, steps
from papers.ports import Vectors
from papers.search.columns import Make

BLOCK = 8192
"""Vectors at a time: their products, two float64 each, stay in a processor's cache."""

THREADS = min(os.cpu_count() or 1, 4)
"""Of one scan: more than four find the way to memory full."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meanings:
    """n vectors. Any number of threads may ask.

    Attributes:
        whole: shape (n, dim), from -127 to 127.
        step: shape (n,), the size of a step; 0 where there is no vector.
        exact: shape (n, dim).
    """

    whole: npt.NDArray[np.int8]
    step: npt.NDArray[np.float32]
    exact: npt.NDArray[np.float16]

    def scan(self, vector: npt.NDArray[np.float32]) -> Scores:
        """About the cosine of each with `vector`, of shape (dim,); shape (n,)."""
        cosines = np.empty(len(self.whole), np.float32)
        whole, (coarse, fine) = _in_two(vector)

        def scan_share(first: int) -> None:
            for start in range(first, len(cosines), THREADS * BLOCK):
                block = slice(start, start + BLOCK)
                products = np.asarray(simsimd.cdist(self.whole[block], whole, "dot"))
                cosines[block] = (coarse * products[:, 0] + fine * products[:, 1]) * self.step[block]

        with ThreadPoolExecutor(THREADS) as threads:  # simsimd lets other threads run while it computes
            deque(threads.map(scan_share, range(0, THREADS * BLOCK, BLOCK)), maxlen=0)  # raises what a share raised
        return cosines

    def error(self, vector: npt.NDArray[np.float32]) -> Scores:
        """How far each of `scan`'s figures may be off: rounding moves a dimension by half a step at most, of either."""
        _, (_, fine) = _in_two(vector)
        half: Scores = self.step * np.float32((np.abs(vector).sum() + STEPS * len(vector) * fine) / 2)
        return half

    def cosines(self, rows: Numbers, vector: npt.NDArray[np.float32]) -> Scores:
        """The cosines of these rows, to the bit the same whichever rows they are among; shape (len(rows),)."""
        exact: Scores = np.einsum("ij,j->i", self.exact[rows].astype(np.float32), vector)
        return exact


def _in_two(vector: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], tuple[np.float32, np.float32]]:
    """A vector as the sum of two in whole steps, of shape (2, dim), and the length of each one's step."""
    whole, (coarse,) = steps(vector)
    rest, (fine,) = steps(vector - whole * coarse)
    return np.stack([whole, rest]), (coarse, fine)


class MeaningColumns:
    """The vectors' columns in one directory, which `make` makes."""

    def __init__(self, make: Make, dim: int) -> None:
        self.whole = make("whole", np.dtype(np.int8), dim)
        self.step = make("step", np.dtype(np.float32), 1)
        self.exact = make("exact", np.dtype(np.float16), dim)

    def append(self, vectors: Vectors) -> None:
        """Add vectors, zero for papers that have none. Raises OSError."""
        exact = vectors.astype(np.float16)
        whole, step = steps(exact.astype(np.float32))
        self.whole.append(whole)
        self.step.append(step[:, 0])
        self.exact.append(exact)

    def read(self) -> Meanings:
        """The vectors as they are now."""
        return Meanings(self.whole.read(), self.step.read(), self.exact.read())
