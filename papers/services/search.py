"""`search`: papers with the words first, then papers close in meaning, each ranked by words and meaning fused.

A paper "has the words" exactly if a subscription to the same QUERY would match it. One that is close in meaning may
lack plain words, never what was asked for exactly: exclusions, fields, phrases and prefixes hold for it too.
A word that no paper has is put right, and the answer says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from papers import metrics
from papers.answers.archive import SearchAnswer
from papers.answers.card import Card
from papers.matching.topics import Topic
from papers.model import Paper
from papers.ports import Embedder
from papers.query import And, Expr, Or, Word, analyse, explain, leaves, parse, positive_terms
from papers.query.tree import joined
from papers.services import hints
from papers.services.cards import dated
from papers.services.library import Asked, Found, Reader, Ruler, Sort
from papers.services.paging import pages
from papers.services.questions import NO_SUBJECT, has_no_subject, subject
from papers.services.respelling import Respelt, respelt
from papers.summary import found_card

PER_PAGE = 5

RANKED_BY = frozenset({"text", "title", "abstract"})
"""Fields whose words have a meaning that papers can be close to."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A search as it was typed; an empty `query` is one of all papers. `page` counts from 1.

    `since` is the first day, `before` the first that is none any more.
    """

    query: str
    page: int = 1
    since: date | None = None
    before: date | None = None
    code: bool = False
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """What searches are answered from: the library at one moment, the ruler of closeness, the embedding model."""

    reader: Reader
    ruler: Ruler
    embedder: Embedder


@dataclass(frozen=True, slots=True)
class _Sought:
    """A QUERY, and what it found."""

    query: str
    asked: Asked
    found: Found


def search(shop: Shop, wish: Wish) -> SearchAnswer:
    """One page of hits. Raises QueryError, and UsageError for a page that does not exist."""
    with metrics.searching():
        return _page(shop, wish)


def _page(shop: Shop, wish: Wish) -> SearchAnswer:
    asked, said = _asked(shop, wish, wish.query), ""
    better = respelt(shop.reader, wish.query, asked.expr) if asked.expr is not None else None
    meant = _put_right(shop, wish, better) if better and not _fulfilled(shop, asked) else None
    if better and meant:
        sought, said = meant, hints.put_right(better)
    else:
        sought = _Sought(wish.query, asked, shop.reader.search(asked, shop.ruler))
    found = sought.found
    hint = "" if found.exact else hints.more(shop.reader, sought.asked, shop.ruler)
    vague = NO_SUBJECT if sought.asked.expr is not None and has_no_subject(sought.asked.expr) else ""
    note = "; ".join(filter(None, (said, vague, hints.told(found, hint), shop.reader.note))) or None
    shown = paged(found.ids, wish.page)
    cards = tuple(_card(paper, sought.asked.expr) for paper in shop.reader.papers(shown.ids))
    total = found.exact + found.near
    return SearchAnswer(sought.query, cards, total, wish.page, shown.pages, note, _narrowed(wish))


def named(query: str, paper: Paper, page: int) -> SearchAnswer:
    """The paper that a QUERY names by its id or a link, the only one of its only page."""
    return SearchAnswer(query, (_card(paper, None),), 1, page, paged([paper.id], page).pages, None)


def _put_right(shop: Shop, wish: Wish, better: Respelt) -> _Sought | None:
    """What the QUERY that was probably meant finds; None for nothing."""
    asked = _asked(shop, wish, better.query)
    found = shop.reader.search(asked, shop.ruler)
    return _Sought(better.query, asked, found) if found.exact or found.near else None


def _fulfilled(shop: Shop, asked: Asked) -> bool:
    """Whether any paper has the words: asked without a topic, which costs little."""
    return shop.reader.search(replace(asked, topic=None), shop.ruler).exact > 0


def _asked(shop: Shop, wish: Wish, query: str) -> Asked:
    expr = subject(parse(query), query) if query.strip() else None
    loose = _loosened(expr) if expr is not None else None
    topic = _topic(shop.embedder, expr) if expr is not None else None
    return Asked(expr, loose, topic, wish.since, wish.before, wish.code, wish.sort)


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of one page, and how many pages there are."""

    ids: Sequence[str]
    pages: int


def paged(ids: Sequence[str], page: int) -> Page:
    """One page of ids. Raises UsageError for a page that does not exist."""
    last = pages(len(ids), PER_PAGE, page)
    return Page(ids[(page - 1) * PER_PAGE : page * PER_PAGE], last)


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


def _card(paper: Paper, expr: Expr | None) -> Card:
    """A hit, with those of the words that it has."""
    return dated(found_card(paper, explain(expr, analyse(paper)).hit if expr is not None else ()))


def _narrowed(wish: Wish) -> str:
    """What narrows and orders a search, in words; "" if nothing does."""
    parts = (
        f"since {wish.since}" if wish.since else "",
        f"before {wish.before}" if wish.before else "",
        "with code" if wish.code else "",
        {"new": "newest first", "top": "most upvoted first", None: ""}[wish.sort],
    )
    return ", ".join(filter(None, parts))
