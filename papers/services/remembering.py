"""Each text is embedded once anywhere: its vector is taken from memory, or made and kept there.

What is embedded, and under which key its vector lies, is said here and nowhere else. A key holds a hash of the text, so
that a text that changed has no vector, rather than an old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from papers.matching.topics import text_of
from papers.model import Paper
from papers.ports import Embedder, VectorMemory, Vectors

Vector = npt.NDArray[np.float32]
T = TypeVar("T")

READ_TOGETHER = 500
"""Vectors read in one go: about half a megabyte."""


def paper_key(paper: Paper) -> str:
    """Where a paper's vector lies."""
    return f"{paper.id}:{_hash(text_of(paper))}"


def topic_key(text: str) -> str:
    """Where a topic's vector lies."""
    return f"topic:{_hash(text)}"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


class Remembering:
    """An embedder whose vectors of topics and papers are made once. Fulfils `papers.ports.Embedder`, for topics."""

    def __init__(self, embedder: Embedder, memory: VectorMemory) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self.weight = embedder.weight
        self.at_once = embedder.at_once
        self._embedder = embedder
        self._memory = memory

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Topics' vectors, of shape (len(texts), dim)."""
        found = self._all({topic_key(text): text for text in texts}, None)
        return np.stack([found[topic_key(text)] for text in texts]) if texts else np.zeros((0, self.dim), np.float32)

    def of_papers(self, papers: Sequence[Paper], at_most: int | None = None) -> dict[str, Vector]:
        """Papers' vectors by id. If more than `at_most` lack theirs, only the first so many are embedded."""
        found = self._all({paper_key(paper): text_of(paper) for paper in papers}, at_most)
        return {paper.id: found[key] for paper in papers if (key := paper_key(paper)) in found}

    def lacking(self, papers: Sequence[Paper]) -> list[Paper]:
        """Those that have no vector yet."""
        found = self._known([paper_key(paper) for paper in papers])
        return [paper for paper in papers if paper_key(paper) not in found]

    def lacking_topics(self, texts: Sequence[str]) -> list[str]:
        """Those that have no vector yet."""
        found = self._known([topic_key(text) for text in texts])
        return [text for text in texts if topic_key(text) not in found]

    def _all(self, texts: Mapping[str, str], at_most: int | None) -> dict[str, Vector]:
        found = self._known([*texts])
        missing = [key for key in texts if key not in found][:at_most]
        # kept part by part: who is stopped in the middle did not work in vain
        for some in parts(missing, self.at_once):
            vectors = self._embedder.embed([texts[key] for key in some])
            kept = vectors.astype(np.float16).astype(np.float32)  # as memory gives it back, to whoever asks next
            made = dict(zip(some, kept, strict=True))
            self._memory.put(made)
            found |= made
        return found

    def _known(self, keys: Sequence[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        for some in parts(keys, READ_TOGETHER):
            found |= self._memory.get(some)
        return found


def parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The same things, at most `size` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))
