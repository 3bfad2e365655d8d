"""The archive's vectors on disk: scanned as bytes, all of them, and read exactly where that counts.

A vector is kept twice: in float16, as everywhere, and in whole steps of its own size (`papers.matching.topics.steps`),
a byte a dimension. A scan of the bytes bounds every cosine from both sides; whoever decides by one reads it exactly.
There is no approximate index: 100,000 papers are scanned in a few milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import Scores
from papers.matching.topics import steps
from papers.ports import Vectors
from papers.search.columns import Make

BLOCK = 512
"""Vectors at a time: as float32 they stay in a processor's cache."""

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
        n, dim = self.whole.shape
        cosines = np.empty(n, np.float32)
        block = np.empty((BLOCK, dim), np.float32)
        for start in range(0, n, BLOCK):
            part = block[: min(BLOCK, n - start)]
            part[:] = self.whole[start : start + BLOCK]
            np.dot(part, vector, out=cosines[start : start + BLOCK])
        cosines *= self.step
        return cosines

    def error(self, vector: npt.NDArray[np.float32]) -> Scores:
        """How far each of `scan`'s figures may be off: rounding moves a dimension by half a step at most."""
        half: Scores = self.step * np.float32(np.abs(vector).sum() / 2)
        return half

    def cosines(self, rows: Numbers, vector: npt.NDArray[np.float32]) -> Scores:
        """The cosines of these rows, to the bit the same whichever rows they are among; shape (len(rows),)."""
        exact: Scores = np.einsum("ij,j->i", self.exact[rows].astype(np.float32), vector)
        return exact


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
