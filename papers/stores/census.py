"""How much of everything there is in Redis, for metrics: a few commands, however many channels there are.

What would need a look at every channel is not counted here: `paperboy stats` does that, when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from papers.model import Delivery, Platform
from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

SOURCES: Final = 20_000
"""Sources of which is looked at whether they fail: a few milliseconds of the server's."""

FIRST: Final = 50
"""Channels of a platform, first in line, among which the oldest message is looked for."""

PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform)


@dataclass(frozen=True, slots=True)
class Census:
    """What is there. Ages are seconds, and 0.0 where nothing waits.

    Attributes:
        papers: in the archive.
        healthy, failing, paused: sources, each in one of these.
        poll_lag: since the source that waits longest was due.
        unmatched, unmatched_age: arrivals that no subscription was held against yet, and the oldest one's.
        channels: that ever had anything to do with us.
        due, plan_lag: channels whose post is to be planned by now, and since when for the first.
        outbox: by platform, channels that have something to send, and the age of the oldest message among the first
            `FIRST`, from when it was due.
        queues: jobs that wait, by queue of RQ.
        roles: processes at work, by role.
        asked: summaries that were asked for today.
    """

    papers: int
    healthy: int
    failing: int
    paused: int
    poll_lag: float
    unmatched: int
    unmatched_age: float
    channels: int
    due: int
    plan_lag: float
    outbox: dict[Platform, tuple[int, float]]
    queues: dict[str, int]
    asked: int
    memory: int
    memory_limit: int
    roles: dict[str, int] = field(default_factory=dict)


class CensusStore:
    """Counts. `queues` are RQ's queues by name, with the key of each one's list."""

    def __init__(self, server: Server, queues: Mapping[str, str]) -> None:
        self._server = server
        self._queues = dict(queues)

    def take(self, now: datetime) -> Census:
        """Count, in a handful of round trips."""
        instant = to_ms(now)
        sources = self._server.run("count_sources", [keys.SOURCES_DUE], [keys.source(""), instant, SOURCES])
        polled, failing, paused, late = (int(figure) for figure in sources)
        told = iter(
            self._server.together([
                ["ZCARD", keys.PAPERS],
                ["ZCARD", keys.UNMATCHED],
                ["ZRANGE", keys.UNMATCHED, 0, 0, "WITHSCORES"],
                ["SCARD", keys.CHANNELS],
                ["ZCOUNT", keys.DUE, "-inf", instant],
                ["ZRANGE", keys.DUE, 0, 0, "WITHSCORES"],
                ["GET", keys.summaries_asked(now.date())],
                ["INFO", "memory"],
                *(["ZCARD", keys.platform(one)] for one in PLATFORMS),
                *(["LLEN", key] for key in self._queues.values()),
            ])
        )  # fmt: skip
        papers, unmatched, oldest, channels, due, first, asked, memory = (next(told) for _ in range(8))
        waiting = {one: int(next(told)) for one in PLATFORMS}
        return Census(
            papers=papers,
            healthy=polled - failing - paused,
            failing=failing,
            paused=paused,
            poll_lag=late / 1000,
            unmatched=unmatched,
            unmatched_age=_age(oldest, now),
            channels=channels,
            due=due,
            plan_lag=_age(first, now),
            outbox={one: (figure, self._oldest(one, now) if figure else 0.0) for one, figure in waiting.items()},
            queues={one: int(next(told)) for one in self._queues},
            asked=int(asked or 0),
            memory=memory["used_memory"],
            memory_limit=memory["maxmemory"],
        )

    def _oldest(self, platform: Platform, now: datetime) -> float:
        """Seconds since the oldest message was due, among the channels first in line."""
        channels = self._server.call("ZRANGE", keys.platform(platform), 0, FIRST - 1)
        first = self._server.together([["ZRANGE", keys.outbox(one), 0, 0] for one in channels])
        waiting = [(one, ids[0]) for one, ids in zip(channels, first, strict=True) if ids]
        if not waiting:
            return 0.0
        texts = self._server.together([["HGET", keys.delivery(one, which), "json"] for one, which in waiting])
        due = [codec.load(Delivery, text).due for text in texts if text]
        return max((now - min(due)).total_seconds(), 0.0) if due else 0.0


def _age(first: Sequence[Any], now: datetime) -> float:
    """Seconds since the score of a sorted set's first member, as ZRANGE answers it; 0.0 for one that is to come."""
    return max((now - from_ms(first[0][1])).total_seconds(), 0.0) if first else 0.0
