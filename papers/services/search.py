"""`search`: papers with the words first, then papers close in meaning, each ranked by words and meaning fused.

A paper "has the words" exactly if a subscription to the same QUERY would match it. One that is close in meaning may
lack plain words, never what was asked for exactly: exclusions, fields, phrases and prefixes hold for it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from papers.answers import Card, SearchAnswer
from papers.errors import UsageError
from papers.matching.topics import Topic
from papers.model import Paper, Reason
from papers.ports import Embedder
from papers.query import And, Expr, Or, Word, analyse, explain, leaves, parse, positive_terms
from papers.query.tree import joined
from papers.services.library import Asked, Found, Reader, Ruler, Sort
from papers.services.questions import subject
from papers.summary import summarise

PER_PAGE = 5

RANKED_BY = frozenset({"text", "title", "abstract"})
"""Fields whose words have a meaning that papers can be close to."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A search as it was typed. `page` counts from 1; `since_days` are whole days back from today."""

    query: str
    page: int = 1
    since_days: int | None = None
    before: date | None = None
    code: bool = False
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """What searches are answered from: the library at one moment, the ruler of closeness, the embedding model."""

    reader: Reader
    ruler: Ruler
    embedder: Embedder


def search(shop: Shop, wish: Wish, today: date) -> SearchAnswer:
    """One page of hits. Raises QueryError, and UsageError for a page that does not exist."""
    typed = parse(wish.query)
    expr = subject(typed, wish.query)
    since = today - timedelta(days=wish.since_days) if wish.since_days else None
    asked = Asked(expr, _loosened(expr), _topic(shop.embedder, expr), since, wish.before, wish.code, wish.sort)
    found = shop.reader.search(asked, shop.ruler)
    note = _note(found, None if found.exact else _respelt(shop.reader, wish.query, expr), shop.reader.note)
    shown = paged(found.ids, wish.page)
    cards = [_card(paper, expr) for paper in shop.reader.papers(shown.ids)]
    return SearchAnswer(wish.query, tuple(cards), found.exact + found.near, wish.page, shown.pages, note)


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of one page, and how many pages there are."""

    ids: Sequence[str]
    pages: int


def paged(ids: Sequence[str], page: int) -> Page:
    """One page of ids. Raises UsageError for a page that does not exist."""
    pages = max(-(-len(ids) // PER_PAGE), 1)
    if not 1 <= page <= pages:
        raise UsageError(f"there is no page {page}: the search has {pages}", advice=f"ask for page:1 to page:{pages}")
    return Page(ids[(page - 1) * PER_PAGE : page * PER_PAGE], pages)


def _topic(embedder: Embedder, expr: Expr) -> Topic | None:
    """What papers are ranked by; None where nothing is wanted that has a meaning (only fields or exclusions)."""
    words = [leaf.text for leaf, wanted in leaves(expr) if wanted and leaf.field in RANKED_BY]
    if not words:
        return None
    (vector,) = embedder.embed([" ".join(words)])
    return Topic(Counter(positive_terms(expr)), np.asarray(vector))


def _loosened(expr: Expr) -> Expr | None:
    """What is left of `expr` for a paper that has every plain word it asks for; None where that is nothing."""
    match expr:  # what stands under a NOT is exact, whatever it is
        case Word(field="text"):
            return None
        case And(operands):
            left = [one for one in map(_loosened, operands) if one is not None]
            return joined(And, left) if left else None
        case Or(operands):
            either = [one for one in map(_loosened, operands) if one is not None]
            return joined(Or, either) if len(either) == len(operands) else None
        case _:
            return expr


def _card(paper: Paper, expr: Expr) -> Card:
    """A hit, with those of the words that it has."""
    words = explain(expr, analyse(paper)).hit
    return Card(paper, summarise(paper), (Reason(words=words),) if words else ())


def _respelt(reader: Reader, query: str, expr: Expr) -> str | None:
    """The query with words that papers have, in place of words that none has."""
    better = query
    for leaf, wanted in leaves(expr):
        if wanted and isinstance(leaf, Word) and leaf.field in RANKED_BY and (near := reader.respelt(leaf.text)):
            better = better.replace(leaf.text, near)
    return better if better != query else None


def _note(found: Found, respelt: str | None, unfinished: str | None) -> str | None:
    meant = f"did you mean “{respelt}”?" if respelt else None
    if not found.exact and not found.near:
        found_some = meant and f"nothing found: {meant}"
        said = found_some or "nothing found: try fewer words, or another word for it"
    elif not found.exact:
        said = "no paper has all of these words; these are close in meaning"
        said = f"{said}; {meant}" if meant else said
    else:
        said = f"{found.exact:,} with the words, {found.near:,} close in meaning" if found.near else ""
    return "; ".join(filter(None, (said, unfinished))) or None
