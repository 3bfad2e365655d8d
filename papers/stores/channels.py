"""Channels in Redis: their subscriptions, their schedule, and the log of changes that workers follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from papers import preferences
from papers.errors import NotFoundError, QuotaError, TwinError, UsageError
from papers.model import Channel, Destination, Platform, Preferences, Subscription
from papers.stores import codec, keys
from papers.stores.clock import to_ms
from papers.stores.server import Server
from papers.wording.subscriptions import label

MAX_SUBSCRIPTIONS = 32
"""A channel's subscriptions: `list` still fits one message on every platform."""

CHANGES_KEPT = 100_000
"""Entries kept in the change log; a worker that fell further behind loads everything again."""

AT_ONCE = 500
"""Channels whose subscriptions are read in one round trip."""


class ChannelStore:
    """Subscriptions and settings, by channel."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def subscriptions(self, destination: Destination) -> tuple[Subscription, ...]:
        """The channel's subscriptions by number."""
        return self.subscriptions_of([destination])[destination]

    def subscriptions_of(self, destinations: Sequence[Destination]) -> dict[Destination, tuple[Subscription, ...]]:
        """Several channels' subscriptions, in one round trip."""
        found = self._server.together([["HGETALL", keys.subscriptions(one)] for one in destinations])
        return {
            destination: tuple(_numbered(destination, int(number), texts[number]) for number in sorted(texts, key=int))
            for destination, texts in zip(destinations, found, strict=True)
        }

    def subscription(self, destination: Destination, number: int) -> Subscription:
        """One subscription. Raises NotFoundError."""
        text = self._server.call("HGET", keys.subscriptions(destination), number)
        if text is None:
            raise NotFoundError(f"there is no subscription {number} here", advice="`list` shows the numbers")
        return _numbered(destination, number, text)

    def add(self, subscription: Subscription) -> Subscription:
        """Keep a new subscription; it comes back with its number and id.

        Raises QuotaError, and TwinError where another one of the channel wants the same.
        """
        number = self._save(subscription, replaced=None)
        return _numbered(subscription.destination, number, unnumbered(subscription))

    def change(self, subscription: Subscription, before: Subscription) -> Subscription:
        """Put `subscription` in the place of `before`.

        Raises UsageError if somebody changed that meanwhile, TwinError where another one wants the same.
        """
        self._save(subscription, replaced=before)
        return subscription

    def _save(self, subscription: Subscription, *, replaced: Subscription | None) -> int:
        destination = subscription.destination
        outcome, *numbers = self._server.run(
            "save_subscription",
            [
                keys.channel(destination),
                keys.subscriptions(destination),
                keys.CHANNELS,
                keys.CHANGES,
                keys.FEEDS,
            ],
            [
                str(destination),
                replaced.number if replaced else "",
                unnumbered(replaced) if replaced else "",
                MAX_SUBSCRIPTIONS,
                subscription.want.feed or "",
                (replaced.want.feed or "") if replaced else "",
                CHANGES_KEPT,
                unnumbered(subscription),
            ],
        )
        if outcome == "full":
            advice = "`unsubscribe` one first, or join two with OR"
            raise QuotaError(f"a channel has at most {MAX_SUBSCRIPTIONS} subscriptions", advice=advice)
        if outcome == "changed" and replaced:
            raise UsageError(
                f"somebody else changed that just now: {self._news(replaced)}", advice="try again if need be"
            )
        number = int(numbers[0])
        if outcome == "twin":
            raise TwinError(number)
        return number

    def _news(self, before: Subscription) -> str:
        """What became of a subscription."""
        try:
            now = self.subscription(before.destination, before.number)
        except NotFoundError:
            return f"#{before.number} is gone"
        return f"#{before.number} is now {label(now.want)}"

    def remove(self, subscription: Subscription) -> None:
        """Remove a subscription. Raises NotFoundError if it is gone already."""
        destination = subscription.destination
        removed = self._server.run(
            "remove_subscription",
            [keys.subscriptions(destination), keys.CHANGES, keys.FEEDS],
            [str(destination), subscription.number, subscription.want.feed or "", CHANGES_KEPT],
        )
        if not removed:
            raise NotFoundError(f"there is no subscription {subscription.number} here any more")

    def channel(self, destination: Destination) -> Channel:
        """The channel's settings; the defaults if nothing was ever set."""
        text, words = self._server.together(
            [["HGET", keys.channel(destination), "settings"], ["HGETALL", keys.preferences(destination)]]
        )
        channel = codec.load(Channel, text) if text else Channel(destination)
        return replace(channel, preferences=preferences.applied(channel.preferences, words))

    def set_channel(self, channel: Channel, next_slot: datetime | None, now: datetime) -> int:
        """Keep when a channel is posted to; `next_slot` is None for instant ones. How many papers wait in the inbox.

        Its preferences are not touched: see `prefer`.
        """
        destination = channel.destination
        return int(
            self._server.run(
                "set_channel",
                [keys.channel(destination), keys.DUE, keys.CHANNELS, keys.inbox(destination)],
                [
                    str(destination),
                    without_preferences(channel),
                    int(channel.schedule.kind == "instant"),
                    int(channel.paused),
                    to_ms(next_slot) if next_slot else "",
                    to_ms(now),
                ],
            )
        )

    def prefer(self, destination: Destination, words: Mapping[str, str]) -> None:
        """Keep preferences, as `papers.preferences.checked` spells them; what is not named stays as it is."""
        if words:
            pairs = [part for pair in words.items() for part in pair]
            known = ["SADD", keys.CHANNELS, str(destination)]
            self._server.together([["HSET", keys.preferences(destination), *pairs], known])

    def subscribed(self, destinations: Sequence[Destination]) -> list[Destination]:
        """Those that have a subscription."""
        counts = self._server.together([["HLEN", keys.subscriptions(one)] for one in destinations])
        return [one for one, count in zip(destinations, counts, strict=True) if count]

    def of_workspace(self, platform: Platform, workspace: str) -> list[Destination]:
        """Every known channel of a workspace."""
        return [one for one in self.destinations() if (one.platform, one.workspace) == (platform, workspace)]

    def destinations(self) -> Iterator[Destination]:
        """Every channel that ever said something about itself: subscribed, set, voted."""
        for text in sorted(self._server.call("SMEMBERS", keys.CHANNELS)):
            yield Destination.parse(text)

    def count(self) -> int:
        """Subscriptions of all channels."""
        counts = [["HLEN", keys.subscriptions(destination)] for destination in self.destinations()]
        return sum(self._server.together(counts)) if counts else 0

    def feeds(self) -> list[str]:
        """Canonical URLs of the feeds that channels subscribed to."""
        return sorted(self._server.call("HKEYS", keys.FEEDS))

    def feeds_of_workspace(self, platform: Platform, workspace: str) -> frozenset[str]:
        """Those that a workspace's channels subscribed to. Looks at all of them: for when somebody adds one."""
        standing = self._standing(self.of_workspace(platform, workspace))
        return frozenset(one.want.feed for one in standing if one.want.feed)

    def subscribers(self, feed: str) -> Iterator[Subscription]:
        """Every subscription to a feed. Looks at all channels: for what happens to a feed once in a while."""
        return (one for one in self._standing(list(self.destinations())) if one.want.feed == feed)

    def _standing(self, channels: Sequence[Destination]) -> Iterator[Subscription]:
        """Every subscription of these, in few round trips."""
        for start in range(0, len(channels), AT_ONCE):
            for standing in self.subscriptions_of(channels[start : start + AT_ONCE]).values():
                yield from standing

    def announce(self, destinations: Iterable[Destination]) -> None:
        """Tell everybody who follows the change log that what these channels' subscriptions mean has changed."""
        entry = ["XADD", keys.CHANGES, "MAXLEN", "~", CHANGES_KEPT, "*", "destination"]
        if entries := [[*entry, str(destination)] for destination in destinations]:
            self._server.together(entries)

    def last_change(self) -> str:
        """The change log's newest entry id; '0-0' if it is empty."""
        newest = self._server.call("XREVRANGE", keys.CHANGES, "+", "-", "COUNT", 1)
        return next(iter(_entry_ids(newest)), "0-0")

    def changes(self, after: str) -> tuple[list[Destination], str]:
        """Destinations whose subscriptions changed after that entry, and the newest entry's id.

        Every destination, where the log no longer reaches back to that entry.
        """
        entries = self._server.call("XRANGE", keys.CHANGES, f"({after}", "+")
        newest = next(iter(_entry_ids(entries[-1:])), after)
        oldest = next(iter(_entry_ids(self._server.call("XRANGE", keys.CHANGES, "-", "+", "COUNT", 1))), after)
        if _is_before(after, oldest):  # what stood between was trimmed away, or nothing stood there: no matter
            return list(self.destinations()), newest
        changed = {fields["destination"]: None for _, fields in entries}
        return [Destination.parse(text) for text in changed], newest


def _is_before(one: str, other: str) -> bool:
    """Whether a stream entry's id (`milliseconds-sequence`) is the older one."""
    first, second = (tuple(int(part) for part in entry.split("-")) for entry in (one, other))
    return first < second


def without_preferences(channel: Channel) -> str:
    """A channel's own settings as they are stored: preferences have a hash of their own."""
    return codec.dump(replace(channel, preferences=Preferences()))


def unnumbered(subscription: Subscription) -> str:
    """As it is stored: the number is the hash's field, given out by the script that stores it."""
    return codec.dump(replace(subscription, number=0, id=""))


def _numbered(destination: Destination, number: int, text: str) -> Subscription:
    return replace(codec.load(Subscription, text), number=number, id=f"{destination}#{number}")


def _entry_ids(entries: Iterable[tuple[str, object]]) -> Iterator[str]:
    return (entry_id for entry_id, _ in entries)
