"""Ten thousand feeds at a quarter of an hour, on one worker: how many are polled in time, and what that costs.

    python -m benchmarks.feeds [--feeds 10000] [--minutes 3]

The feeds are due evenly over a quarter of an hour, as they are once jitter has spread them, and are watched for the
first minutes of it. "In time" is within ten seconds. The peer is a plain loop of `feedparser.parse(url, etag=…)` over
the same feeds at the same times, whose sockets time out after 20 s, as ours do.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.feed_world import KNOWN, FeedServer, url
from cli.embedded import EmbeddedValkey
from papers.model import Destination, Subscription, Want
from papers.sources.feed_cursor import Cursor
from papers.stores import keys
from papers.stores.server import Server
from papers.wiring import Stores, clock

QUARTER = 900.0
IN_TIME = 10.0
GOAL = 0.99
"""Share of the feeds that are polled in time."""
START = 10.0
"""Seconds for a process to start before the first feed is due."""
ANYWHERE = Destination("terminal", "local", "feeds")

PEER = """
import contextlib, http.client, socket, sys, time, feedparser
port, begin, end, gap = int(sys.argv[1]), *map(float, sys.argv[2:5])
socket.setdefaulttimeout(20)
number = 0
while (due := begin + number * gap) < end and time.time() < end:
    time.sleep(max(0, due - time.time()))
    with contextlib.suppress(OSError, http.client.HTTPException):  # a time-out while it reads is not caught for us
        feedparser.parse(f"http://127.0.0.1:{port}/feed/{number}", etag='"1"')
    number += 1
time.sleep(60)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a run went: seconds after its time that each feed due was asked for, and what the process took."""

    late: Sequence[float]
    due: int
    seconds: float
    cpu: float
    megabytes: float


def main() -> int:
    """Print the table; 1 if fewer than GOAL were polled in time."""
    options = argparse.ArgumentParser(description="Ten thousand feeds on one worker.")
    options.add_argument("--feeds", type=int, default=10_000)
    options.add_argument("--minutes", type=float, default=3.0)
    asked = options.parse_args()
    seconds = asked.minutes * 60
    ours, peer = _ours(asked.feeds, seconds), _peer(asked.feeds, seconds)
    table = Table(title=f"{asked.feeds:,} feeds, each every 15 minutes, {asked.minutes:g} minutes of it")
    for heading in ("", "polls/s", "in time", "p99 late, s", "worst, s", "CPU, of a core", "MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, one in (("Paperboy, one worker", ours), ("a loop of feedparser.parse", peer)):
        table.add_row(name, *_row(one))
    Console(width=110).print(table)
    return int(_share(ours) < GOAL)


def _row(one: Measured) -> tuple[str, ...]:
    late = sorted(one.late)
    p99 = late[min(int(len(late) * 0.99), len(late) - 1)]
    return (
        f"{len(late) / (one.seconds - IN_TIME):.1f}",
        f"{_share(one):.1%}",
        f"{p99:.1f}",
        f"{late[-1]:.1f}",
        f"{one.cpu / one.seconds:.0%}",
        f"{one.megabytes:.0f}",
    )


def _share(one: Measured) -> float:
    return sum(late <= IN_TIME for late in one.late) / one.due


def _ours(feeds: int, seconds: float) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        try:
            begin = time.time() + START + feeds / 1_000
            due = {number: begin + number * QUARTER / feeds for number in range(feeds)}
            _fill(Server(valkey.url), due)
            environment = {"REDIS_URL": valkey.url, "PAPERBOY_DATA": folder, "PAPERBOY_SOURCES": "http://none.example/"}
            words = ["-m", "benchmarks.feed_world"]
            return _watched(words, environment, due, seconds, begin)
        finally:
            valkey.stop()


def _fill(server: Server, due: Mapping[int, float]) -> None:
    """Subscribe to every feed, as if all had been polled before, and have them due at their times."""
    stores, now = Stores(server), clock()
    stores.channels.add(Subscription("", 0, ANYWHERE, Want(feed=url(0)), created_at=now))
    cursor = Cursor(KNOWN, None, "known", body="known").dump()
    commands: list[list[object]] = []
    for number, at in due.items():
        commands.append(["HSET", keys.FEEDS, url(number), 1])
        commands.append(["ZADD", keys.SOURCES_DUE, int(at * 1000), url(number)])
        commands.append(["HSET", keys.source(url(number)), "cursor", cursor, "news_at", int(now.timestamp() * 1000)])
    server.together(commands)


def _peer(feeds: int, seconds: float) -> Measured:
    begin, gap = time.time() + START, QUARTER / feeds
    due = {number: begin + number * gap for number in range(feeds)}
    return _watched(["-c", PEER], {}, due, seconds, begin, begin, begin + seconds, gap)


def _watched(
    words: Sequence[str],
    environment: Mapping[str, str],
    due: Mapping[int, float],
    seconds: float,
    begin: float,
    *arguments: float,
) -> Measured:
    """Run a process of ours over the feeds until their time is over; those that it never asked for count too."""
    with FeedServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, *words, str(server.port), *map(str, arguments)]
        with tempfile.TemporaryFile() as log:
            child = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)  # noqa: S603 - ours
            time.sleep(max(0.0, begin + seconds - time.time()))
            cpu, megabytes = _taken(child.pid)
            child.kill()
            child.wait()
        server.closing.set()
        server.shutdown()
        asked = {number: at for number, at in server.asked.items() if at <= begin + seconds}
    # the last ones may come as late as is in time, so they are not looked at
    counted = [number for number, at in due.items() if at <= begin + seconds - IN_TIME]
    late = [max(asked[number] - due[number], 0.0) for number in counted if number in asked]
    return Measured(late or [seconds], len(counted), seconds, cpu, megabytes)


def _taken(process: int) -> tuple[float, float]:
    """CPU seconds of a process and its finished children, and the most memory that it had, in MB."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))
    peak = next(line for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines() if "VmHWM" in line)
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
