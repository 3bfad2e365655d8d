"""One or two lines that say what a paper found, without asking anyone.

The source's own summary where it has one, else the one that was generated when the paper was matched, if there is one
(`workers.summarise`), else the abstract's most central sentences: those most similar to all others. That is degree
centrality with weights kept, over LexRank's cosine of tf·idf vectors (G. Erkan and D. R. Radev, "LexRank: Graph-based
Lexical Centrality as Salience in Text Summarization", JAIR 22, 2004, section 3), the words' rarity being taken within
the abstract. Nothing is rephrased here, and nothing is read besides the one paper.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from operator import mul

from papers.answers.card import Card
from papers.emphasis import held, marks
from papers.model import Paper, Reason
from papers.text import clean, fold, sentences, stem

LIMIT = 240
"""Characters of a summary, unless a platform says otherwise."""

TELLER = "Hugging Face"
"""The one source that has summaries of its own, generated ones."""

_MAX_SENTENCES = 40
_ELLIPSIS = "…"
_BEFORE = 60
"""Characters that a part of a sentence shows before the first of the words."""

_Vector = dict[str, float]


def card(paper: Paper, reasons: tuple[Reason, ...] = (), score: float | None = None, *, limit: int = LIMIT) -> Card:
    """A paper as a reader sees it, with a summary of at most `limit` (≥ 1) characters."""
    return Card(paper, summarise(paper, limit), reasons, score, by=_author(paper))


def found_card(paper: Paper, words: Sequence[str], limit: int = LIMIT) -> Card:
    """A paper that was searched for: with sentences of the abstract where they hold more of the words than its summary.

    `words` are those of the QUERY that the paper has, as typed.
    """
    told = card(paper, (Reason(words=tuple(words)),) if words else (), limit=limit)
    has = held(told.summary, words)
    shown = snippet(paper, words, limit) if has != frozenset(words) else ""
    return told if len(has) >= len(held(shown, words)) else replace(told, summary=shown, by="")


def summarise(paper: Paper, limit: int = LIMIT) -> str:
    """A summary of at most `limit` (≥ 1) characters, one line; "" if the paper has neither summary nor abstract.

    One sentence, or two in their original order if both fit. A sentence that does not fit is cut at a word and ends
    in an ellipsis.
    """
    if given := _given(paper):
        return _trimmed(given, limit)
    parts = _parts(paper.abstract)
    if not parts:
        return ""
    best, *others = _by_centrality(parts)
    for other in others[:1]:
        both = " ".join(parts[place] for place in sorted((best, other)))
        if len(both) <= limit:
            return both
    return _trimmed(parts[best], limit)


def snippet(paper: Paper, words: Sequence[str], limit: int = LIMIT) -> str:
    """The sentence of the abstract that holds most of the words, and another that holds more if both fit; "" for none.

    Of a sentence that does not fit, the part from shortly before the first of them on.
    """
    parts = _parts(paper.abstract)
    holds = [held(part, words) for part in parts]
    best = max(range(len(parts)), key=lambda place: len(holds[place]), default=None)
    if best is None or not holds[best]:
        return ""
    for other, also in enumerate(holds):
        both = " ".join(parts[place] for place in sorted((best, other)))
        if also - holds[best] and len(both) <= limit:
            return both
    return _around(parts[best], words, limit)


@lru_cache(maxsize=8)  # a paper that was searched for is asked for its summary and for a snippet
def _parts(abstract: str) -> Sequence[str]:
    return tuple(sentences(clean(abstract))[:_MAX_SENTENCES])


def _around(sentence: str, words: Sequence[str], limit: int) -> str:
    if len(sentence) <= limit or held(_trimmed(sentence, limit), words) == held(sentence, words):
        return _trimmed(sentence, limit)
    first = next(start for start, _ in marks(sentence, words))
    begins = sentence.find(" ", max(first - _BEFORE, 0), first) + 1 or first
    return _trimmed(_ELLIPSIS + sentence[begins:], limit) if begins else _trimmed(sentence, limit)


def _given(paper: Paper) -> str:
    """The summary that somebody wrote, or had written; "" for none."""
    return clean(paper.ai_summary or "") or clean(paper.generated[0] if paper.generated else "")


def _author(paper: Paper) -> str:
    """Whose model wrote the summary; "" where it is the authors' own sentences."""
    if clean(paper.ai_summary or ""):
        return TELLER
    return paper.generated[1] if paper.generated and clean(paper.generated[0]) else ""


def _by_centrality(parts: Sequence[str]) -> list[int]:
    """The places of `parts`, the most central first; the earlier of equals.

    The sum of a vector's cosines with all others is its product with their sum: one look at each, not at each pair.
    """
    vectors = _vectors([stem(fold(part)) for part in parts])
    together: _Vector = defaultdict(float)
    for vector in vectors:
        for word, weight in vector.items():
            together[word] += weight
    centrality = [round(math.fsum(map(mul, one.values(), map(together.__getitem__, one))), 9) for one in vectors]
    return sorted(range(len(parts)), key=lambda place: -centrality[place])


def _vectors(parts: Sequence[Sequence[str]]) -> list[_Vector]:
    """Unit tf·idf vectors. idf is log(1 + n / n_w), so that a word of every sentence still counts a little."""
    counted = [Counter(part) for part in parts]
    spread = Counter(chain.from_iterable(counted))
    rarity = [math.log1p(len(parts) / (among or 1)) for among in range(len(parts) + 1)]
    vectors = []
    for one in counted:
        weights = [times * rarity[spread[word]] for word, times in one.items()]
        length = math.sqrt(math.fsum(map(mul, weights, weights)))
        vectors.append({word: weight / length for word, weight in zip(one, weights, strict=True)})
    return vectors


def _trimmed(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    room = text[: limit - len(_ELLIPSIS) + 1]
    at_word = room.rpartition(" ")[0].rstrip(" ,;:–-")  # noqa: RUF001 - what a cut should not end in
    return (at_word or room[:-1]) + _ELLIPSIS
