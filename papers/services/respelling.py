"""A QUERY with its misspelt words put right: words that no paper has give way to the nearest that papers have.

What stands in quotes is meant as it is. Nothing is put right that is excluded, or that names an author or a category.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from papers.query import Expr, Word, leaves
from papers.query.lexer import tokens
from papers.query.tree import STEMMED, exact
from papers.services.library import Reader


@dataclass(frozen=True, slots=True)
class Respelt:
    """The QUERY that was meant, and for each misspelt word, as typed, the one in its place."""

    query: str
    words: Mapping[str, str]


def respelt(reader: Reader, query: str, expr: Expr) -> Respelt | None:
    """What was probably meant by a QUERY, of which `expr` is the meaning; None where every word is known."""
    wanted = [leaf for leaf, positive in leaves(expr) if positive and isinstance(leaf, Word) and leaf.field in STEMMED]
    terms = {leaf.term for leaf in wanted}
    words: dict[str, str] = {}
    better, end = "", 0
    for token in tokens(query):
        meant = exact("text", token.text) if token.kind == "word" else None
        if not isinstance(meant, Word) or meant.term not in terms:
            continue
        near = words.get(token.text) or reader.respelt(token.text)
        if near is not None:
            words[token.text] = near
            better += query[end : token.start] + near
            end = token.end
    return Respelt(better + query[end:], words) if words else None
