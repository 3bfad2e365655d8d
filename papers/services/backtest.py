"""What a want would have posted, over the stream at hand: for `test`, and before `subscribe` saves.

The bar that a volume asks for is found here too: it is a quantile of the same scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from papers.answers import Card, Preview
from papers.matching.decide import Closeness, Compiled, decide, trending_matches
from papers.matching.topics import DEFAULT_BAR, bar_for
from papers.model import Match, Paper, Subscription
from papers.services.compiling import Compiler
from papers.services.corpus import Entry, Stream, day_of
from papers.summary import summarise
from papers.wording import label

LATEST = 3
"""Papers that a preview shows."""

FLOOD = 20
"""Papers a day beyond which a preview warns: nobody reads more."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A subscription held against a stream: its matches, newest first, with their papers."""

    compiled: Compiled
    matches: tuple[tuple[Match, Paper], ...]


def with_bar(subscription: Subscription, stream: Stream, compiler: Compiler) -> Subscription:
    """The subscription with the bar that its volume asks for on this stream; as it is without a topic."""
    want = subscription.want
    if want.topic is None:
        return replace(subscription, bar=None)
    if want.per_day is None:
        return replace(subscription, bar=DEFAULT_BAR)
    compiled = compiler.one(subscription)
    if not stream.entries or compiled.topic is None:
        return replace(subscription, bar=DEFAULT_BAR)
    return replace(subscription, bar=round(bar_for(stream.z(compiled.topic), want.per_day, stream.per_day), 3))


def backtest(subscription: Subscription, stream: Stream, compiler: Compiler) -> Backtest:
    """Which papers of the stream's last 30 days the subscription wants."""
    compiled = compiler.one(subscription)
    if subscription.want.trending is not None:
        return Backtest(compiled, _trending(compiled.subscription, stream.window))
    z = stream.background.z(compiled.topic) if compiled.topic is not None and stream.entries else None
    bar = subscription.bar if subscription.bar is not None else DEFAULT_BAR
    found: list[tuple[Match, Paper]] = []
    for entry in stream.window:
        closeness = Closeness(float(z[stream.row[entry.paper.id]]), z, bar) if z is not None else None
        match = decide(compiled, entry.paper, entry.document, closeness)
        if match:
            found.append((match, entry.paper))
    found.sort(key=lambda pair: (day_of(pair[1]), pair[0].score, pair[1].upvotes), reverse=True)
    return Backtest(compiled, tuple(found))


def preview(subscription: Subscription, stream: Stream, compiler: Compiler) -> Preview:
    """The same as an answer."""
    tested = backtest(subscription, stream, compiler)
    total, days = len(tested.matches), stream.days
    return Preview(
        label=label(subscription.want),
        days=days,
        total=total,
        archive=len(stream.window),
        latest=tuple(card(paper, (match,)) for match, paper in tested.matches[:LATEST]),
        warning=_warning(total, days, len(stream.window)),
    )


def card(paper: Paper, matches: Sequence[Match] = ()) -> Card:
    """A paper as a reader sees it."""
    score = max((match.score for match in matches), default=None)
    return Card(paper, summarise(paper), tuple(match.reason for match in matches), score)


def _trending(subscription: Subscription, entries: Sequence[Entry]) -> tuple[tuple[Match, Paper], ...]:
    by_day: dict[object, list[Paper]] = {}
    for entry in entries:
        by_day.setdefault(day_of(entry.paper), []).append(entry.paper)
    papers = {entry.paper.id: entry.paper for entry in entries}
    return tuple(
        (match, papers[match.paper])
        for day in by_day.values()
        for match in trending_matches(subscription, day).values()
    )


def _warning(total: int, days: int, archive: int) -> str | None:
    if not archive:
        return "no paper was polled yet, so there is nothing to look back at"
    if total > FLOOD * days:
        return f"that is about {total / days:.0f} papers a day: more words, or a topic with ~3/day, would tame it"
    if total == 0:
        return "nothing in the papers at hand matches; new ones may"
    return None
