"""`search`: papers with the words first, then papers close in meaning, each ranked by words and meaning fused.

A paper "has the words" exactly if a subscription to the same QUERY would match it. One that is close in meaning may
lack plain words, never what was asked for exactly: exclusions, fields, phrases and prefixes hold for it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from papers.answers import SearchAnswer
from papers.errors import UsageError
from papers.matching.bm25 import Scores
from papers.matching.topics import Topic
from papers.ports import Embedder
from papers.query import And, Document, Expr, Or, Word, leaves, matches, parse, positive_terms
from papers.services.backtest import card
from papers.services.corpus import Stream, day_of

PER_PAGE = 5

NEAR = 2.0
"""Fused z from which a paper that lacks a word is shown: about the closest two or three in a hundred."""

MAX_PAGE = 200


def search(
    stream: Stream, embedder: Embedder, query: str, *, since_days: int | None, page: int, today: date
) -> SearchAnswer:
    """One page of hits. Raises QueryError, and UsageError for a page that does not exist."""
    expr = parse(query)
    hits, exact = _hits(stream, embedder, expr, since=today - timedelta(days=since_days) if since_days else None)
    return paged(stream, query, hits, page, _note(exact, len(hits)))


def paged(stream: Stream, query: str, rows: Sequence[int], page: int, note: str | None) -> SearchAnswer:
    """One page of rows of the stream. Raises UsageError for a page that does not exist."""
    pages = max(-(-len(rows) // PER_PAGE), 1)
    if not 1 <= page <= pages:
        raise UsageError(f"there is no page {page}: the search has {pages}", advice=f"ask for page:1 to page:{pages}")
    shown = [stream.entries[row] for row in rows[(page - 1) * PER_PAGE : page * PER_PAGE]]
    return SearchAnswer(query, tuple(card(e.paper) for e in shown), len(rows), page, pages, note)


def _hits(stream: Stream, embedder: Embedder, expr: Expr, *, since: date | None) -> tuple[list[int], int]:
    """Rows of the stream, best first, and how many of them have the words."""
    rows = [row for row, e in enumerate(stream.entries) if since is None or day_of(e.paper) >= since]
    z = _closeness(stream, embedder, expr)
    exact = [row for row in rows if matches(expr, stream.entries[row].document)]
    if z is None:
        return exact, len(exact)
    have = set(exact)
    near = [r for r in rows if r not in have and z[r] >= NEAR and _holds_but_words(expr, stream.entries[r].document)]
    return [*sorted(exact, key=lambda row: -z[row]), *sorted(near, key=lambda row: -z[row])], len(exact)


def _closeness(stream: Stream, embedder: Embedder, expr: Expr) -> Scores | None:
    """Fused z of every paper, or None where nothing is wanted that has a meaning (only fields or exclusions)."""
    words = [leaf.text for leaf, wanted in leaves(expr) if wanted and leaf.field in {"text", "title", "abstract"}]
    if not words or not stream.entries:
        return None
    (vector,) = embedder.embed([" ".join(words)])
    return stream.background.z(Topic(Counter(positive_terms(expr)), np.asarray(vector)))


def _holds_but_words(expr: Expr, document: Document) -> bool:
    """Whether `expr` would hold if the paper had every plain word that it asks for."""
    match expr:  # what stands under a NOT is exact, whatever it is
        case Word(field="text"):
            return True
        case And(operands):
            return all(_holds_but_words(operand, document) for operand in operands)
        case Or(operands):
            return any(_holds_but_words(operand, document) for operand in operands)
        case _:
            return matches(expr, document)


def _note(exact: int, total: int) -> str | None:
    if total == 0:
        return "nothing found: try fewer words, or another word for it"
    if exact == 0:
        return "no paper has all of these words; these are close in meaning"
    return f"{exact} with the words, {total - exact} close in meaning" if total > exact else None
