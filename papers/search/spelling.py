"""The nearest word that papers have, for one that no paper has."""

from __future__ import annotations

from difflib import get_close_matches

from papers.search.words import Reading
from papers.text import fold, stem

LOOKED_AT = 3000
"""Words that begin with the same letter, the most frequent ones: people seldom mistype the first."""

LIKENESS = 0.75
"""Of difflib, 0 … 1: two wrong letters in seven, one in four."""


OFF = 2
"""Letters by which lengths may differ, and that a word may lack: what differs by more is not compared at all."""


def respelt(words: Reading, word: str) -> str | None:
    """The nearest word that papers have; None if some have this one, or if none is near. Raises Damaged."""
    tokens = fold(word)
    if len(tokens) != 1 or words.having(stem(tokens)[0]):
        return None
    token, letters = tokens[0], set(tokens[0])
    known = dict(words.beginning(token[0], LOOKED_AT))
    alike = [one for one in known if abs(len(one) - len(token)) <= OFF >= len(letters.difference(one))]
    near = get_close_matches(token, alike, n=1, cutoff=LIKENESS)
    return near[0] if near else None
