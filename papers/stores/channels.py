"""Channels in Redis: their subscriptions, their schedule, and the log of changes that workers follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from papers.errors import NotFoundError, QuotaError, UsageError
from papers.model import Channel, Destination, Subscription
from papers.stores import codec, keys
from papers.stores.clock import to_ms
from papers.stores.server import Server

MAX_SUBSCRIPTIONS = 32
"""A channel's subscriptions: `list` still fits one message on every platform."""


class ChannelStore:
    """Subscriptions and settings, by channel."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def subscriptions(self, destination: Destination) -> tuple[Subscription, ...]:
        """The channel's subscriptions by number."""
        found = self._server.call("HGETALL", keys.subscriptions(destination))
        return tuple(_numbered(destination, int(number), found[number]) for number in sorted(found, key=int))

    def subscription(self, destination: Destination, number: int) -> Subscription:
        """One subscription. Raises NotFoundError."""
        text = self._server.call("HGET", keys.subscriptions(destination), number)
        if text is None:
            raise NotFoundError(f"there is no subscription {number} here", advice="`list` shows the numbers")
        return _numbered(destination, number, text)

    def add(self, subscription: Subscription) -> Subscription:
        """Keep a new subscription; it comes back with its number and id. Raises QuotaError."""
        number = self._save(subscription, replaced=None)
        return _numbered(subscription.destination, number, unnumbered(subscription))

    def change(self, subscription: Subscription, before: Subscription) -> Subscription:
        """Put `subscription` in the place of `before`, unless somebody changed that meanwhile (UsageError)."""
        self._save(subscription, replaced=before)
        return subscription

    def _save(self, subscription: Subscription, *, replaced: Subscription | None) -> int:
        destination = subscription.destination
        number = self._server.run(
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
                keys.CHANGES_KEPT,
                unnumbered(subscription),
            ],
        )
        if number == -1:
            advice = "`unsubscribe` one first, or join two with OR"
            raise QuotaError(f"a channel has at most {MAX_SUBSCRIPTIONS} subscriptions", advice=advice)
        if number == 0:
            raise UsageError("somebody else changed that subscription just now", advice="look at `list` and try again")
        return int(number)

    def remove(self, subscription: Subscription) -> None:
        """Remove a subscription. Raises NotFoundError if it is gone already."""
        destination = subscription.destination
        removed = self._server.run(
            "remove_subscription",
            [keys.subscriptions(destination), keys.CHANGES, keys.FEEDS],
            [str(destination), subscription.number, subscription.want.feed or "", keys.CHANGES_KEPT],
        )
        if not removed:
            raise NotFoundError(f"there is no subscription {subscription.number} here any more")

    def channel(self, destination: Destination) -> Channel:
        """The channel's settings; the defaults if nothing was ever set."""
        text = self._server.call("HGET", keys.channel(destination), "settings")
        return codec.load(Channel, text) if text else Channel(destination)

    def set_channel(self, channel: Channel, next_slot: datetime | None, now: datetime) -> int:
        """Keep settings; `next_slot` is None for instant channels. Returns how many papers wait in the inbox."""
        destination = channel.destination
        return int(
            self._server.run(
                "set_channel",
                [keys.channel(destination), keys.DUE, keys.CHANNELS, keys.inbox(destination)],
                [
                    str(destination),
                    codec.dump(channel),
                    int(channel.schedule.kind == "instant"),
                    int(channel.paused),
                    to_ms(next_slot) if next_slot else "",
                    to_ms(now),
                ],
            )
        )

    def destinations(self) -> Iterator[Destination]:
        """Every channel that was ever subscribed or scheduled."""
        for text in sorted(self._server.call("SMEMBERS", keys.CHANNELS)):
            yield Destination.parse(text)

    def count(self) -> int:
        """Subscriptions of all channels."""
        counts = [["HLEN", keys.subscriptions(destination)] for destination in self.destinations()]
        return sum(self._server.together(counts)) if counts else 0

    def feeds(self) -> list[str]:
        """Canonical URLs of the feeds that channels subscribed to."""
        return sorted(self._server.call("HKEYS", keys.FEEDS))

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


def unnumbered(subscription: Subscription) -> str:
    """As it is stored: the number is the hash's field, given out by the script that stores it."""
    return codec.dump(replace(subscription, number=0, id=""))


def _numbered(destination: Destination, number: int, text: str) -> Subscription:
    return replace(codec.load(Subscription, text), number=number, id=f"{destination}#{number}")


def _entry_ids(entries: Iterable[tuple[str, object]]) -> Iterator[str]:
    return (entry_id for entry_id, _ in entries)
