"""The services, as one desk that every bot asks. Each command's meaning has its own file; here they meet the stores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from papers.answers import Card, DigestAnswer, Draft, Preview, Saved, SearchAnswer, Voted, WhyAnswer
from papers.errors import TwinError, UsageError
from papers.model import Asker, Destination, Subscription, Want
from papers.ports import FeedReader
from papers.services import naming, pages, search, why
from papers.services.audit import audit
from papers.services.backtest import card, preview, with_bar
from papers.services.channel import ChannelDesk
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus, Stream
from papers.services.intake import PaperMemory, take_in
from papers.services.similar import similar

SEARCHED = 20_000
"""Papers that search looks at, the newest ones."""

LEAST_PER_DAY = 1 / 30
MOST_PER_DAY = 200.0
"""Volumes between which Tighten and Loosen move."""


@dataclass(frozen=True)
class Desk(ChannelDesk):
    """Fulfils `papers.services.Services`: these, and those that need no paper."""

    memory: PaperMemory
    corpus: Corpus
    compiler: Compiler
    feeds: FeedReader

    def search(self, query: str, *, since_days: int | None, page: int) -> SearchAnswer:
        """Hybrid search of the archive; `page` counts from 1."""
        stream = self.corpus.stream(SEARCHED)
        today = self.clock().date()
        return search.search(stream, self.compiler.embedder, query, since_days=since_days, page=page, today=today)

    def similar(self, named: str, *, page: int) -> SearchAnswer:
        """Papers like one, named by its id or a link, else like the text that `named` is.

        Raises NotFoundError for an id or a link of a paper that was never polled.
        """
        found = naming.find(self.memory, named)
        if found is None and naming.is_name(named):
            raise naming.unknown(named)
        return similar(self.corpus.stream(SEARCHED), self.compiler.embedder, found or named, page=page)

    def card(self, named: str) -> Card | None:
        """The paper that a link or an id names, if it was ever polled."""
        found = naming.find(self.memory, named)
        return card(found) if found else None

    def vote(self, asker: Asker, paper: str, way: Literal[1, -1]) -> Voted:
        """👍 or 👎 for a paper here; the same vote again takes it back. Raises NotFoundError."""
        found = naming.known(self.memory, paper)
        return Voted(found, *self.votes.toggle(asker.destination, found.id, asker.user, way))

    def draft(self, asker: Asker, want: Want, *, replaces: int | None = None) -> Draft:
        """A subscription as it would be saved, with its preview."""
        before = self.channels.subscription(asker.destination, replaces) if replaces is not None else None
        want = self._canonical(want)
        self._refuse_twin(asker.destination, want, replaces)
        subscription = Subscription(
            id=before.id if before else "",
            number=before.number if before else 0,
            destination=asker.destination,
            want=want,
            created_by=before.created_by if before else asker.user,
            created_at=before.created_at if before else None,
        )
        return self._drafted(subscription, self._stream_for(want, subscribing=True), before)

    def _drafted(self, subscription: Subscription, stream: Stream, before: Subscription | None) -> Draft:
        subscription = with_bar(subscription, stream, self.compiler)
        shown = preview(subscription, stream, self.compiler)
        return Draft(
            subscription=subscription,
            preview=shown,
            replaces=before.number if before else None,
            can_tighten=subscription.want.topic is not None,
            per_day=shown.total / stream.busy_days,
            before=before,
        )

    def _canonical(self, want: Want) -> Want:
        return replace(want, feed=self.feeds.canonical(want.feed)) if want.feed is not None else want

    def _refuse_twin(self, destination: Destination, want: Want, replaces: int | None) -> None:
        for other in self.channels.subscriptions(destination):
            if other.want == want and other.number != replaces:
                raise TwinError(other.number)

    def _stream_for(self, want: Want, *, subscribing: bool = False) -> Stream:
        """What the want is tried on: the archive, or for a feed its own entries.

        These are a new feed's baseline, which is stored when somebody subscribes: what is there now is no news.
        """
        if want.feed is None:
            return self.corpus.stream()
        digest, now = self.feeds.read(want.feed), self.clock()
        if subscribing and want.feed not in self.channels.feeds():
            take_in(self.memory, digest, scope=want.feed, announce=False, now=now)
        return self.corpus.apart([replace(paper, first_seen=now) for paper in digest.papers])

    def adjust(self, asker: Asker, draft: Draft, way: Literal["tighten", "loosen"]) -> Draft:
        """The same draft with half or twice the volume. Raises UsageError where there is no volume to move."""
        if not draft.can_tighten:
            raise UsageError("a QUERY has no volume to move", advice="add words, or `about: …` with ~3/day")
        now = draft.subscription.want.per_day or max(draft.per_day, LEAST_PER_DAY)
        per_day = round(min(max(now / 2 if way == "tighten" else now * 2, LEAST_PER_DAY), MOST_PER_DAY), 2)
        want = replace(draft.subscription.want, per_day=per_day)
        moved = self.draft(asker, want, replaces=draft.replaces)
        was, bar = draft.subscription.bar, moved.subscription.bar
        if was is not None and bar is not None and (bar < was if way == "tighten" else bar > was):
            return draft  # where nothing passes, half of it must let nothing through, nor twice as much shut any out
        return replace(moved, before=draft.before)

    def save(self, asker: Asker, draft: Draft) -> Saved:
        """Keep a draft.

        Raises UsageError if somebody subscribed to the same, or changed what it replaces, meanwhile.
        """
        now = self.clock()
        subscription = replace(draft.subscription, destination=asker.destination)
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
            subscription = Subscription(id="", number=0, destination=asker.destination, want=self._canonical(what))
            stream = self._stream_for(subscription.want)
            return preview(with_bar(subscription, stream, self.compiler), stream, self.compiler)
        subscription = self.channels.subscription(asker.destination, what)
        stream = self._stream_for(subscription.want)
        return preview(self._as_today(subscription, stream), stream, self.compiler)

    def _as_today(self, subscription: Subscription, stream: Stream) -> Subscription:
        """The subscription with the bar that matching holds it to now: a feed's is the one it was saved with."""
        want = subscription.want
        asks = want.per_day is not None and want.feed is None
        return with_bar(subscription, stream, self.compiler) if asks else subscription

    def digest(self, day: date | None) -> DigestAnswer:
        """A day's page, None being the newest day. Raises NotFoundError."""
        return pages.digest_page(self.memory, day)

    def trending(self, *, week: bool) -> DigestAnswer:
        """The most upvoted of the newest day, or of the seven days that end with it."""
        return pages.trending_page(self.memory, week=week)

    def why(self, asker: Asker, paper: str) -> WhyAnswer:
        """Why a paper came to this channel, or did not. Raises NotFoundError for a paper that was never polled."""
        found = naming.known(self.memory, paper)
        here, now = asker.destination, self.clock()
        judge = why.Judge(self.memory, self.corpus.around([found]), self.compiler)
        common = self.corpus.stream()
        standing = [self._as_today(one, common) for one in self.channels.subscriptions(here)]
        rows = tuple(judge.row(subscription, found) for subscription in standing)
        brought = self.inbox.seen(here, [found.id]).get(found.id)
        waits = self.inbox.holds(here, found.id)
        sentence = why.outcome(self.channels.channel(here), rows, brought=brought, waits=waits, now=now)
        return WhyAnswer(found, sentence, rows)
