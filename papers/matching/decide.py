"""Whether one subscription wants one paper, and why.

Matching a batch, previewing and `why` all ask here, so that none of them can promise what another does not keep.

Scores share the scale of a topic's z: a QUERY that holds counts as much as a topic at its usual bar, and a little more
if the title alone makes it hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.matching.bm25 import Scores
from papers.matching.topics import DEFAULT_BAR, Topic, bar_for, share
from papers.model import Match, Paper, Reason, Subscription
from papers.ports import Embedder
from papers.query import Document, Expr, excluded, explain, matches, parse

KEYWORD_SCORE = DEFAULT_BAR
TITLE_BONUS = 0.5


@dataclass(frozen=True, slots=True)
class Compiled:
    """A subscription ready to be held against papers: its QUERY parsed, its topic embedded."""

    subscription: Subscription
    expr: Expr | None
    topic: Topic | None


def compile_all(subscriptions: Sequence[Subscription], embedder: Embedder) -> list[Compiled]:
    """Parse and embed; all topics in one batch. Raises QueryError for a QUERY that does not parse."""
    topics = {s.want.topic: None for s in subscriptions if s.want.topic}
    vectors = dict(zip(topics, embedder.embed(list(topics)), strict=True)) if topics else {}
    return [
        Compiled(
            subscription,
            parse(subscription.want.query) if subscription.want.query else None,
            Topic.of(text, vectors[text]) if (text := subscription.want.topic) else None,
        )
        for subscription in subscriptions
    ]


def stems(document: Document) -> list[str]:
    """The words that the lexical half of a topic's score counts: title and abstract, stemmed."""
    return [term for run in document.terms["text"] for term in run]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close a paper is to a topic: its z, the stream's for comparison (shape (n,)), and the bar to reach."""

    z: float
    stream: Scores
    bar: float


def bar_of(subscription: Subscription, stream: Scores, per_day: float | None) -> float:
    """The bar that a subscription's topic has to reach today: what lets the asked volume of this stream through.

    `stream` are its scores (shape (n,)), `per_day` the papers that it brings on a day. The bar it was saved with holds
    where no volume was asked for, and where the stream's volume is not known (`per_day` None).
    """
    volume = subscription.want.per_day
    if volume is not None and per_day is not None:
        return bar_for(stream, volume, per_day)
    return subscription.bar if subscription.bar is not None else DEFAULT_BAR


def decide(compiled: Compiled, paper: Paper, document: Document, closeness: Closeness | None) -> Match | None:
    """The match, or None. `closeness` is needed where the subscription has a topic.

    Not decided here: whether the paper comes from the subscription's feed, or is among the day's most upvoted; those
    are properties of a batch, not of a paper.
    """
    subscription = compiled.subscription
    if compiled.expr is not None and not matches(compiled.expr, document):
        return None
    if compiled.topic is not None and (closeness is None or closeness.z < closeness.bar):
        return None
    return Match(
        paper=paper.id,
        subscription=subscription.id,
        number=subscription.number,
        score=_score(compiled, document, closeness),
        reason=_reason(compiled, document, closeness),
    )


def _score(compiled: Compiled, document: Document, closeness: Closeness | None) -> float:
    if compiled.topic is not None and closeness is not None:
        return round(closeness.z, 3)
    if compiled.expr is None:
        return KEYWORD_SCORE
    title = document.terms["title"]
    alone = Document(
        {**document.terms, "text": title, "abstract": ()},
        {**document.tokens, "text": document.tokens["title"], "abstract": ()},
    )
    return KEYWORD_SCORE + TITLE_BONUS * matches(compiled.expr, alone)


def _reason(compiled: Compiled, document: Document, closeness: Closeness | None) -> Reason:
    want = compiled.subscription.want
    expr = compiled.expr
    return Reason(
        words=explain(expr, document).hit if expr is not None else (),
        without=excluded(expr) if expr is not None else (),
        topic=want.topic,
        share=round(share(closeness.stream, closeness.z), 4) if compiled.topic and closeness else None,
        feed=want.feed,
    )


def most_upvoted(papers: Sequence[Paper], top: int) -> dict[str, int]:
    """Ranks, from 1, of a day's `top` most upvoted papers; a paper nobody voted for is none of them."""
    ranked = sorted((paper for paper in papers if paper.upvotes > 0), key=lambda paper: (-paper.upvotes, paper.id))
    return {paper.id: rank for rank, paper in enumerate(ranked[:top], start=1)}


def trending_matches(subscription: Subscription, papers: Sequence[Paper]) -> dict[str, Match]:
    """The matches of a `trending` subscription in one day's papers, by paper."""
    ranks = most_upvoted(papers, subscription.want.trending or 0)
    return {
        paper: Match(
            paper=paper,
            subscription=subscription.id,
            number=subscription.number,
            score=round(KEYWORD_SCORE + TITLE_BONUS / rank, 3),
            reason=Reason(trending=rank),
        )
        for paper, rank in ranks.items()
    }
