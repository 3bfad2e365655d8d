"""What votes teach, as values: one lesson a paper and channel, and what a topic has learned from them all.

A lesson stands on its own: it holds the paper's telling words, and names its vector. Which topics it is for was decided
when somebody voted. What is made of it is decided in `papers.matching.learning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic import AwareDatetime, NonNegativeInt


@dataclass(frozen=True, slots=True)
class Word:
    """A word that tells a paper from others: its weight, 0 < weight <= 1, and how the paper spells it."""

    weight: float
    shown: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a channel's votes for one paper teach.

    Attributes:
        paper: the paper's id.
        vector: the key of its vector, in the memory of whichever embedding model.
        words: stem -> word; the weights are the parts of a vector of unit length.
        topics: the topics that it is for, as `topic_mark` spells them.
        up, down: the 👍 and 👎 that the paper has in the channel.
        at: when somebody voted for it last.
    """

    paper: str
    vector: str
    words: Mapping[str, Word]
    topics: tuple[str, ...]
    at: AwareDatetime
    up: NonNegativeInt = 0
    down: NonNegativeInt = 0

    @property
    def way(self) -> int:
        """What the channel thinks of the paper on the whole: 1, -1, or 0 where it is of two minds."""
        return (self.up > self.down) - (self.up < self.down)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the subscriptions whose topics it is for."""
        return tuple(int(mark.partition(":")[0]) for mark in self.topics)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a topic has learned, for people: from how many votes, and the words that count for and against a paper now.

    The words are as papers spell them, the weightiest first; the topic's own are not among them.
    """

    votes: int
    more: tuple[str, ...] = field(default=())
    less: tuple[str, ...] = field(default=())


def topic_mark(number: int, topic: str) -> str:
    """A subscription's topic as lessons name it: `3:1a2b3c4d`. A topic that is rewritten begins anew."""
    return f"{number}:{sha256(topic.encode()).hexdigest()[:8]}"
