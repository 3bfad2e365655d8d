"""Which of many stored topics each of a few new papers is close enough to: `Scale.closeness`, for all of them at once.

Topics stand in blocks (`topic_block`), each calibrated once on the background that is told, and again when that is
another. Exact: no pair that reaches its bar is missed. Decides only. Not for two threads at once.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from papers.matching import topic_block
from papers.matching.bm25 import BM25
from papers.matching.topic_block import Close, TopicBlock
from papers.matching.topic_words import Floats, Numbers, table
from papers.matching.topics import COSINE_WEIGHT, Background, Topic
from papers.ports import Vectors

BATCH = 256
"""Papers at a time: with a block of topics, their scores stay in a processor's cache."""

THREADS = min(os.cpu_count() or 1, 4)
"""Blocks looked at side by side: comparing and counting words take one core each, products all there are."""

Key = TypeVar("Key", bound=Hashable)
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Closest(Generic[Key]):
    """Pairs of a paper and a topic that it is close enough to, each once; all of shape (pairs,).

    Attributes:
        papers: places in the sequence of documents given.
        topics: places in `keys`.
        z: the fused closeness.
        share: the part of the stream that is as close, rounded up: a place in `topics.SHARES`, or their number.
    """

    papers: Numbers
    topics: Numbers
    z: Floats
    share: npt.NDArray[np.int8]
    keys: Sequence[Key | None]


class TopicIndex(Generic[Key]):
    """Stored topics by key."""

    def __init__(self, dim: int, weight: float = COSINE_WEIGHT) -> None:
        self._dim = dim
        self._weight = weight
        self._blocks: list[TopicBlock] = []
        self._numbers: dict[str, int] = {}
        self._keys: list[Key | None] = []
        self._places: dict[Key, int] = {}
        self._background: Background | None = None

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    @property
    def nbytes(self) -> int:
        """Memory that the topics take, without their keys, in bytes."""
        return sum(block.nbytes for block in self._blocks)

    def add(self, key: Key, topic: Topic, *, bar: float | None, per_day: float | None = None) -> None:
        """Store a topic under `key`, in place of what was there.

        `bar` holds unless a volume is asked for; without either, the usual bar does.
        """
        if key in self._places:
            self.remove(key)
        if not self._blocks or self._blocks[-1].is_full:
            self._blocks.append(TopicBlock(self._dim, self._weight))
        terms = [self._numbers.setdefault(term, len(self._numbers)) for term in topic.terms]
        self._blocks[-1].append(topic, terms, bar, per_day)
        self._places[key] = len(self._keys)  # blocks are filled one after the other, and no line is used again
        self._keys.append(key)

    def remove(self, key: Key) -> None:
        """Forget `key`; raises KeyError if it is not there."""
        place = self._places.pop(key)
        self._keys[place] = None
        block, line = divmod(place, topic_block.SIZE)
        self._blocks[block].remove(line)

    def calibrate(self, background: Background, per_day: float | None) -> None:
        """Tell topics what scores mean: all of them if the background is another than before, else those that are new.

        `per_day` is how many papers the stream brings on a day, None if that is not known: volumes' bars then stay.
        """
        said = table(background.words, self._numbers)
        for block in self._blocks:
            if background is not self._background:
                block.forget_calibration()
            block.calibrate(background, said, per_day)
        self._background = background

    def match(self, documents: Sequence[Sequence[str]], vectors: Vectors) -> Closest[Key]:
        """Every pair of a paper and a topic that it is close enough to. Raises ValueError before `calibrate`.

        `documents` are the papers' stems, `vectors` theirs, of shape (papers, dim).
        """
        if self._background is None:
            raise ValueError("topics are compared with a stream, and there is none yet")
        like, numbers = self._background.words.like, self._numbers
        parts = [slice(start, start + BATCH) for start in range(0, len(documents), BATCH)]
        tables = [table(BM25(documents[part], like=like), numbers) for part in parts]

        def search(number: int) -> list[tuple[int, int, Close]]:
            block = self._blocks[number]
            floats = block.floats
            pairs = zip(parts, tables, strict=True)
            return [(part.start, number, block.match(floats, vectors[part], said)) for part, said in pairs]

        with ThreadPoolExecutor(THREADS) as threads:  # numpy lets other threads run while it computes
            found = [close for closes in threads.map(search, range(len(self._blocks))) for close in closes]
        return Closest(
            _joined([close.papers + start for start, _, close in found], np.int64),
            _joined([close.lines + number * topic_block.SIZE for _, number, close in found], np.int64),
            _joined([close.z for *_, close in found], np.float32),
            _joined([close.share for *_, close in found], np.int8),
            self._keys,
        )


def _joined(
    parts: Sequence[np.ndarray[Any, np.dtype[Number]]], kind: type[Number]
) -> np.ndarray[Any, np.dtype[Number]]:
    return np.concatenate(parts) if parts else np.empty(0, kind)
