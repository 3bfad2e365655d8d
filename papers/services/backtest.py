"""What a want would have posted in the last 30 days: for `test`, and before `subscribe` saves.

The bar that a volume asks for is found here too: it is a quantile of the same scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from papers.answers.subscriptions import Preview
from papers.matching.decide import Compiled, explained, floor_of
from papers.matching.topics import DEFAULT_BAR, bar_for, usual_bar
from papers.model import Match, Paper, Subscription
from papers.query import analyse
from papers.services.cards import card, dated
from papers.services.compiling import Compiler
from papers.services.corpus import Stream
from papers.services.library import Bar, Lookback
from papers.services.questions import NO_SUBJECT, has_no_subject, tells_no_subject
from papers.wording.subscriptions import label

LATEST = 3
"""Papers that a preview shows."""

MANY = 20
"""Papers a day beyond which a preview warns: nobody reads more."""

FLOOD = 100
"""Papers a day beyond which a subscription is saved only if that is confirmed: no volume that can be asked is more."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A subscription held against a lookback: how many papers it wants, and the first of its matches, newest first."""

    compiled: Compiled
    total: int
    matches: tuple[tuple[Match, Paper], ...]


def with_bar(subscription: Subscription, stream: Stream, compiler: Compiler) -> Subscription:
    """The subscription with the bar that its volume, or none, asks for on this stream; as it is without a topic."""
    want = subscription.want
    if want.topic is None:
        return replace(subscription, bar=None)
    compiled = compiler.one(subscription)
    if not stream.entries or compiled.topic is None:
        return replace(subscription, bar=DEFAULT_BAR)
    floor, weight = floor_of(want, stream.per_day), compiler.embedder.weight
    closeness = stream.closeness(compiled.topic, floor=floor, weight=weight)
    if want.per_day is None:
        return replace(subscription, bar=usual_bar(closeness))
    return replace(subscription, bar=bar_for(closeness, want.per_day, stream.per_day))


def backtest(subscription: Subscription, seen: Lookback, compiler: Compiler, limit: int = LATEST) -> Backtest:
    """Which papers of the last 30 days the subscription wants; the newest `limit` of them with their reasons."""
    compiled = compiler.one(subscription)
    if subscription.want.trending is not None:
        tested = seen.trending(subscription, limit)
    else:
        bar = Bar(floor_of(subscription.want, seen.per_day), subscription.bar)
        tested = seen.hits(compiled, bar, limit)
    papers = {paper.id: paper for paper in seen.papers([hit.paper for hit in tested.hits])}
    matches = [
        (explained(hit, subscription, compiled.expr, analyse(papers[hit.paper])), papers[hit.paper])
        for hit in tested.hits
        if hit.paper in papers
    ]
    return Backtest(compiled, tested.total, tuple(matches))


def preview(subscription: Subscription, seen: Lookback, compiler: Compiler, today: date) -> Preview:
    """The same as an answer."""
    tested = backtest(subscription, seen, compiler)
    return Preview(
        label=label(subscription.want),
        days=seen.days,
        total=tested.total,
        archive=seen.size,
        latest=tuple(dated(card(paper, (match,))) for match, paper in tested.matches),
        warning=_warning(tested, seen),
        until=_until(seen, today),
    )


def floods(per_day: float) -> bool:
    """Whether so many papers a day are kept from a channel until somebody confirms that they are meant."""
    return round(per_day) > FLOOD


def _until(seen: Lookback, today: date) -> date | None:
    """The newest day, unless it is so near that the window ends about now.

    A seventh of the window is near: a month's last days may be a weekend old, a single day is today or has a name.
    """
    near = timedelta(days=seen.days // 7)
    return seen.newest if seen.newest is not None and today - seen.newest > near else None


def _warning(tested: Backtest, seen: Lookback) -> str | None:
    """What to think of before saving. Papers a day are those of days that have any, as in a volume."""
    want, topic = tested.compiled.subscription.want, tested.compiled.topic
    per_day = tested.total / seen.busy_days
    if not seen.size:
        return "no paper was polled yet, so there is nothing to look back at"
    if _has_no_subject(tested.compiled):
        return NO_SUBJECT
    if per_day > MANY:
        return f"that is about {per_day:,.0f} papers a day: more words, or a topic with ~3/day, would tame it"
    if topic is not None and not seen.has_word_of(topic):
        return "no paper at hand has a word of that topic: what comes is guessed by its meaning alone"
    if not tested.total:
        usual = want.topic is not None and want.per_day is None  # a volume moves the bar
        few = "comes close enough, though a volume like ~3/week lets the nearest through" if usual else "matches"
        return f"nothing in the papers at hand {few}; new ones may"
    return None


def _has_no_subject(of: Compiled) -> bool:
    """Whether neither the QUERY nor the topic says what papers shall be about; what has neither does not need to."""
    topic = of.subscription.want.topic
    said = [has_no_subject(of.expr)] if of.expr is not None else []
    said += [tells_no_subject(topic)] if topic is not None else []
    return bool(said) and all(said)
