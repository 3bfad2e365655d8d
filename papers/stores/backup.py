"""Channels and feeds of a server as a backup holds them, and back again: beside what the server has, never over it.

No papers, which their sources tell again, no deliveries, which would be posted twice, and no tokens. Papers that wait
in an inbox are told again too: that is why they are left out of what has arrived in their feed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from papers import preferences
from papers.errors import BackupError
from papers.model import Destination, Schedule
from papers.schedule import next_slot
from papers.stores import keys
from papers.stores.backup_file import Kept, KeptChannel, KeptFeed
from papers.stores.channels import CHANGES_KEPT, MAX_SUBSCRIPTIONS, ChannelStore, unnumbered, without_preferences
from papers.stores.clock import from_ms, to_ms
from papers.stores.lessons import LessonStore, packed
from papers.stores.server import Server
from papers.stores.votes import VoteStore

BATCH = 1000
"""Ids a command."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What one channel got back; `scheduled`: whether it took a schedule that somebody set, having none of its own."""

    subscriptions: int
    scheduled: bool
    seen: int


class Backup:
    """What a backup is made from and restored into."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._channels = ChannelStore(server)
        self._votes = VoteStore(server)
        self._lessons = LessonStore(server)

    def count(self) -> int:
        """How many feeds and channels there are."""
        feeds, channels = self._server.together([["HLEN", keys.FEEDS], ["SCARD", keys.CHANNELS]])
        return int(feeds) + int(channels)

    def read(self) -> Iterator[Kept]:
        """Every feed and channel, in an order of their own. Others may go on changing them meanwhile."""
        arrived = {url: set(self._server.call("SMEMBERS", keys.arrived(url))) for url in self._channels.feeds()}
        # a paper goes from the arrivals into an inbox and from there to the seen: read in that order, it is met
        waiting = self._waiting()
        for url, papers in arrived.items():
            yield KeptFeed(url, tuple(sorted(papers - waiting[url])))
        for destination in self._channels.destinations():
            yield self.channel(destination)

    def channel(self, destination: Destination) -> KeptChannel:
        """One channel."""
        subscriptions = self._channels.subscriptions(destination)
        last, suspended, seen, trended = self._server.together(
            [
                ["HGET", keys.channel(destination), "last"],
                ["HGET", keys.channel(destination), "suspended"],
                ["ZRANGE", keys.seen(destination), 0, -1, "WITHSCORES"],
                ["SMEMBERS", keys.trended(destination)],
            ]
        )
        return KeptChannel(
            self._channels.channel(destination),
            subscriptions,
            int(last or 0),
            suspended,
            {paper: from_ms(at) for paper, at in seen},
            tuple(sorted(trended)),
            self._votes.all(destination),
            self._lessons.of([destination]).get(destination, ()),
        )

    def _waiting(self) -> Mapping[str, set[str]]:
        """By feed, the papers of it that wait to be matched, or in the inbox of a channel that is subscribed to it."""
        waiting: dict[str, set[str]] = defaultdict(set)
        for member in self._server.call("ZRANGE", keys.UNMATCHED, 0, -1):
            paper, scope, *_ = member.split("\t")
            waiting[scope].add(paper)
        for destination in self._channels.destinations():
            feeds = {one.want.feed for one in self._channels.subscriptions(destination) if one.want.feed}
            papers = self._server.call("HKEYS", keys.inbox(destination)) if feeds else []
            for feed in feeds:
                waiting[feed].update(papers)
        return waiting

    def conflicts(self, kept: Kept) -> list[str]:
        """Why this cannot be restored without losing something: a line each."""
        if isinstance(kept, KeptFeed):
            return []
        where = kept.channel.destination
        live = {one.number: one for one in self._channels.subscriptions(where)}
        found = [f"{where} #{one.number}" for one in kept.subscriptions if live.get(one.number, one) != one]
        together = len(live.keys() | {one.number for one in kept.subscriptions})
        if together > MAX_SUBSCRIPTIONS:
            found.append(f"{where} (it would have {together} subscriptions, more than {MAX_SUBSCRIPTIONS})")
        return found

    def restore(self, kept: Kept, now: datetime) -> Restored:
        """Put a feed or a channel back, all of it or nothing; a second time changes nothing.

        Raises BackupError if a number of the channel holds another subscription.
        """
        if isinstance(kept, KeptFeed):
            for start in range(0, len(kept.arrived), BATCH):
                self._server.call("SADD", keys.arrived(kept.feed), *kept.arrived[start : start + BATCH])
            return Restored(0, scheduled=False, seen=0)
        where = kept.channel.destination
        touched = [keys.channel(where), keys.subscriptions(where), keys.seen(where), keys.trended(where)]
        touched += [keys.inbox(where), keys.CHANNELS, keys.CHANGES, keys.FEEDS, keys.DUE]
        touched += [keys.preferences(where), keys.votes(where), keys.tallies(where), keys.lessons(where)]
        added, *rest = self._server.run("restore_channel", touched, self._spelt(kept, now))
        if added < 0:
            raise BackupError(
                f"somebody subscribed in {where} just now", advice="what came before it is restored; try again"
            )
        was_set = kept.channel.schedule != Schedule()
        return Restored(added, scheduled=bool(rest[0]) and was_set, seen=rest[1])

    def _spelt(self, kept: KeptChannel, now: datetime) -> list[object]:
        """A channel as the script takes it."""
        channel = kept.channel
        slot = next_slot(channel.schedule, now)
        # what the server has is not told again: an older version may have spelt the same subscription otherwise
        live = set(self._channels.subscriptions(channel.destination))
        missing = [one for one in kept.subscriptions if one not in live]
        last = max([kept.last, *(one.number for one in kept.subscriptions)])
        arguments: list[object] = [str(channel.destination), to_ms(now), CHANGES_KEPT, last]
        arguments += [without_preferences(channel)]
        arguments += [int(channel.schedule.kind == "instant"), int(channel.paused), to_ms(slot) if slot else ""]
        arguments += [kept.suspended or "", len(missing)]
        for one in missing:
            arguments += [one.number, unnumbered(one), one.want.feed or ""]
        arguments += [len(kept.trended), *kept.trended, len(kept.seen)]
        for paper, at in kept.seen.items():
            arguments += [paper, to_ms(at)]
        votes = [(paper, user, vote) for paper, given in kept.feedback.items() for user, vote in given.items()]
        lessons = [(one.paper, packed(one)) for one in kept.lessons]
        for rows in (preferences.chosen(channel.preferences).items(), votes, lessons):
            arguments += [len(rows), *(part for row in rows for part in row)]
        return arguments
