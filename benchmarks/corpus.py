"""Synthetic papers and subscriptions in realistic proportions, the same at every run.

Words are invented but English-like (so that the stemmer works) and follow Zipf's law. A paper is 150 to 200 words of
running text in which fixed phrases of its few topics recur. A subscription asks for its topic's words and phrases;
31 % of them ask what another one asks already; each matches 1.2 % of papers on average.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from papers.matching.keywords import KeywordIndex
from papers.model import Paper
from papers.query import Document, parse

_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "pr", "tr", "st", "gr", "qu", "")
_NUCLEI = ("a", "e", "i", "o", "u", "ea", "io")
_CODAS = ("", "", "n", "r", "l", "s", "t", "nt", "st", "ck")
_ENDINGS = ("", "", "", "s", "ing", "ed", "ation", "al", "er", "ize")

_COMMON = 400
_WORDS = 40_000
_TOPICS = 500
_TOPIC_WORDS = 120
_TOPIC_PHRASES = 60
_AUTHORS = 20_000
_CATEGORIES = ("cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML", "cs.RO", "eess.AS", "q-bio.NC", "math.OC", "cs.CR")
_DUPLICATES = 0.31
_DRAWN = 100_000
_SHAPES = (
    ("{word}", 30),
    ("{word} {second}", 20),
    ("{phrase}", 18),
    ("{word} OR {phrase}", 8),
    ("({word} OR {second}) {other}", 6),
    ("{word} -{other}", 8),
    ("{start}*", 3),
    ("title:{word}", 3),
    ("{word} cat:{category}", 2),
    ('author:"{author}"', 2),
)


class Corpus:
    """A language, its topics, and papers and subscriptions about them."""

    def __init__(self, seed: int = 20250311) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a benchmark's dice
        self._words = self._invent(_WORDS)
        self._zipf = list(accumulate(1 / (rank + 3) for rank in range(_WORDS)))
        self._topic_zipf = list(accumulate(1 / (rank + 2) for rank in range(_TOPICS)))
        self._term_zipf = list(accumulate(1 / (rank + 4) for rank in range(_TOPIC_WORDS)))
        self._phrase_zipf = list(accumulate(1 / (rank + 4) for rank in range(_TOPIC_PHRASES)))
        self._topics = [self._topic() for _ in range(_TOPICS)]
        self._authors = [f"{first.title()} {last.title()}" for first, last in self._pairs(_AUTHORS)]

    def papers(self, count: int) -> list[Paper]:
        """New papers."""
        return [self._paper(number) for number in range(count)]

    def queries(self, count: int) -> list[str]:
        """QUERYs of as many subscriptions, the popular ones more than once."""
        queries: list[str] = []
        known: set[str] = set()
        while len(queries) < count:
            query = self._query()
            if len(queries) - len(known) < _DUPLICATES * len(queries):
                queries.append(self._random.choice(queries))
            elif query not in known:
                known.add(query)
                queries.append(query)
        return queries

    def narrow_queries(self, count: int, documents: Sequence[Document], most: int) -> list[str]:
        """QUERYs as above, without those that match more than `most` of the documents."""
        queries: list[str] = []
        while len(queries) < count:
            drawn = self.queries(min(2 * count, _DRAWN))
            index = KeywordIndex(enumerate(map(parse, drawn)))
            hits = np.bincount(index.match(documents).queries, minlength=len(drawn))
            queries += [drawn[place] for place in np.flatnonzero(hits <= most)]
        return queries[:count]

    def topics(self, count: int) -> list[str]:
        """Free texts: a phrase and two to four words of one of the papers' topics. Hardly any two are the same."""
        chosen = self._random.choices(self._topics, cum_weights=self._topic_zipf, k=count)
        return [
            " ".join([self._phrase(topic).strip('"'), *(self._word(topic) for _ in range(self._random.randint(2, 4)))])
            for topic in chosen
        ]

    def _invent(self, count: int) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < count:
            length = 1 if len(words) < _COMMON else self._random.choice((2, 2, 3))
            syllables = (
                self._random.choice(_ONSETS) + self._random.choice(_NUCLEI) + self._random.choice(_CODAS)
                for _ in range(length)
            )
            words["".join(syllables) + (self._random.choice(_ENDINGS) if length > 1 else "")] = None
        return list(words)

    def _pairs(self, count: int) -> list[list[str]]:
        return [self._random.choices(self._words, k=2) for _ in range(count)]

    def _topic(self) -> tuple[list[str], list[str]]:
        words = self._random.choices(self._words[_COMMON:], self._rarities(), k=_TOPIC_WORDS)
        phrases = [
            " ".join(self._random.sample(words, self._random.choice((2, 2, 2, 3)))) for _ in range(_TOPIC_PHRASES)
        ]
        return words, phrases

    def _rarities(self) -> list[float]:
        return [1 / (rank + 200) for rank in range(_WORDS - _COMMON)]

    def _paper(self, number: int) -> Paper:
        topics = self._random.choices(self._topics, cum_weights=self._topic_zipf, k=3)
        title = [self._unit(topics, running=0.4) for _ in range(7)]
        abstract = [self._unit(topics, running=0.75) for _ in range(self._random.randint(125, 165))]
        return Paper(
            id=f"2503.{number:05}",
            title=" ".join(title).capitalize(),
            abstract=". ".join(" ".join(abstract[i : i + 20]).capitalize() for i in range(0, len(abstract), 20)),
            authors=tuple(self._random.sample(self._authors, self._random.randint(2, 8))),
            sources=("huggingface",),
            categories=tuple(self._random.sample(_CATEGORIES, self._random.randint(1, 3))),
        )

    def _unit(self, topics: list[tuple[list[str], list[str]]], *, running: float) -> str:
        """A word of running text, or a word or phrase of one of the topics."""
        die = self._random.random()
        if die < running:
            return self._random.choices(self._words, cum_weights=self._zipf)[0]
        words, phrases = self._random.choice(topics)
        if die < running + (1 - running) * 0.6:
            return self._random.choices(words, cum_weights=self._term_zipf)[0]
        return self._random.choices(phrases, cum_weights=self._phrase_zipf)[0]

    def _query(self) -> str:
        topic, other = self._random.choices(self._topics, cum_weights=self._topic_zipf, k=2)
        shape = self._random.choices([shape for shape, _ in _SHAPES], [weight for _, weight in _SHAPES])[0]
        return shape.format(
            word=self._word(topic),
            second=self._word(topic),
            other=self._word(other),
            phrase=self._phrase(topic),
            start=self._word(topic)[:6],
            category=self._random.choice(_CATEGORIES),
            author=self._random.choice(self._authors),
        )

    def _word(self, topic: tuple[list[str], list[str]]) -> str:
        return self._random.choices(topic[0], cum_weights=self._term_zipf)[0]

    def _phrase(self, topic: tuple[list[str], list[str]]) -> str:
        return f'"{self._random.choices(topic[1], cum_weights=self._phrase_zipf)[0]}"'
