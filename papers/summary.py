"""One or two lines that say what a paper found, without asking anyone.

The source's own summary where it has one; else the abstract's most central sentences: those most similar to all
others. This is degree centrality with weights kept, over LexRank's cosine of tf·idf vectors (G. Erkan and D. R. Radev,
"LexRank: Graph-based Lexical Centrality as Salience in Text Summarization", JAIR 22, 2004, section 3), the words'
rarity being taken within the abstract. Nothing is rephrased, and nothing is read besides the one paper.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from papers.model import Paper
from papers.text import clean, fold, sentences, stem

_MAX_SENTENCES = 40
_ELLIPSIS = "…"

_Vector = dict[str, float]


def summarise(paper: Paper, limit: int = 240) -> str:
    """A summary of at most `limit` (≥ 1) characters, one line; "" if the paper has neither summary nor abstract.

    One sentence, or two in their original order if both fit. A sentence that does not fit is cut at a word and ends
    in an ellipsis.
    """
    if paper.ai_summary and (given := clean(paper.ai_summary)):
        return _trimmed(given, limit)
    parts = sentences(clean(paper.abstract))[:_MAX_SENTENCES]
    if not parts:
        return ""
    best, *others = _by_centrality(parts)
    for other in others[:1]:
        both = " ".join(parts[place] for place in sorted((best, other)))
        if len(both) <= limit:
            return both
    return _trimmed(parts[best], limit)


def _by_centrality(parts: Sequence[str]) -> list[int]:
    """The places of `parts`, the most central first; the earlier of equals."""
    vectors = _vectors([stem(fold(part)) for part in parts])
    centrality = [sum(_cosine(vector, other) for other in vectors) for vector in vectors]
    return sorted(range(len(parts)), key=lambda place: -centrality[place])


def _vectors(parts: Sequence[Sequence[str]]) -> list[_Vector]:
    """Unit tf·idf vectors. idf is log(1 + n / n_w), so that a word of every sentence still counts a little."""
    spread = Counter(word for part in parts for word in set(part))
    vectors = []
    for part in parts:
        vector = {word: times * math.log1p(len(parts) / spread[word]) for word, times in Counter(part).items()}
        length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
        vectors.append({word: weight / length for word, weight in vector.items()})
    return vectors


def _cosine(one: _Vector, other: _Vector) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _trimmed(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    room = text[: limit - len(_ELLIPSIS) + 1]
    at_word = room.rpartition(" ")[0].rstrip(" ,;:–-")  # noqa: RUF001 - what a cut should not end in
    return (at_word or room[:-1]) + _ELLIPSIS
