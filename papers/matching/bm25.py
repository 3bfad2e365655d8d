"""BM25 over the papers in hand: the lexical half of a topic's score, and of search.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf that cannot turn
negative (as in Lucene). Terms are stems of title and abstract; which they are is decided by whoever analysed them.

A topic is free text, so its words are weighed too: by how often it says them, and by the root of their idf, which
quiets "in", "based" and "models" (benchmarks/relevance.py: nDCG@10 of the fused score .43 without, .46 with).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75

Scores = npt.NDArray[np.float32]
"""Shape (n,): one figure a paper."""

_NOWHERE = (np.empty(0, np.int32), np.empty(0, np.float32))


class BM25:
    """An index of n documents, each a sequence of stems. Immutable."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        average = sum(map(len, documents)) / max(self.size, 1) or 1.0
        found: dict[str, tuple[list[int], list[float]]] = {}
        for row, document in enumerate(documents):
            norm = K1 * (1 - B + B * len(document) / average)
            for term, count in Counter(document).items():
                rows, weights = found.setdefault(term, ([], []))
                rows.append(row)
                weights.append(count * (K1 + 1) / (count + norm))
        self._postings = {term: self._weighed(*lists) for term, lists in found.items()}

    def _weighed(self, rows: list[int], weights: list[float]) -> tuple[npt.NDArray[np.int32], Scores]:
        idf = np.log1p((self.size - len(rows) + 0.5) / (len(rows) + 0.5))
        return np.asarray(rows, np.int32), np.asarray(weights, np.float32) * np.float32(idf**1.5)

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """Every document's score for the stems of a text, each with its weight; shape (size,)."""
        total = np.zeros(self.size, np.float32)
        for term, weight in terms.items():
            rows, weights = self._postings.get(term, _NOWHERE)
            total[rows] += np.float32(weight) * weights  # a term has each row once
        return total
