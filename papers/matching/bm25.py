"""BM25 over the papers in hand: the lexical half of a topic's score, and of search.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf that cannot turn
negative (as in Lucene). Terms are stems of title and abstract; which they are is decided by whoever analysed them.

A topic is free text, so its words are weighed too: by how often it says them, and by the root of their idf, which
quiets "in", "based" and "models" (benchmarks/relevance.py: nDCG@10 of the fused score .43 without, .46 with).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75

Scores = npt.NDArray[np.float32]
"""Shape (n,): one figure a paper."""

Posting = tuple[npt.NDArray[np.int32], Scores]
"""Which documents have a stem, ascending, and how much it says of each; shape (documents with it,) both."""

_NOWHERE: Posting = (np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True)
class Statistics:
    """How rare each stem is, and how long a document usually is, in some collection.

    Attributes:
        size: documents.
        average: stems a document, at least 1 where there is none.
        documents: stem -> how many documents have it.
    """

    size: int
    average: float
    documents: Mapping[str, int]

    def idf(self, term: str) -> float:
        """How much a stem says by its rarity, 0 or more: its idf, and the root of that for the topic's side."""
        return float(self.idfs([term])[0])

    def idfs(self, terms: Iterable[str]) -> Scores:
        """The same of several, of shape (terms,)."""
        having = np.array([self.documents.get(term, 0) for term in terms], np.float64)
        rarity: Scores = (np.log1p((self.size - having + 0.5) / (having + 0.5)) ** 1.5).astype(np.float32)
        return rarity


class BM25:
    """An index of documents, each a sequence of stems, weighed as in the collection `like`, or else as in itself.

    Immutable.

    Attributes:
        size: how many documents.
        like: the statistics that they are weighed by.
        postings: by stem.
    """

    def __init__(self, documents: Sequence[Sequence[str]], like: Statistics | None = None) -> None:
        self.size = len(documents)
        numbers: dict[str, int] = {}
        terms, rows, counts = array("i"), array("i"), array("f")
        for row, document in enumerate(documents):
            said = Counter(document)
            terms.extend([numbers.setdefault(term, len(numbers)) for term in said])
            rows.extend([row] * len(said))
            counts.extend(said.values())
        lengths = np.array([len(document) for document in documents], np.float32)
        order = np.argsort(np.array(terms), kind="stable")
        having = np.bincount(np.array(terms, np.int64), minlength=len(numbers))
        self.like = like or Statistics(
            self.size,
            float(lengths.mean()) or 1.0 if self.size else 1.0,
            dict(zip(numbers, having.tolist(), strict=True)),
        )
        norms: Scores = (K1 * (1 - B + B * lengths / self.like.average)).astype(np.float32)
        ends = np.cumsum(having)
        told, whose = np.array(counts, np.float32)[order], np.array(rows, np.int32)[order]
        weights: Scores = told * np.float32(K1 + 1) / (told + norms[whose]) * np.repeat(self.like.idfs(numbers), having)
        self.postings: dict[str, Posting] = {
            term: (whose[end - count : end], weights[end - count : end])
            for term, end, count in zip(numbers, ends.tolist(), having.tolist(), strict=True)
        }

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """Every document's score for the stems of a text, each with its weight; shape (size,)."""
        total = np.zeros(self.size, np.float32)
        for term, weight in terms.items():
            rows, weights = self.postings.get(term, _NOWHERE)
            total[rows] += np.float32(weight) * weights  # a term has each row once
        return total
