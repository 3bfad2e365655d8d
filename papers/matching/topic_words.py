"""The words of many topics, in columns, and what a batch of papers says of them: the lexical half of their scores."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from papers.matching.bm25 import BM25

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


MANY = 0.05
"""Part of all pairs beyond which it takes less time to score all of them, row by row, than some, word by word."""


@dataclass(frozen=True, slots=True)
class Table:
    """How much each of some papers says of each word that any topic has.

    Attributes:
        row: each word's row in `rows`, by its number; 0 for a word that no paper says.
        rows: shape (words that are said + 1, papers); row 0 is zero.
    """

    row: npt.NDArray[np.int32]
    rows: Floats


@dataclass(frozen=True, slots=True)
class Said:
    """What papers say of the words of some topics.

    Attributes:
        counts: how many words each topic has, shape (topics,).
        weights: the weight of each topic's each word, in the topics' order.
        row: each of these words' row in the table.
        table: what the papers say.
    """

    counts: Numbers
    weights: Floats
    row: npt.NDArray[np.int32]
    table: Table

    def of_all(self) -> Floats:
        """The lexical score of every pair; shape (topics, papers)."""
        total = np.zeros((len(self.counts), self.table.rows.shape[1]), np.float32)
        begins = np.cumsum(self.counts) - self.counts
        for turn in range(int(self.counts.max(initial=0))):  # each topic's first word, then each one's second, …
            topics = np.flatnonzero(self.counts > turn)
            words = begins[topics] + turn
            said = self.row[words] > 0
            topics, words = topics[said], words[said]
            total[topics] += self.weights[words, None] * self.table.rows[self.row[words]]
        return total

    def of(self, topics: Numbers, papers: Numbers) -> Floats:
        """The lexical score of each of some pairs; shape (pairs,), as that of both arguments."""
        if len(topics) > MANY * len(self.counts) * self.table.rows.shape[1]:
            return self.of_all()[topics, papers]
        begins, many = np.cumsum(self.counts) - self.counts, self.counts[topics]
        pair = np.repeat(np.arange(len(topics)), many)
        word = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many - begins[topics], many)
        said = self.row[word] > 0
        pair, word = pair[said], word[said]
        scores = self.table.rows[self.row[word], papers[pair]] * self.weights[word]
        return np.bincount(pair, scores, len(topics)).astype(np.float32)

    def at_best(self) -> Floats:
        """The most that a paper could score for each topic, if it said of every word what the others say at most."""
        most = self.table.rows.max(axis=1, initial=0)[self.row] * np.maximum(self.weights, 0)
        topic = np.repeat(np.arange(len(self.counts)), self.counts)
        return np.bincount(topic, most, len(self.counts)).astype(np.float32)


class TopicWords:
    """Each topic's stems, by number, and their weights. Columns that only grow at their end."""

    def __init__(self) -> None:
        self._begins = array("i", [0])
        self._terms = array("i")
        self._weights = array("f")

    def __len__(self) -> int:
        return len(self._begins) - 1

    @property
    def nbytes(self) -> int:
        """Memory taken, in bytes."""
        return sum(len(column) * column.itemsize for column in (self._begins, self._terms, self._weights))

    def append(self, terms: Iterable[int], weights: Iterable[float]) -> None:
        """One more topic."""
        self._terms.extend(terms)
        self._weights.extend(weights)
        self._begins.append(len(self._terms))

    def said(self, table: Table, first: int = 0) -> Said:
        """What papers say of the topics from `first` on."""
        begins = np.array(self._begins[first:], np.int64)
        here = slice(int(begins[0]), int(begins[-1]))
        terms, weights = np.array(self._terms[here], np.int32), np.array(self._weights[here], np.float32)
        return Said(np.diff(begins), weights, table.row[terms], table)


def table(words: BM25, numbers: Mapping[str, int]) -> Table:
    """What the documents of `words` say of the stems that have a number."""
    said = [(numbers[term], posting) for term, posting in words.postings.items() if term in numbers]
    row = np.zeros(len(numbers), np.int32)
    row[[number for number, _ in said]] = np.arange(1, len(said) + 1)
    rows = np.zeros((len(said) + 1, words.size), np.float32)
    for place, (_, (documents, weights)) in enumerate(said, start=1):
        rows[place, documents] = weights
    return Table(row, rows)
