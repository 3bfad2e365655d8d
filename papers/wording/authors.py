"""Who wrote a paper, in short."""

from __future__ import annotations

from typing import Final

from papers.model import Paper
from papers.text import clean

_COLLECTIVES: Final = frozenset({"team", "group", "lab", "labs", "collaboration", "consortium", "research"})
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def authors_text(paper: Paper) -> str:
    """`A. Vaswani et al. (Google)`; one author stands alone, two are joined by "and"; "" where nobody is named."""
    names = [initialled(name) for name in paper.authors[:2]]
    people = f"{names[0]} et al." if len(paper.authors) > len(names) else " and ".join(names)
    lab = clean(paper.organization or "")
    return f"{people} ({lab})" if people and lab else people or lab


def initialled(name: str) -> str:
    """`Ashish Vaswani` and `Vaswani, Ashish` as `A. Vaswani`; `Qwen Team`, `DeepSeek-AI` and `Plato` as they are."""
    last, comma, first = clean(name).partition(", ")
    given, family = (first.split(), last.split()) if comma and first.lower() not in _SUFFIXES else ([], [])
    if not given:
        given, family = _split_name(clean(name).split())
    if _COLLECTIVES & {word.lower() for word in given + family}:
        return clean(name)
    return " ".join([*map(_initial, given), *family])


def _split_name(words: list[str]) -> tuple[list[str], list[str]]:
    """Given and family names: a family name begins at its particle (`van`, `de`) and keeps its suffix (`Jr.`)."""
    start = len(words) - 1
    if start > 1 and words[start].lower() in _SUFFIXES:
        start -= 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return words[: max(start, 0)], words[max(start, 0) :]


def _initial(given: str) -> str:
    """`J.-L.` for `Jean-Luc`. Names in scripts without letter case are not shortened: it is not done there."""
    if "." in given or not given[0].isupper():
        return given
    return "-".join(f"{part[0]}." for part in given.split("-") if part)
