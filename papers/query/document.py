"""A paper as QUERYs see it: analysed once, then asked many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.model import Paper
from papers.query.tree import Field, category_key
from papers.text import fold, stem

Runs = tuple[Sequence[str], ...]
"""Tokens in order; a phrase lies within one run (the title, one author's name, …)."""


@dataclass(frozen=True, slots=True)
class Document:
    """What words and phrases are compared with (`terms`), and what prefixes are (`tokens`: unstemmed), by field.

    The runs of "text" are those of "title" and of "abstract". A run of "cat" is one category and its archive:
    ["cs.cl", "cs"].
    """

    terms: dict[Field, Runs]
    tokens: dict[Field, Runs]


def analyse(paper: Paper) -> Document:
    """Fold and stem each field of `paper`. Linear in its text."""
    title, abstract = fold(paper.title), fold(paper.abstract)
    title_terms, abstract_terms = stem(title), stem(abstract)
    unstemmed: dict[Field, Runs] = {
        "author": tuple(map(fold, paper.authors)),
        "org": (fold(paper.organization),) if paper.organization else (),
        "cat": tuple(map(_category, paper.categories)),
        "source": tuple(map(fold, paper.sources)),
    }
    return Document(
        terms={
            "text": (title_terms, abstract_terms),
            "title": (title_terms,),
            "abstract": (abstract_terms,),
            **unstemmed,
        },
        tokens={"text": (title, abstract), "title": (title,), "abstract": (abstract,), **unstemmed},
    )


def _category(name: str) -> tuple[str, str]:
    key = category_key(name)
    return key, key.partition(".")[0]
