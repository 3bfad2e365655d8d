"""A thousand feeds that want their reader dead, and two hundred that do not: what the ones do to the others.

    python -m benchmarks.hostile_feeds [--feeds 1000] [--minutes 2]

Twenty-five families (tests/fakes/hostile_feeds.py) are new subscriptions, due within the first minute. The honest feeds
are known, changed, and due evenly over all of it: each is fetched, parsed in its child and stored. "Late" is how long
after its time that was done. Memory is that of the largest process, whose limit is 512 MB of address space.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.feed_world import KNOWN
from cli.embedded import EmbeddedValkey
from papers.model import Destination, Subscription, Want
from papers.sources.feed_cursor import Cursor
from papers.stores import keys
from papers.stores.server import Server
from papers.wiring import Stores, clock
from tests.fakes.entries import entry, rss
from tests.fakes.hostile_feeds import FAMILIES, serve
from tests.fakes.upstream import Upstream

HONEST = 200
LIMIT = 10.0
"""Seconds that a hostile feed may delay another."""
LARGEST = 512
START = 12.0
LOOK = 60.0
"""Seconds; a feed that was read is polled again after a quarter of an hour."""

ANYWHERE = Destination("terminal", "local", "feeds")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds after their time that honest feeds were stored, how many were not; hostile feeds that were tried."""

    late: list[float]
    missing: int
    tried: int
    alive: bool
    megabytes: float


def main() -> int:
    """Print the table; 1 if an honest feed was delayed beyond the limit, or a process grew beyond its."""
    options = argparse.ArgumentParser(description="Hostile feeds beside honest ones.")
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--minutes", type=float, default=2.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, Upstream() as upstream:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            one = _measured(asked.feeds, asked.minutes * 60, Path(folder), upstream, valkey.url)
        finally:
            valkey.stop()
    table = Table(title=f"{asked.feeds:,} hostile feeds of {len(FAMILIES)} families beside {HONEST} honest ones")
    for heading in ("hostile tried", "honest stored", "worst late, s", "limit, s", "largest process, MB", "worker"):
        table.add_column(heading, justify="right")
    stored, worst = f"{len(one.late)} of {len(one.late) + one.missing}", max(one.late, default=float("inf"))
    table.add_row(
        f"{one.tried:,}", stored, f"{worst:.1f}", f"{LIMIT:g}", f"{one.megabytes:.0f}", "lives" if one.alive else "died"
    )
    Console(width=110).print(table)
    return int(worst > LIMIT or one.missing > 0 or one.megabytes > LARGEST or not one.alive)


def _measured(feeds: int, seconds: float, folder: Path, upstream: Upstream, server_url: str) -> Measured:
    server = Server(server_url)
    begin = time.time() + START
    for number, family in enumerate(FAMILIES):
        serve(upstream, family, f"/feed/{number}")
    upstream.feed("/feed/honest", rss([entry("A Post", guid="1")]))
    hostile = {f"http://bad{n}.example/feed/{n % len(FAMILIES)}": begin + 60 * n / feeds for n in range(feeds)}
    honest = {f"http://good{n}.example/feed/honest": begin + (seconds - 2 * LIMIT) * n / HONEST for n in range(HONEST)}
    _fill(server, hostile, honest)
    environment = {"REDIS_URL": server_url, "PAPERBOY_DATA": str(folder), "PAPERBOY_SOURCES": "http://none.example/"}
    command = [sys.executable, "-m", "benchmarks.feed_world", str(upstream.port)]
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)  # noqa: S603 - ours
        stored = _first_stored(Stores(server), honest, begin + seconds)
        alive = child.poll() is None
        child.kill()
        _, _, usage = os.wait4(child.pid, 0) if alive else (0, 0, None)
    late = [at - honest[name] for name, at in stored.items()]
    tried = sum(state.polled_at is not None for state in Stores(server).sources.states([*hostile]))
    return Measured(late, HONEST - len(late), tried, alive, usage.ru_maxrss / 1024 if usage else 0.0)


def _first_stored(stores: Stores, honest: Mapping[str, float], until: float) -> dict[str, float]:
    """When each feed that was stored by `until` was for the first time, looking more often than feeds are polled."""
    stored: dict[str, float] = {}
    while True:
        for state in stores.sources.states([*honest.keys() - stored.keys()]):
            if state.ok_at is not None:
                stored[state.name] = state.ok_at.timestamp()
        if time.time() >= until:
            return stored
        time.sleep(min(LOOK, max(0.0, until - time.time())))


def _fill(server: Server, hostile: Mapping[str, float], honest: Mapping[str, float]) -> None:
    """Subscribe to all; the honest ones were read before."""
    stores, now = Stores(server), clock()
    stores.channels.add(Subscription("", 0, ANYWHERE, Want(feed=next(iter(honest))), created_at=now))
    cursor = Cursor(KNOWN, None, "known", body="known").dump()
    commands: list[list[object]] = []
    for name, at in {**hostile, **honest}.items():
        commands.append(["HSET", keys.FEEDS, name, 1])
        commands.append(["ZADD", keys.SOURCES_DUE, int(at * 1000), name])
    commands += [["HSET", keys.source(name), "cursor", cursor] for name in honest]
    server.together(commands)


if __name__ == "__main__":
    sys.exit(main())
