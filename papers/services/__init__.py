"""What a command means, once, for every platform. `Services` is the whole list; each part has a file of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, Protocol

from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Overview, Preview, Removed, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer
from papers.mailbox import Invited
from papers.model import Asker, Destination, Schedule, Want
from papers.outlet import FeedAnswer
from papers.trends import Order, Period
from papers.trouble import Repaired


class Services(Protocol):
    """Every service a bot may call. All are synchronous; a bot calls them off its event loop.

    Each raises a `papers.errors.PaperboyError` with advice, and then has changed nothing.
    """

    def search(
        self,
        query: str,
        *,
        page: int = 1,
        since: date | None = None,
        before: date | None = None,
        code: bool = False,
        sort: Literal["new", "top"] | None = None,
    ) -> SearchAnswer:
        """Hybrid search of the archive, or the paper that `query` names by its id or a link; `page` counts from 1.

        `since` is the first day, `before` the first that is none any more, `code` leaves out papers without code.
        `sort` puts the newest or the most upvoted first. An empty `query` lists all that these let through.
        """

    def draft(self, asker: Asker, want: Want, *, replaces: int | None = None) -> Draft:
        """A subscription as it would be saved, with its preview. `replaces`: the number that `edit` names."""

    def with_volume(self, asker: Asker, number: int, per_day: float) -> Draft:
        """A topic's subscription as it would be saved with another volume, with its preview."""

    def adjust(self, asker: Asker, draft: Draft, way: Literal["tighten", "loosen"]) -> Draft:
        """The same draft with half or twice the volume."""

    def save(self, asker: Asker, draft: Draft, *, anyway: bool = False) -> Saved:
        """Keep a draft; one that floods only `anyway`."""

    def unsubscribe(self, asker: Asker, number: int) -> Removed:
        """Remove one subscription."""

    def listing(self, asker: Asker) -> Listing:
        """The channel's subscriptions and schedule."""

    def test(self, asker: Asker, what: int | Want) -> Preview:
        """What a subscription (by number) or a want would have posted in the last 30 days."""

    def set_schedule(self, asker: Asker, schedule: Schedule) -> ScheduleAnswer:
        """Post at once, daily or weekly. An empty zone is the one that the channel has."""

    def pause(self, asker: Asker, *, paused: bool) -> PauseAnswer:
        """Stop or go on posting; what matches meanwhile waits."""

    def settings(self, asker: Asker, changes: Mapping[str, str]) -> SettingsAnswer:
        """The channel's preferences, after changing those named: `{"format": "full", "quiet": "off"}`."""

    def vote(self, asker: Asker, paper: str, way: Literal[1, -1]) -> Voted:
        """👍 or 👎 for a paper here; the same vote again takes it back. Topics that are near to the paper learn."""

    def forget(self, asker: Asker, number: int) -> Forgotten:
        """Let a subscription forget what votes taught it; the votes stay."""

    def similar(self, named: str, *, page: int) -> SearchAnswer:
        """Papers like one: named by its id or a link, else like the text that `named` is."""

    def card(self, named: str) -> Card | None:
        """The paper that a link or an id names, if it was ever polled."""

    def overview(self, destinations: Sequence[Destination]) -> tuple[Overview, ...]:
        """Those of the channels that have subscriptions, each with its listing."""

    def repair(self, asker: Asker, number: int) -> Repaired:
        """Try a subscription's feed at once; if it answers, and was given up, it is polled again."""

    def resend(self, asker: Asker, delivery: str) -> Resent:
        """Post a delivery again of which nobody can tell whether it was posted."""

    def digest(self, day: date | None, *, page: int = 1) -> DigestAnswer:
        """A day's papers, None being the newest day; `page` counts from 1."""

    def trending(self, period: Period = "day", *, by: Order = "upvotes", page: int = 1) -> DigestAnswer:
        """The highest of the newest day, or of the 7 or 30 days that end with it; by growth, what rose lately."""

    def email(self, asker: Asker, address: str) -> Invited:
        """Offer somebody the channel's subscriptions, as they are now, as a daily mail."""

    def feed(self, asker: Asker, change: Literal["new", "off"] | None) -> FeedAnswer:
        """The channel's private feed, after giving it a new address or taking it away."""

    def why(self, asker: Asker, paper: str) -> WhyAnswer:
        """Why a paper came to this channel, or did not. `paper` is an id or a link."""

    def log(self, asker: Asker) -> LogAnswer:
        """The last deliveries to this channel."""
