"""What a channel is told of itself, and says about itself: the half of the desk that needs no paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from papers import preferences
from papers.answers.channel import LogAnswer, LogRow, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Listing, Overview, Removed, Row
from papers.answers.votes import Forgotten
from papers.errors import NotAllowedError, NotFoundError, UsageError
from papers.model import Asker, Channel, Destination, Record, Schedule
from papers.outlet import FeedAnswer
from papers.ports import Channels, FeedHealth, History, Lessons, Outlets, Votes, Waiting
from papers.schedule import next_slot
from papers.services.audit import audit
from papers.services.teaching import learned_by
from papers.text import shorten
from papers.wording.dates import schedule_text
from papers.wording.subscriptions import label

LOOKED_BACK = 200
"""Deliveries among which `resend` looks for one: all that the outbox remembers of a channel."""

SHORTEST_ID = 6
"""Characters of a delivery's id that are enough for `resend`, if no other one begins so."""


@dataclass(frozen=True)
class ChannelDesk:
    """Services over a channel's own state; `papers.services.desk.Desk` has the others."""

    channels: Channels
    inbox: Waiting
    outbox: History
    votes: Votes
    lessons: Lessons
    health: FeedHealth
    outlets: Outlets
    public_url: str | None
    clock: Callable[[], datetime]

    def listing(self, asker: Asker) -> Listing:
        """The channel's subscriptions and schedule."""
        return self._listing(asker.destination)

    def _listing(self, here: Destination) -> Listing:
        channel = self.channels.channel(here)
        up, down = self.votes.totals(here)
        subscriptions = self.channels.subscriptions(here)
        learned = learned_by(self.lessons, subscriptions)
        troubles = self.health.troubles(sorted({one.want.feed for one in subscriptions if one.want.feed}))
        return Listing(
            rows=tuple(
                Row(one, label(one.want), learned.get(one.id), troubles.get(one.want.feed or ""))
                for one in subscriptions
            ),
            schedule=channel.schedule,
            next_post=self._next_post(channel, self.clock()),
            paused=channel.paused,
            suspended=self.outbox.suspended(here),
            up=up,
            down=down,
        )

    def overview(self, destinations: Sequence[Destination]) -> tuple[Overview, ...]:
        """Those of the channels that have subscriptions, each with its listing."""
        return tuple(Overview(one, self._listing(one)) for one in self.channels.subscribed(destinations))

    def unsubscribe(self, asker: Asker, number: int) -> Removed:
        """Remove one subscription. Raises NotFoundError."""
        subscription = self.channels.subscription(asker.destination, number)
        self.channels.remove(subscription)
        audit(asker, "unsubscribed", number=number)
        return Removed(subscription, label(subscription.want))

    def forget(self, asker: Asker, number: int) -> Forgotten:
        """Let a subscription forget what votes taught it; they stay, but teach it no more. Raises NotFoundError."""
        subscription = self.channels.subscription(asker.destination, number)
        learned = learned_by(self.lessons, [subscription]).get(subscription.id)
        if self.lessons.forget(asker.destination, number):
            audit(asker, "forgot", number=number)
        return Forgotten(subscription, label(subscription.want), learned)

    def set_schedule(self, asker: Asker, schedule: Schedule) -> ScheduleAnswer:
        """Post at once, daily or weekly. An empty zone is the one that the channel has."""
        now = self.clock()
        channel = self.channels.channel(asker.destination)
        schedule = replace(schedule, zone=schedule.zone or channel.schedule.zone)
        channel = replace(channel, schedule=schedule)
        slot = self._next_post(channel, now)
        self.channels.set_channel(channel, slot, now)
        audit(asker, "schedule", schedule=schedule_text(schedule))
        return ScheduleAnswer(schedule, slot, channel.paused)

    def pause(self, asker: Asker, *, paused: bool) -> PauseAnswer:
        """Stop or go on posting; what matches meanwhile waits. Going on mends a suspended channel too."""
        now = self.clock()
        opened = not paused and self.outbox.unsuspend(asker.destination, now)
        before = self.channels.channel(asker.destination)
        already = before.paused == paused and not opened
        channel = replace(before, paused=paused)
        slot = self._next_post(channel, now)
        waiting = self.channels.set_channel(channel, slot, now)  # the same again changes nothing, and tells what waits
        if not already:
            audit(asker, "paused" if paused else "resumed")
        return PauseAnswer(paused, waiting, slot, already)

    @staticmethod
    def _next_post(channel: Channel, now: datetime) -> datetime | None:
        return None if channel.paused else next_slot(channel.schedule, now)

    def settings(self, asker: Asker, changes: Mapping[str, str]) -> SettingsAnswer:
        """The channel's preferences, after changing those named. Raises UsageError, nothing being changed then."""
        words = preferences.checked(changes)
        before = self.channels.channel(asker.destination).preferences
        if preferences.applied(before, words) == before:
            return SettingsAnswer(before, already=bool(words))
        self.channels.prefer(asker.destination, words)
        audit(asker, "settings", **words)
        return SettingsAnswer(self.channels.channel(asker.destination).preferences, changed=True)

    def feed(self, asker: Asker, change: Literal["new", "off"] | None) -> FeedAnswer:
        """The channel's private feed, after giving it a new address, or taking it away, for which it needs no server.

        `change` is None in the answer where there was none to take away.

        Raises NotAllowedError where feeds are not served.
        """
        if self.public_url is None and change != "off":
            advice = "whoever runs Paperboy can serve them, by setting PAPERBOY_PUBLIC_URL"
            raise NotAllowedError("there are no feeds to read elsewhere from this Paperboy", advice=advice)
        here = asker.destination
        if change == "off" and self.outlets.get(here) is None:
            change = None  # there is none to take away, and none is said to be
        if change == "new":
            self.outlets.renew(here, self.clock())
        elif change == "off":
            self.outlets.close(here)
        if change:
            audit(asker, "feed new" if change == "new" else "feed off")
        outlet = self.outlets.get(here)
        if outlet is None:
            return FeedAnswer(change=change, is_served=self.public_url is not None)
        return FeedAnswer(f"{self.public_url}{outlet.path('atom')}", f"{self.public_url}{outlet.path('rss')}", change)

    def log(self, asker: Asker) -> LogAnswer:
        """The last deliveries to this channel."""
        return LogAnswer(tuple(map(_log_row, self.outbox.history(asker.destination))))

    def resend(self, asker: Asker, delivery: str) -> Resent:
        """Post a delivery again of which nobody can tell whether it was posted, with its thread.

        `delivery` is its id, or the first characters of it. Raises NotFoundError where none is parked under that id,
        UsageError where several are.
        """
        here, advice = asker.destination, "`log` shows what was possibly sent, and its id"
        parked = {
            record.delivery.id: record.delivery
            for record in self.outbox.history(here, LOOKED_BACK)
            if record.state == "parked"
        }
        found = [one for one in parked.values() if one.id.startswith(delivery.casefold())]
        if len(delivery) < SHORTEST_ID or len(found) > 1:
            raise UsageError(f"{delivery} could be more than one", advice="give more of its id, as `log` shows it")
        if not found:
            raise NotFoundError(f"nothing that was possibly sent here is called {shorten(delivery, 40)}", advice=advice)
        chosen = parked.get(found[0].parent or "", found[0])  # a thread's replies go out with their headline
        if not self.outbox.release(here, chosen.id):
            raise NotFoundError(f"{chosen.id} waits no more", advice=advice)
        audit(asker, "resent", delivery=chosen.id)
        return Resent(chosen.id)


def _log_row(record: Record) -> LogRow:
    delivery = record.delivery
    detail = record.detail or delivery.heading.note or ""
    papers = len(delivery.items or delivery.abstracts)
    state = "edited" if record.edited else record.state
    return LogRow(record.at, delivery.id, delivery.kind, state, papers, detail)
