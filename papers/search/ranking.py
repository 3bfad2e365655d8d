"""Which papers a search shows first: those that fulfil it, then those close in meaning, each by the score of topics.

Every hit is found, and counted. Only candidates are scored in full: the best by words and the best by meaning, of those
that fulfil the search and of all. Whoever fulfils it and is neither follows behind them, by meaning alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from papers.matching.bm25 import Scores, Statistics
from papers.matching.topics import LOWEST_BAR, Scale, Topic
from papers.query import Expr, Not
from papers.search.view import Flags, Numbers, View
from papers.search.words import Among
from papers.services.library import Asked, Found, Ruler

NEAR = 2.0
"""Fused z from which a paper that lacks a word is shown: about the closest two or three in a hundred."""

NEAR_BY_MEANING = 2.5
"""z of the cosine alone from which it is shown too: who lacks the only word there is says nothing of it in words, and
would need twice as much."""

HOPEFUL = 1.0
"""z of the cosine that a paper needs to be looked at for its meaning; with less, its words have to bring it."""

NEAREST = 100
"""Papers that lack a word and are shown, at most."""

CANDIDATES = 300
"""Papers of each kind that are scored in full."""

SHOWN = 1000
"""Papers that are told by name, at most: two hundred pages."""

HEAVIEST = 32
"""Words of a long text that candidates are looked for by, those that say most."""

FINE = 1e-4
"""Scores that differ by less are equal: the order of a sum is not the same in every process."""


def search(view: View, asked: Asked, ruler: Ruler) -> Found:
    """The papers that a search finds, best first. Raises Damaged."""
    among = view.within(since=asked.since, before=asked.before)
    if asked.code:
        among = among & view.code
    held = among if asked.expr is None else among & view.holding(asked.expr)
    if asked.expr is None or asked.topic is None:
        return _listed(view, np.flatnonzero(held), asked)
    lacking = _lacking(view, asked, among, held)
    cosines = view.meanings.scan(asked.topic.vector)
    scale, like = _scaled(ruler, asked.topic)
    mean, sd = scale.cosine
    hopeful = lacking & (cosines >= mean + HOPEFUL * sd)
    terms = _heaviest(asked.topic, like)
    groups = ((asked.expr, held, held), (Not(asked.expr), lacking, hopeful))
    candidates = _candidates(view, asked, terms, cosines, groups)
    z, by_meaning = map(_fine, view.z(candidates, asked.topic, scale, like, ruler.weight))
    is_near = lacking[candidates] & ((z >= NEAR) | (by_meaning >= NEAR_BY_MEANING))
    near = view.first(candidates[is_near], NEAREST, z[is_near])
    scored = np.full(len(among), -np.inf, np.float32)
    scored[candidates] = z
    return _joined(view, asked, (np.flatnonzero(held), near), (scored, cosines))


def nearest(view: View, topic: Topic, ruler: Ruler, limit: int) -> list[str]:
    """Ids of papers, closest to a topic first; none that is less close than the average one. Raises Damaged."""
    cosines = view.meanings.scan(topic.vector)
    rows = np.union1d(
        view.first(np.flatnonzero(view.alive), CANDIDATES, cosines[view.alive]),
        view.words.best(_heaviest(topic, ruler.background.words.like), CANDIDATES),
    )
    z = _fine(view.z(rows, topic, *_scaled(ruler, topic), ruler.weight)[0])
    close = z > LOWEST_BAR
    return view.named(view.first(rows[close], limit, z[close]))


def _scaled(ruler: Ruler, topic: Topic) -> tuple[Scale, Statistics]:
    return ruler.scale(topic), ruler.background.words.like


def _candidates(
    view: View, asked: Asked, terms: Sequence[str], cosines: Scores, groups: Sequence[tuple[Expr, Flags, Flags]]
) -> Numbers:
    """The rows to be scored in full, of those that fulfil the search and of those that lack a word, ascending.

    A group: what its rows fulfil, which they are, and which of them may be near by their meaning.
    """
    since, before = (day.toordinal() if day else None for day in (asked.since, asked.before))
    found = []
    for expr, rows, hopeful in groups:
        if not rows.any():
            continue
        best = view.words.best(terms, CANDIDATES, Among(expr, since, before))
        found += [view.first(np.flatnonzero(hopeful), CANDIDATES, cosines[hopeful]), best[rows[best]]]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def _heaviest(topic: Topic, like: Statistics) -> list[str]:
    """The stems of a topic that say most."""
    rarities = like.idfs(topic.terms).tolist()
    weights = {term: topic.terms[term] * rarity for term, rarity in zip(topic.terms, rarities, strict=True)}
    return sorted(weights, key=lambda term: (-weights[term], term))[:HEAVIEST]


def _lacking(view: View, asked: Asked, among: Flags, held: Flags) -> Flags:
    """The rows that do not fulfil the search, but what holds for those that are only close in meaning too."""
    if asked.loose is None:
        return among & ~held
    if asked.loose == asked.expr:  # nothing but phrases, fields and prefixes: no need to look again
        return np.zeros_like(held)
    return among & ~held & view.holding(asked.loose)


def _listed(view: View, rows: Numbers, asked: Asked) -> Found:
    """Rows that nothing is to be ranked by: newest first, or most upvoted first."""
    days, upvotes = view.days[rows], view.upvotes[rows]
    keys = (upvotes, days) if asked.sort == "top" else (days, upvotes)
    return Found(len(rows), 0, view.named(view.first(rows, SHOWN, *keys)))


def _joined(view: View, asked: Asked, groups: tuple[Numbers, Numbers], keys: tuple[Scores, Scores]) -> Found:
    """The rows that fulfil the search, then the near ones, each group by the keys, which every row has."""
    ids: list[str] = []
    for rows in groups:
        if asked.sort is not None:
            ids += _listed(view, rows, asked).ids
        else:
            ids += view.named(view.first(rows, SHOWN, *(_fine(key[rows]) for key in keys)))
    exact, near = groups
    return Found(len(exact), len(near), ids[:SHOWN])


def _fine(scores: Scores) -> Scores:
    rounded: Scores = np.round(scores / np.float32(FINE)) * np.float32(FINE)
    return rounded
