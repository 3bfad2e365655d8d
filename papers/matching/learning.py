"""Learning from 👍 and 👎: a topic moves towards the papers that people liked, and a little away from the others.

    vector   t + UP * mean(liked) - DOWN * mean(disliked), never far away from t: see `BOUNDS`
    words    the same sum over the papers' telling words; together they weigh less than the topic's own, none of
             which ever loses weight

This is Rocchio's relevance feedback ("Relevance feedback in information retrieval", 1971) with the weights usual for it
(Manning, Raghavan & Schütze, "Introduction to Information Retrieval", 2008, section 9.1.1), and two bounds, so that a
topic never turns away from its own text, whoever votes. Each mean is taken as though one more paper had taught nothing:
a single vote moves a topic half as far as many that agree. benchmarks/learning.py measures what ten votes are worth,
what wrong ones cost, and what other weights and bounds would do.

Which papers teach which topic is not decided here, nor is anything kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, log, sqrt
from string import punctuation

import numpy as np
import numpy.typing as npt

from papers.lesson import Learned, Lesson, Word
from papers.matching.bm25 import Statistics
from papers.matching.topics import Topic
from papers.text import fold, stem

LESSON_WORDS = 12
"""Telling words of a paper that are kept; twice as many teach nothing more."""

LIKED_WORDS = 24
DISLIKED_WORDS = 8
"""Words that a topic learns at most to look for, and to avoid: the weightiest."""

COMMON = 0.1
"""A word that more than this share of the stream's papers have tells nothing of a paper."""

SHOWN_MORE = 3
SHOWN_LESS = 2
"""Words that are shown of what was learned."""

Vector = npt.NDArray[np.float32]
"""Shape (dim,)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How fast, and how far, a topic moves.

    Attributes:
        up, down: weights of the mean liked and the mean disliked paper, the topic's own being 1.
        cosine: the least cosine between a moved vector and the topic's own.
        share: the most that learned words may weigh, as a multiple of what the topic's own words do.
    """

    up: float = 0.75
    down: float = 0.15
    cosine: float = 0.9
    share: float = 0.5


BOUNDS = Bounds()
"""A turn of 26 degrees at most. Wider bounds give right votes nothing more, and wrong ones more harm."""


def telling_words(text: str, stream: Statistics) -> dict[str, Word]:
    """The words that tell a text from a stream of papers that it is one of: tf-idf, as a unit vector.

    Bare numbers are none: `10,000` is rare, and says nothing of what a paper is about.
    None, where the stream is too small to tell.
    """
    said = _said(text)
    weights = {
        term: (1 + log(spelt.total())) * stream.idf(term)
        for term, spelt in said.items()
        if stream.documents.get(term, 0) <= COMMON * stream.size and not term.isnumeric()
    }
    telling = sorted(weights, key=lambda term: (-weights[term], term))[:LESSON_WORDS]
    length = hypot(*(weights[term] for term in telling)) or 1.0
    return {term: Word(round(weights[term] / length, 3), said[term].most_common(1)[0][0]) for term in telling}


def _said(text: str) -> dict[str, Counter[str]]:
    """How often a text says each stem, by spelling: acronyms as they stand, other words in lower case."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for written in text.split():
        bare = written.strip(punctuation)
        tokens = fold(bare)
        spelt = [bare] if len(tokens) == 1 and any(map(str.isupper, bare[1:])) else tokens
        for term, shown in zip(stem(tokens), spelt, strict=True):
            said[term][shown] += 1
    return said


def moved(topic: Topic, lessons: Sequence[tuple[Lesson, Vector | None]], bounds: Bounds = BOUNDS) -> Topic:
    """The topic as lessons move it, each with its paper's vector if that is known; without any, the topic itself."""
    if not any(lesson.way for lesson, _ in lessons):
        return topic
    words = _learned_words([lesson for lesson, _ in lessons], bounds)
    return Topic(_with_words(topic.terms, words, bounds), _turned(topic.vector, lessons, bounds))


def _learned_words(lessons: Sequence[Lesson], bounds: Bounds) -> dict[str, float]:
    """What lessons say of words: stem -> weight, the weightiest ones."""
    learned: dict[str, float] = defaultdict(float)
    for way, weight in ((1, bounds.up), (-1, bounds.down)):
        teaching = [lesson for lesson in lessons if lesson.way == way]
        for lesson in teaching:
            for term, word in lesson.words.items():
                if term.isnumeric():  # of a lesson that was kept before they were left out
                    continue
                learned[term] += way * weight * word.weight / (len(teaching) + 1)
    ranked = sorted(learned, key=lambda term: (-abs(learned[term]), term))
    liked = [term for term in ranked if learned[term] > 0][:LIKED_WORDS]
    disliked = [term for term in ranked if learned[term] < 0][:DISLIKED_WORDS]
    return {term: learned[term] for term in (*liked, *disliked)}


def _with_words(own: Mapping[str, float], words: Mapping[str, float], bounds: Bounds) -> dict[str, float]:
    """A topic's own words and the learned ones, which are on the scale of a topic of one word."""
    taught = {term: weight * sqrt(len(own)) for term, weight in words.items() if weight > 0 or term not in own}
    size, room = sum(map(abs, taught.values())), bounds.share * sum(own.values())
    scale = min(1.0, room / size) if size else 0.0
    return dict(own) | {term: own.get(term, 0.0) + scale * weight for term, weight in taught.items()}


def _turned(own: Vector, lessons: Sequence[tuple[Lesson, Vector | None]], bounds: Bounds) -> Vector:
    turned = own.astype(np.float64)
    for way, weight in ((1, bounds.up), (-1, bounds.down)):
        vectors = [vector for lesson, vector in lessons if lesson.way == way and vector is not None]
        if vectors:
            turned += way * weight * np.sum(vectors, axis=0, dtype=np.float64) / (len(vectors) + 1)
    return _at_most(bounds.cosine, own.astype(np.float64), turned).astype(np.float32)


def _at_most(cosine: float, own: npt.NDArray[np.float64], turned: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """`turned` as a unit vector, brought back to where its cosine with `own` is `cosine` if it is less."""
    along, length = float(turned @ own), float(np.linalg.norm(turned))
    aside = turned - along * own
    if not own.any() or not length:
        return own  # a topic without a known word has no meaning that could be moved
    if along >= cosine * length:
        return turned / length
    return cosine * own + sqrt(1 - cosine**2) * aside / np.linalg.norm(aside)


def learned(topic: str, lessons: Iterable[Lesson], bounds: Bounds = BOUNDS) -> Learned | None:
    """What a topic, by its text, has learned from lessons, for people; None if that is nothing."""
    taught = [lesson for lesson in lessons if lesson.way]
    if not taught:
        return None
    own = set(stem(fold(topic)))
    shown = {term: word.shown for lesson in taught for term, word in lesson.words.items()}
    words = [(weight, shown[term]) for term, weight in _learned_words(taught, bounds).items() if term not in own]
    return Learned(
        votes=sum(lesson.up + lesson.down for lesson in taught),
        more=tuple(word for weight, word in words if weight > 0)[:SHOWN_MORE],
        less=tuple(word for weight, word in words if weight < 0)[:SHOWN_LESS],
    )
