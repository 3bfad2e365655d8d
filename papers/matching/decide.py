"""Whether one subscription wants one paper, and why.

Matching a batch, previewing and `why` all ask here, so that none of them can promise what another does not keep.

Scores share the scale of a topic's z: a QUERY that holds counts as much as a topic at its usual bar, and a little more
if the title alone makes it hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.matching.bm25 import Scores
from papers.matching.hits import Hit, topic_mark
from papers.matching.topics import DEFAULT_BAR, Topic, bar_for, floor_for, reaches, share, told, usual_bar
from papers.model import Match, Paper, Reason, Subscription, Want
from papers.ports import Embedder
from papers.query import Document, Expr, excluded, explain, matches, parse

KEYWORD_SCORE = DEFAULT_BAR
TITLE_BONUS = 0.5

Z_DIGITS = 2
"""Decimals of a z that are kept: what orders a post and is shown."""


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


def floor_of(want: Want, per_day: float | None) -> float:
    """The z of its cosine alone that a paper needs for the topic; `per_day` as in `bar_of`."""
    return floor_for(want.per_day, None if want.feed is not None else per_day)


def bar_of(subscription: Subscription, stream: Scores, per_day: float | None) -> float:
    """The bar that a subscription's topic has to reach today: what lets the asked volume of this stream through.

    `stream` is its closeness (shape (n,)), `per_day` the papers that it brings on a day. Where no volume was asked for,
    and where the stream's volume is not known (`per_day` None), the bar that it was saved with holds, else the usual.
    """
    volume = subscription.want.per_day
    if volume is not None and per_day is not None:
        return bar_for(stream, volume, per_day)
    return subscription.bar if subscription.bar is not None else usual_bar(stream)


def hit(compiled: Compiled, paper: str, document: Document, closeness: Closeness | None) -> Hit | None:
    """Whether the subscription wants a paper. `closeness` is needed where the subscription has a topic.

    Not decided here: whether the paper comes from the subscription's feed, or is among the day's most upvoted; those
    are properties of a batch, not of a paper.
    """
    number = compiled.subscription.number
    if compiled.expr is not None and not matches(compiled.expr, document):
        return None
    if compiled.topic is None:
        return Hit(paper, number)
    if closeness is None or not reaches(closeness.z, closeness.bar):
        return None
    part = told(share(closeness.stream, closeness.z))
    mark = topic_mark(compiled.subscription.want.topic)
    return Hit(paper, number, round(closeness.z, Z_DIGITS), part, topic=mark)


def explained(hit: Hit, subscription: Subscription, expr: Expr | None, document: Document) -> Match:
    """A hit with its score and its reason, from the words of the paper as it is now."""
    want = subscription.want
    words = explain(expr, document).hit if expr is not None else ()
    reason = Reason(
        words=words,
        without=excluded(expr) if expr is not None else (),
        topic=want.topic,
        share=hit.share,
        trending=hit.trending,
        feed=want.feed,
    )
    return Match(hit.paper, subscription.id, hit.number, _score(hit, expr, document), reason)


def decide(compiled: Compiled, paper: Paper, document: Document, closeness: Closeness | None) -> Match | None:
    """The match, or None: `hit`, explained."""
    found = hit(compiled, paper.id, document, closeness)
    return explained(found, compiled.subscription, compiled.expr, document) if found else None


def _score(hit: Hit, expr: Expr | None, document: Document) -> float:
    if hit.z is not None:
        return hit.z
    if hit.trending is not None:
        return round(KEYWORD_SCORE + TITLE_BONUS / hit.trending, 3)
    if expr is None:
        return KEYWORD_SCORE
    title = document.terms["title"]
    alone = Document(
        {**document.terms, "text": title, "abstract": ()},
        {**document.tokens, "text": document.tokens["title"], "abstract": ()},
    )
    return KEYWORD_SCORE + TITLE_BONUS * matches(expr, alone)


def most_upvoted(papers: Sequence[Paper], top: int) -> dict[str, int]:
    """Ranks, from 1, of a day's `top` most upvoted papers; a paper nobody voted for is none of them."""
    ranked = sorted((paper for paper in papers if paper.upvotes > 0), key=lambda paper: (-paper.upvotes, paper.id))
    return {paper.id: rank for rank, paper in enumerate(ranked[:top], start=1)}


def trending_hits(subscription: Subscription, papers: Sequence[Paper]) -> list[Hit]:
    """What of one day's papers a `trending` subscription wants."""
    ranks = most_upvoted(papers, subscription.want.trending or 0)
    return [Hit(paper, subscription.number, trending=rank) for paper, rank in ranks.items()]


def trending_matches(subscription: Subscription, papers: Sequence[Paper]) -> dict[str, Match]:
    """The same, explained, by paper."""
    nothing = Document({}, {})
    return {one.paper: explained(one, subscription, None, nothing) for one in trending_hits(subscription, papers)}
