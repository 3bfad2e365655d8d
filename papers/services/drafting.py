"""Subscriptions as they come to be: tried, drafted, adjusted and saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Literal, TypeVar

import structlog

from papers.answers.subscriptions import Draft, Preview, Saved
from papers.errors import FloodError, SearchUnavailable, TwinError, UsageError
from papers.model import Asker, Destination, Digest, Subscription, Want
from papers.ports import FeedReader
from papers.query import Prefix, leaves, parse
from papers.query.tree import STEMMED
from papers.services.audit import audit
from papers.services.backtest import FLOOD, floods, preview, with_bar
from papers.services.channel import ChannelDesk
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus, Stream
from papers.services.discovery import found
from papers.services.intake import PaperMemory, take_in
from papers.services.library import Library, Lookback, Ruler
from papers.services.limits import FeedLimits
from papers.services.lookback import StreamLookback
from papers.wording.subscriptions import label

LEAST_PER_DAY = 1 / 30
MOST_PER_DAY = float(FLOOD)
"""Volumes between which Tighten and Loosen move."""

Used = TypeVar("Used")

log = structlog.get_logger()


@dataclass(frozen=True)
class DraftingDesk(ChannelDesk):
    """Services over what a channel may subscribe to; `papers.services.desk.Desk` has those over the archive."""

    memory: PaperMemory
    corpus: Corpus
    library: Library
    compiler: Compiler
    feeds: FeedReader
    limits: FeedLimits

    def draft(self, asker: Asker, want: Want, *, replaces: int | None = None) -> Draft:
        """A subscription as it would be saved, with its preview."""
        before = self.channels.subscription(asker.destination, replaces) if replaces is not None else None
        want, stream = self._wanted(asker, want, replaces)
        subscription = Subscription(
            id=before.id if before else "",
            number=before.number if before else 0,
            destination=asker.destination,
            want=want,
            created_by=before.created_by if before else asker.user,
            created_at=before.created_at if before else None,
        )
        return self._tried(want, stream, lambda seen: self._drafted(subscription, stream, seen, before))

    def _drafted(
        self, subscription: Subscription, stream: Stream, seen: Lookback, before: Subscription | None
    ) -> Draft:
        subscription = with_bar(subscription, stream, self.compiler)
        shown = self._preview(subscription, seen)
        per_day = shown.total / seen.busy_days
        return Draft(
            subscription=subscription,
            preview=shown,
            replaces=before.number if before else None,
            can_tighten=subscription.want.topic is not None,
            per_day=per_day,
            before=before,
            floods=floods(per_day),
        )

    def _wanted(self, asker: Asker, want: Want, replaces: int | None) -> tuple[Want, Stream]:
        """The want, with its feed's own address, and what it is tried on. Raises TwinError and QuotaError.

        What a new feed holds is its baseline, which is stored: what is there now is no news.
        """
        if want.feed is None:
            self._refuse_twin(asker.destination, want, replaces)
            return want, self.corpus.stream()
        named = self.feeds.canonical(want.feed)
        self._refuse_twin(asker.destination, replace(want, feed=named), replaces)
        self.limits.trial(asker.destination, named)
        want, digest = found(self.feeds, want, "subscribe" if replaces is None else f"edit {replaces}")
        self._refuse_twin(asker.destination, want, replaces)
        if digest.source not in self.channels.feeds():
            take_in(self.memory, digest, scope=digest.source, announce=False, now=self.clock())
        self.health.resume(digest.source, self.clock())  # it answers
        return want, self._stream_of(digest)

    def _stream_of(self, digest: Digest) -> Stream:
        now = self.clock()
        return self.corpus.apart([replace(paper, first_seen=now) for paper in digest.papers])

    def _refuse_twin(self, destination: Destination, want: Want, replaces: int | None) -> None:
        for other in self.channels.subscriptions(destination):
            if other.want == want and other.number != replaces:
                raise TwinError(other.number)

    def _tried(self, want: Want, stream: Stream, use: Callable[[Lookback], Used]) -> Used:
        """Try a want on the archive's last 30 days; a feed's, and while there is no index, on the stream alone."""
        if want.feed is None:
            try:
                with self.library.reading() as reader:
                    if reader.is_complete:
                        return use(reader.lookback(self._ruler(stream), stream.per_day))
            except SearchUnavailable as error:
                log.warning("previews look at the newest papers only", reason=str(error))
        return use(StreamLookback(stream, self.compiler.embedder.weight))

    def with_volume(self, asker: Asker, number: int, per_day: float) -> Draft:
        """A subscription as it would be saved with another volume.

        Raises NotFoundError for a number that the channel has not, UsageError where there is no volume to move.
        """
        want = self.channels.subscription(asker.destination, number).want
        if want.topic is None:
            raise _no_volume(_with_topic(number, want, per_day))
        return self.draft(asker, replace(want, per_day=per_day), replaces=number)

    def adjust(self, asker: Asker, draft: Draft, way: Literal["tighten", "loosen"]) -> Draft:
        """The same draft with half or twice the volume. Raises UsageError where there is no volume to move."""
        if not draft.can_tighten:
            raise _no_volume()
        now = draft.subscription.want.per_day or max(draft.per_day, LEAST_PER_DAY)
        per_day = round(min(max(now / 2 if way == "tighten" else now * 2, LEAST_PER_DAY), MOST_PER_DAY), 2)
        want = replace(draft.subscription.want, per_day=per_day)
        moved = self.draft(asker, want, replaces=draft.replaces)
        was, bar = draft.subscription.bar, moved.subscription.bar
        if was is not None and bar is not None and (bar < was if way == "tighten" else bar > was):
            return draft  # where nothing passes, half of it must let nothing through, nor twice as much shut any out
        return replace(moved, before=draft.before)

    def save(self, asker: Asker, draft: Draft, *, anyway: bool = False) -> Saved:
        """Keep a draft.

        Raises FloodError for one that floods unless it shall be kept `anyway`, UsageError if somebody subscribed to
        the same, or changed what it replaces, meanwhile, QuotaError for a feed or a subscription too many.
        """
        if draft.floods and not anyway:
            raise FloodError(draft.per_day)
        now = self.clock()
        subscription = replace(draft.subscription, destination=asker.destination)
        if subscription.want.feed is None:
            subscription = replace(subscription, bar=None)  # it moves with the stream, so it is found at each match
        else:
            self.limits.room(asker.destination, subscription.want.feed)
        if draft.before is None:
            # in whole milliseconds, as arrivals are kept: what arrives in the same one comes after
            made = now.replace(microsecond=now.microsecond // 1000 * 1000)
            kept = self.channels.add(replace(subscription, created_at=made))
        else:
            kept = self.channels.change(subscription, draft.before)
        audit(asker, "changed" if draft.before else "subscribed", number=kept.number)
        channel = self.channels.channel(asker.destination)
        slot = self._next_post(channel, now)
        return Saved(kept, draft.preview, channel.schedule, slot, changed=draft.before is not None)

    def test(self, asker: Asker, what: int | Want) -> Preview:
        """What a subscription (by number) or a want would have posted in the last 30 days."""
        if isinstance(what, Want):
            what, stream = self._looked_at(what)
            subscription = Subscription(id="", number=0, destination=asker.destination, want=what)
            subscription = with_bar(subscription, stream, self.compiler)
        else:
            subscription = self.channels.subscription(asker.destination, what)
            _, stream = self._looked_at(subscription.want)
            subscription = self._as_today(subscription, stream)
        return self._tried(subscription.want, stream, lambda seen: self._preview(subscription, seen))

    def _preview(self, subscription: Subscription, seen: Lookback) -> Preview:
        return preview(subscription, seen, self.compiler, self.clock().astimezone(UTC).date())

    def _looked_at(self, want: Want) -> tuple[Want, Stream]:
        if want.feed is None:
            return want, self.corpus.stream()
        want, digest = found(self.feeds, want, "test")
        return want, self._stream_of(digest)

    def _as_today(self, subscription: Subscription, stream: Stream) -> Subscription:
        """The subscription with the bar that matching holds it to now: a feed's is the one it was saved with."""
        return with_bar(subscription, stream, self.compiler) if subscription.want.feed is None else subscription

    def _ruler(self, stream: Stream) -> Ruler:
        return Ruler(stream.background, self.compiler.embedder.weight)


def _no_volume(suggestion: str | None = None) -> UsageError:
    advice = "add words, or `about: …` with ~3/day: the bar of a topic can move, a QUERY either holds or does not"
    return UsageError("only a topic has a volume to move", advice=advice, suggestion=suggestion)


def _with_topic(number: int, want: Want, per_day: float) -> str | None:
    """The line that comes nearest: of a QUERY's papers the closest to its words, of the most upvoted so many."""
    if want.trending is not None:
        return f"/papers edit {number} trending top:{max(round(per_day), 1)}"
    sought = leaves(parse(want.query)) if want.query else ()
    said = [leaf for leaf, wanted in sought if wanted and leaf.field in STEMMED and not isinstance(leaf, Prefix)]
    topic = " ".join(leaf.text for leaf in said)
    return f"/papers edit {number} {label(replace(want, topic=topic, per_day=per_day))}" if topic else None
