"""The archive as search and previews read it: what a library does for them. `papers.search` has one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np

from papers.matching.bm25 import Scores
from papers.matching.decide import Compiled
from papers.matching.hits import Hit
from papers.matching.topics import ORDINARY_COSINE, ORDINARY_LEXICAL, Background, Scale, Topic
from papers.model import Paper, Subscription
from papers.query import Expr

Sort = Literal["new", "top"]
"""Orders other than by closeness: newest first, most upvoted first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search.

    Attributes:
        expr: what a paper has to fulfil; None: nothing.
        loose: what one that is only close in meaning has to fulfil; None: nothing.
        topic: what papers are ranked by; None where nothing is asked for that has a meaning.
        since, before: the first day, and the first that is none any more.
        code: only papers with code.
    """

    expr: Expr | None
    loose: Expr | None
    topic: Topic | None
    since: date | None = None
    before: date | None = None
    code: bool = False
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many papers fulfil it, how many are close in meaning, and the first of their ids."""

    exact: int
    near: int
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ruler:
    """What closeness is measured on: a stream's newest papers, and the embedding model's weight."""

    background: Background
    weight: float

    def scale(self, topic: Topic) -> Scale:
        """What scores mean for a topic; on a stream without papers, what they ordinarily mean."""
        return self.background.scale(topic) if len(self.background) else Scale(ORDINARY_LEXICAL, ORDINARY_COSINE)

    def closeness(self, topic: Topic, floor: float) -> Scores:
        """Of the stream's papers, to compare others' with; shape (papers,)."""
        if not len(self.background):
            return np.empty(0, np.float32)
        return self.background.closeness(topic, floor=floor, weight=self.weight)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a topic's papers have to reach: the z of their cosine alone, and their closeness (None: the usual one)."""

    floor: float
    z: float | None


@dataclass(frozen=True, slots=True)
class Tested:
    """What a subscription would have posted: how much, and the first of it.

    Newest first, of a day those with the highest score, then the most upvoted.
    """

    total: int
    hits: Sequence[Hit]


class Lookback(Protocol):
    """The papers of the 30 days that end with the newest."""

    @property
    def size(self) -> int:
        """How many they are."""

    @property
    def days(self) -> int:
        """How many days they really cover, from 1 to 30."""

    @property
    def newest(self) -> date | None:
        """The newest of these days; None without a paper."""

    @property
    def busy_days(self) -> int:
        """Days that have a paper; at least 1."""

    @property
    def per_day(self) -> float:
        """Papers on a day that has any, of the stream that topics' bars follow."""

    def hits(self, compiled: Compiled, bar: Bar, limit: int) -> Tested:
        """What a subscription to a QUERY or a topic wants; at most `limit` hits."""

    def trending(self, subscription: Subscription, limit: int) -> Tested:
        """What a subscription to the days' most upvoted wants."""

    def has_word_of(self, topic: Topic) -> bool:
        """Whether any of the papers around has a word of the topic."""

    def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The papers of these ids, in this order."""


class Reader(Protocol):
    """The library at one moment."""

    @property
    def note(self) -> str | None:
        """What is to be said of its answers: why papers are missing, if any are."""

    @property
    def is_complete(self) -> bool:
        """Whether it has all that the archive has."""

    def search(self, asked: Asked, ruler: Ruler) -> Found:
        """Papers, best first."""

    def nearest(self, topic: Topic, ruler: Ruler, limit: int) -> list[str]:
        """Ids of the papers closest to a topic, closest first; none that is less close than the average paper."""

    def lookback(self, ruler: Ruler, per_day: float) -> Lookback:
        """The last 30 days; `per_day` is of the stream that bars follow."""

    def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The papers of these ids as the archive has them now, in this order."""

    def respelt(self, word: str) -> str | None:
        """The nearest word that papers have, for one that none has; None for one that some have, or if none is near."""


class Library(Protocol):
    """Gives readers."""

    def reading(self) -> AbstractContextManager[Reader]:
        """A reader of what there is now. Raises SearchUnavailable, also from within."""
