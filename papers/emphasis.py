"""Which parts of a text a reader's eye is to fall on: the words that a QUERY asked for. Pure.

    parts("Diffusing images", ["diffusion"])  ->  (("Diffusing", True), (" images", False))

Words are those of `Reason.words`: as typed, with their field if they have one, a prefix with its star. They are
compared as QUERYs are, by stem; a phrase counts as a whole. Parts hold the text as it is, joined they are the text; how
emphasis looks, and what has to be escaped, is each platform's affair. Words of fields that are not shown as sentences
(authors, organisations) emphasise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from papers.model import Reason
from papers.query.tree import FIELDS, STEMMED
from papers.text import fold, spans, stem

Parts = tuple[tuple[str, bool], ...]
"""A text in parts, each with whether it is to be emphasised."""

MOST: Final = 12
"""Places of a text that are emphasised: more are a pattern, and their marks take room."""


@dataclass(frozen=True, slots=True)
class _Sought:
    """Stems in a row, or the beginning of one token."""

    terms: tuple[str, ...]
    is_prefix: bool

    def ends(self, tokens: Sequence[str], stems: Sequence[str], place: int) -> int:
        """Where it ends if it stands at that place, else 0."""
        if self.is_prefix:
            return place + 1 if tokens[place].startswith(self.terms[0]) else 0
        end = place + len(self.terms)
        return end if tuple(stems[place:end]) == self.terms else 0

    def is_in(self, tokens: Sequence[str], stems: Sequence[str]) -> bool:
        """Whether it stands anywhere."""
        if self.is_prefix:
            return any(token.startswith(self.terms[0]) for token in tokens)
        return self.terms[0] in stems and any(self.ends(tokens, stems, place) for place in range(len(tokens)))


def parts(text: str, words: Sequence[str]) -> Parts:
    """The text in parts. Neighbours that nothing but a space stands between are one part."""
    found: list[tuple[str, bool]] = []
    done = 0
    for begin, end in _joined(text, marks(text, words))[:MOST]:
        found += [(text[done:begin], False), (text[begin:end], True)]
        done = end
    return tuple(part for part in (*found, (text[done:], False)) if part[0])


def sought(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The words of all reasons, each once."""
    return tuple(dict.fromkeys(word for reason in reasons for word in reason.words))


def marks(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text, from where to where, in order; none overlaps another."""
    wanted = [one for word in words if (one := _sought(word)) is not None]
    told = spans(text) if wanted else []
    tokens = [token for token, _, _ in told]
    stems = stem(tokens)
    found, place = [], 0
    while place < len(told):
        end = max((one.ends(tokens, stems, place) for one in wanted), default=0)
        if end:
            found.append((told[place][1], told[end - 1][2]))
        place = max(end, place + 1)
    return found


def held(text: str, words: Sequence[str]) -> frozenset[str]:
    """Those of the words that stand in the text."""
    tokens = fold(text)
    stems = stem(tokens)
    return frozenset(word for word in words if (one := _sought(word)) is not None and one.is_in(tokens, stems))


@lru_cache(maxsize=64)  # a search's words are looked for in every sentence of a page
def _sought(word: str) -> _Sought | None:
    field, colon, named = word.partition(":")
    if colon and field in FIELDS and field not in STEMMED:
        return None
    text = named if colon and field in STEMMED else word
    tokens = fold(text)
    is_prefix = text.endswith("*") and len(tokens) == 1
    return _Sought(tuple(tokens if is_prefix else stem(tokens)), is_prefix) if tokens else None


def _joined(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in places:
        if joined and not text[joined[-1][1] : begin].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined
