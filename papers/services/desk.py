"""The services, as one desk that every bot asks. Each command's meaning has its own file; here they meet the stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from typing import Literal

from papers import metrics
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.votes import Voted
from papers.answers.why import WhyAnswer
from papers.errors import NotAllowedError, UsageError
from papers.mailbox import Invited
from papers.model import Asker
from papers.ports import Trends
from papers.services import naming, pages, why
from papers.services.audit import audit
from papers.services.cards import card
from papers.services.drafting import DraftingDesk
from papers.services.library import Reader, Sort
from papers.services.mailing import Mailing
from papers.services.missing import Listed
from papers.services.search import Shop, Wish, named, search
from papers.services.similar import similar
from papers.services.teaching import lesson
from papers.trends import Order, Period
from papers.trouble import Repaired
from papers.wording.subscriptions import label


@dataclass(frozen=True)
class Desk(DraftingDesk):
    """Fulfils `papers.services.Services`: these, those over subscriptions to be, and those that need no paper."""

    trends: Trends
    listed: Callable[[], Listed | None]
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
        """The paper that `query` names, if it names one, else hybrid search.

        Raises NotFoundError for an id or a link of a paper that is not here, and SearchUnavailable.
        """
        if naming.is_name(query):
            found = naming.find(self.memory, query)
            if found is not None:
                return named(query, found, page)
            if naming.is_no_query(query):
                raise naming.unknown(query)
        with self.library.reading() as reader:
            return search(self._shop(reader), Wish(query, page, since, before, code, sort))

    def _shop(self, reader: Reader) -> Shop:
        return Shop(reader, self._ruler(self.corpus.stream()), self.compiler.embedder)

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
