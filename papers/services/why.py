"""`why`: how each subscription of a channel judges one paper, and what became of it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from papers.answers.why import WhyRow
from papers.matching.decide import Compiled, bar_of, floor_of, most_upvoted
from papers.matching.topics import UNRELATED, reaches, share
from papers.model import Channel, Paper, Subscription
from papers.ports import Archive
from papers.query import Explanation, explain
from papers.schedule import next_slot
from papers.services.compiling import Compiler
from papers.services.corpus import Stream, day_of
from papers.services.teaching import learned_by
from papers.wording.dates import when_text
from papers.wording.sources import bare_url
from papers.wording.subscriptions import label

FAR = "its meaning is too far from the topic's, whatever words it has"


@dataclass(frozen=True, slots=True)
class _Closeness:
    """A paper's z, its closeness that decides, the bar for that, and its rank in the stream as a share."""

    z: float
    decides: float
    bar: float
    share: float


class Judge:
    """Answers `why` for papers that stand in `stream`; the common stream brings `per_day` papers on a day."""

    def __init__(self, archive: Archive, stream: Stream, compiler: Compiler, per_day: float | None = None) -> None:
        self._archive = archive
        self._stream = stream
        self._compiler = compiler
        self._per_day = per_day

    def row(self, subscription: Subscription, paper: Paper) -> WhyRow:
        """How one subscription judges the paper."""
        if subscription.want.trending is not None:
            return self._trending(subscription, paper)
        compiled = self._compiler.one(subscription)
        words = self._words(compiled, paper)
        near = self._topic(compiled, paper)
        elsewhere = self._is_elsewhere(subscription, paper)
        return WhyRow(
            number=subscription.number,
            label=label(subscription.want),
            wanted=(words is None or words.matched)
            and (near is None or reaches(near.decides, near.bar))
            and not elsewhere,
            hit=words.hit if words else (),
            missed=words.missed if words else (),
            blocked=words.blocked if words else (),
            z=round(near.z, 2) if near else None,
            bar=round(near.bar, 2) if near else None,
            share=near.share if near else None,
            note=elsewhere or (FAR if near and near.decides == UNRELATED else None),
            learned=learned_by(self._compiler.lessons, [subscription]).get(subscription.id),
        )

    def _words(self, compiled: Compiled, paper: Paper) -> Explanation | None:
        if compiled.expr is None:
            return None
        return explain(compiled.expr, self._stream.entries[self._stream.row[paper.id]].document)

    def _topic(self, compiled: Compiled, paper: Paper) -> _Closeness | None:
        if compiled.topic is None:
            return None
        background, weight = self._stream.background, self._compiler.embedder.weight
        floor = floor_of(compiled.subscription.want, self._per_day)
        row = self._stream.row[paper.id]
        z = background.z(compiled.topic, weight=weight)  # of the stream around it, too: what its share is a share of
        decides = background.closeness(compiled.topic, floor=floor, weight=weight)
        bar = bar_of(compiled.subscription, decides, None)
        return _Closeness(float(z[row]), float(decides[row]), bar, round(share(decides, float(decides[row])), 4))

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
