"""The services, as one desk that every bot asks. Each command's meaning has its own file; here they meet the stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Literal, TypeVar

import structlog

from papers import metrics
from papers.answers import Card, DigestAnswer, Draft, Preview, Saved, SearchAnswer, Voted, WhyAnswer
from papers.errors import FloodError, NotAllowedError, SearchUnavailable, TwinError, UsageError
from papers.mailbox import Invited
from papers.model import Asker, Destination, Digest, Subscription, Want
from papers.ports import FeedReader, Trends
from papers.services import naming, pages, why
from papers.services.audit import audit
from papers.services.backtest import FLOOD, card, floods, preview, with_bar
from papers.services.channel import ChannelDesk
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus, Stream
from papers.services.discovery import found
from papers.services.intake import PaperMemory, take_in
from papers.services.library import Library, Lookback, Reader, Ruler, Sort
from papers.services.limits import FeedLimits
from papers.services.lookback import StreamLookback
from papers.services.mailing import Mailing
from papers.services.missing import Listed
from papers.services.search import Shop, Wish, named, search
from papers.services.similar import similar
from papers.services.teaching import lesson
from papers.trends import Order, Period
from papers.trouble import Repaired
from papers.wording import label

LEAST_PER_DAY = 1 / 30
MOST_PER_DAY = float(FLOOD)
"""Volumes between which Tighten and Loosen move."""

Used = TypeVar("Used")

log = structlog.get_logger()


@dataclass(frozen=True)
class Desk(ChannelDesk):
    """Fulfils `papers.services.Services`: these, and those that need no paper."""

    memory: PaperMemory
    trends: Trends
    listed: Callable[[], Listed | None]
    corpus: Corpus
    library: Library
    compiler: Compiler
    feeds: FeedReader
    limits: FeedLimits
    mailing: Mailing | None = None

    def email(self, asker: Asker, address: str) -> Invited:
        """Offer somebody the channel's subscriptions, as they are now, as a daily mail.

        Raises NotAllowedError where no mails are sent from here, and as `Mailing.invite` does.
        """
        if self.mailing is None:
            raise NotAllowedError("no mails are sent from here", advice="whoever runs Paperboy can set email up")
        return self.mailing.offer(asker, address)

    def search(
        self,
        query: str,
        *,
        page: int = 1,
        since: date | None = None,
        before: date | None = None,
        code: bool = False,
        sort: Sort | None = None,
    ) -> SearchAnswer:
        """The paper that `query` names, if it names one, else hybrid search. Raises SearchUnavailable."""
        if naming.is_name(query):
            found = naming.find(self.memory, query)
            if found is not None or naming.is_no_query(query):
                return named(query, found, page)
        with self.library.reading() as reader:
            return search(self._shop(reader), Wish(query, page, since, before, code, sort))

    def _shop(self, reader: Reader) -> Shop:
        return Shop(reader, self._ruler(self.corpus.stream()), self.compiler.embedder)

    def _ruler(self, stream: Stream) -> Ruler:
        return Ruler(stream.background, self.compiler.embedder.weight)

    def similar(self, named: str, *, page: int) -> SearchAnswer:
        """Papers like one, named by its id or a link, else like the text that `named` is.

        Raises NotFoundError for an id or a link of a paper that was never polled.
        """
        found = naming.find(self.memory, named)
        if found is None and naming.is_name(named):
            raise naming.unknown(named)
        with self.library.reading() as reader:
            return similar(self._shop(reader), found or named, page=page)

    def card(self, named: str) -> Card | None:
        """The paper that a link or an id names, if it was ever polled."""
        found = naming.find(self.memory, named)
        return card(found) if found else None

    def vote(self, asker: Asker, paper: str, way: Literal[1, -1]) -> Voted:
        """👍 or 👎 for a paper here; the same vote again takes it back. Raises NotFoundError.

        The channel's topics that the paper is near to learn from it.
        """
        found, here = naming.known(self.memory, paper), asker.destination
        taught = lesson(found, self.channels.subscriptions(here), self.corpus, self.compiler, self.clock())
        vote, up, down = self.votes.toggle(here, taught, asker.user, way)
        metrics.voted(here.platform, vote)
        return Voted(found, vote, up, down, taught.numbers if up != down else ())

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
        shown = preview(subscription, seen, self.compiler)
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
            raise _no_volume()
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

    def repair(self, asker: Asker, number: int) -> Repaired:
        """Try a subscription's feed at once; if it answers, and was given up, it is polled again.

        Raises NotFoundError, UsageError for a subscription that is not a feed's, and a SourceError if the feed still
        fails: it then stays as it is.
        """
        subscription = self.channels.subscription(asker.destination, number)
        feed = subscription.want.feed
        if feed is None:
            raise UsageError(f"subscription {number} is not a feed's", advice="`list` shows which feeds fail")
        self.feeds.read(feed)
        resumed = self.health.resume(feed, self.clock())
        if resumed:
            audit(asker, "repaired", number=number)
        return Repaired(subscription, label(subscription.want), resumed)

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
        return self._tried(subscription.want, stream, lambda seen: preview(subscription, seen, self.compiler))

    def _looked_at(self, want: Want) -> tuple[Want, Stream]:
        if want.feed is None:
            return want, self.corpus.stream()
        want, digest = found(self.feeds, want, "test")
        return want, self._stream_of(digest)

    def _as_today(self, subscription: Subscription, stream: Stream) -> Subscription:
        """The subscription with the bar that matching holds it to now: a feed's is the one it was saved with."""
        return with_bar(subscription, stream, self.compiler) if subscription.want.feed is None else subscription

    def digest(self, day: date | None, *, page: int = 1) -> DigestAnswer:
        """A day's papers, None being the newest day. Raises NotFoundError, and UsageError for a page there is not."""
        return pages.digest_page(self.memory, day, page, today=self.clock().date(), listed=self.listed())

    def trending(self, period: Period = "day", *, by: Order = "upvotes", page: int = 1) -> DigestAnswer:
        """The highest of the newest day, or of the 7 or 30 that end with it; by growth, what rose since. As above."""
        trend = pages.Trend(period, by, page)
        return pages.trending_page(self.memory, self.trends, trend, self.clock().astimezone(UTC).date())

    def why(self, asker: Asker, paper: str) -> WhyAnswer:
        """Why a paper came to this channel, or did not. Raises NotFoundError for a paper that was never polled."""
        found = naming.known(self.memory, paper)
        here, now = asker.destination, self.clock()
        common = self.corpus.stream()
        judge = why.Judge(self.memory, self.corpus.around([found]), self.compiler, common.per_day)
        standing = [self._as_today(one, common) for one in self.channels.subscriptions(here)]
        rows = tuple(judge.row(subscription, found) for subscription in standing)
        brought = self.inbox.seen(here, [found.id]).get(found.id)
        waits = self.inbox.holds(here, found.id)
        sentence = why.outcome(self.channels.channel(here), rows, brought=brought, waits=waits, now=now)
        return WhyAnswer(found, sentence, rows)


def _no_volume() -> UsageError:
    return UsageError("a QUERY has no volume to move", advice="add words, or `about: …` with ~3/day")
