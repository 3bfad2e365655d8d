"""`why`: how each subscription of a channel judges one paper, and what became of it there."""

from __future__ import annotations

from datetime import datetime

from papers.answers import WhyRow
from papers.matching.decide import Compiled, most_upvoted
from papers.matching.topics import DEFAULT_BAR, share
from papers.model import Channel, Paper, Subscription
from papers.ports import Archive
from papers.query import Explanation, explain
from papers.schedule import next_slot
from papers.services.compiling import Compiler
from papers.services.corpus import Stream, day_of
from papers.wording import bare_url, label, when_text


class Judge:
    """Answers `why` for papers that stand in `stream`."""

    def __init__(self, archive: Archive, stream: Stream, compiler: Compiler) -> None:
        self._archive = archive
        self._stream = stream
        self._compiler = compiler

    def row(self, subscription: Subscription, paper: Paper) -> WhyRow:
        """How one subscription judges the paper."""
        if subscription.want.trending is not None:
            return self._trending(subscription, paper)
        compiled = self._compiler.one(subscription)
        words = self._words(compiled, paper)
        z, part = self._topic(compiled, paper)
        bar = (subscription.bar if subscription.bar is not None else DEFAULT_BAR) if compiled.topic else None
        close = z is None or bar is None or z >= bar
        elsewhere = self._is_elsewhere(subscription, paper)
        return WhyRow(
            number=subscription.number,
            label=label(subscription.want),
            wanted=(words is None or words.matched) and close and not elsewhere,
            hit=words.hit if words else (),
            missed=words.missed if words else (),
            blocked=words.blocked if words else (),
            z=None if z is None else round(z, 2),
            bar=None if bar is None else round(bar, 2),
            share=part,
            note=elsewhere,
        )

    def _words(self, compiled: Compiled, paper: Paper) -> Explanation | None:
        if compiled.expr is None:
            return None
        return explain(compiled.expr, self._stream.entries[self._stream.row[paper.id]].document)

    def _topic(self, compiled: Compiled, paper: Paper) -> tuple[float | None, float | None]:
        if compiled.topic is None:
            return None, None
        z = self._stream.background.z(compiled.topic)  # of the stream around it, too: what its share is a share of
        score = float(z[self._stream.row[paper.id]])
        return score, round(share(z, score), 4)

    def _trending(self, subscription: Subscription, paper: Paper) -> WhyRow:
        top = subscription.want.trending or 0
        day = day_of(paper)
        papers = self._archive.of_day(day)
        rank = most_upvoted(papers, len(papers)).get(paper.id)
        place = f"#{rank} of {day.isoformat()} by upvotes" if rank else f"not voted for on {day.isoformat()}"
        wanted = rank is not None and rank <= top
        return WhyRow(subscription.number, label(subscription.want), wanted, note=place)

    def _is_elsewhere(self, subscription: Subscription, paper: Paper) -> str | None:
        feed = subscription.want.feed
        if feed is None or self._archive.came_by(feed, paper.id):
            return None
        return f"it did not come from {bare_url(feed)}"


def outcome(channel: Channel, rows: tuple[WhyRow, ...], *, brought: datetime | None, waits: bool, now: datetime) -> str:
    """What became of the paper in the channel, in a sentence."""
    zone = channel.schedule.zone
    if brought is not None:
        return f"posted here {when_text(brought, zone, now)}"
    if waits and channel.paused:
        return "it waits here until `resume`"
    if waits:
        slot = next_slot(channel.schedule, now)
        return f"it comes with the next post{f', {when_text(slot, zone, now)}' if slot else ''}"
    if any(row.wanted for row in rows):
        return "not posted here: it had come before the subscription that wants it"
    return "not posted here: no subscription wants it" if rows else "not posted here: there is no subscription"
