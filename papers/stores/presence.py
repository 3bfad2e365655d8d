"""Which roles run where, as they say themselves: each process announces itself every few seconds.

Nothing is decided by it. `stats` and `doctor` tell it to people, `up` finds its roles' metrics by it, and Prometheus is
told how many there are of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from papers.stores import codec, keys
from papers.stores.clock import from_ms, to_ms
from papers.stores.server import Server

EVERY = 5.0
"""Seconds between two announcements."""

GONE_AFTER = 30.0
"""Seconds after which a role that has not announced itself counts as gone."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A process at work.

    Attributes:
        role: as it is typed after `paperboy`: `worker fetch`, `bot slack`, `up`.
        host: the machine's or container's name.
        parent: its parent's pid: `up` has its roles below it.
        port: where it answers probes.
        shard, shards: what it matches, and PAPERBOY_SHARDS as it has it.
        model: EMBEDDING_MODEL as it has it.
    """

    role: str
    host: str
    pid: int
    parent: int
    port: int
    version: str
    since: datetime
    shard: int
    shards: int
    model: str


class PresenceStore:
    """Every role that runs, on any machine."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def announce(self, one: Presence) -> None:
        """This process is at work; it counts as such for `GONE_AFTER` seconds. Silent ones are forgotten."""
        now = to_ms(self.now())
        silent = ["ZREMRANGEBYSCORE", keys.ROLES, "-inf", now - GONE_AFTER * 1000]
        self._server.together([["ZADD", keys.ROLES, now, codec.dump(one)], silent])

    def leave(self, one: Presence) -> None:
        """This process ends."""
        self._server.call("ZREM", keys.ROLES, codec.dump(one))

    def all(self) -> list[Presence]:
        """Those that are at work, by role, machine and number."""
        since = to_ms(self.now()) - GONE_AFTER * 1000
        found = self._server.call("ZRANGE", keys.ROLES, f"({since}", "+inf", "BYSCORE")
        return sorted(
            (codec.load(Presence, text) for text in found), key=lambda one: (one.role, one.shard, one.host, one.pid)
        )

    def now(self) -> datetime:
        """The server's clock."""
        seconds, micros = self._server.call("TIME")
        return from_ms(int(seconds) * 1000 + int(micros) // 1000)
