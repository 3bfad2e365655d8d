"""What waits for a channel, explained: hits become matches with the words that hit, as the papers are now.

Matching finds millions of hits and posts few, so the words are looked for when a post is planned. A subscription may
have been changed since: what its QUERY does not hold for any more, or was found for another topic, is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from papers.errors import QueryError
from papers.matching.decide import explained
from papers.matching.hits import Hit, topic_mark
from papers.model import Match, Paper, Subscription
from papers.query import Document, Expr, analyse, matches, parse

REMEMBERED = 1000
"""Papers whose analysis is kept: one that a hundred channels get is analysed once."""


class Explainer:
    """Explains hits. Remembers the papers that it met last."""

    def __init__(self) -> None:
        self._analysed = lru_cache(REMEMBERED)(analyse)

    def explain(
        self, hits: Sequence[Hit], subscriptions: Sequence[Subscription], papers: Mapping[str, Paper]
    ) -> list[Match]:
        """The matches that the subscriptions of the channel still want."""
        standing = {one.number: (one, _parsed(one)) for one in subscriptions}
        found = []
        for hit in hits:
            paper = papers.get(hit.paper)
            if paper is None or hit.number not in standing:
                continue
            subscription, expr = standing[hit.number]
            if not _is_of(hit, subscription):
                continue
            document = self._document(paper, expr)
            if expr is None or matches(expr, document):
                found.append(explained(hit, subscription, expr, document))
        return found

    def _document(self, paper: Paper, expr: Expr | None) -> Document:
        return self._analysed(paper) if expr is not None else Document({}, {})


def _is_of(hit: Hit, subscription: Subscription) -> bool:
    """Whether the subscription still asks for what the hit is of: the same topic, the most upvoted, or neither."""
    want = subscription.want
    return hit.topic == topic_mark(want.topic) and (hit.trending is None) == (want.trending is None)


def _parsed(subscription: Subscription) -> Expr | None:
    """Its QUERY; None without one, and for one that the grammar of today does not know."""
    try:
        return parse(subscription.want.query) if subscription.want.query else None
    except QueryError:
        return None
