"""How soon after a source publishes a paper it stands in an instant channel, once the source is polled: an idle system.

    python -m benchmarks.latency [--papers 60]

The whole of `paperboy up` runs, each role a process; the source is on loopback. What is timed begins when the source
becomes due and ends when the post is in the channel: sweeper, doorbell, fetch, match, plan and send lie in between.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from cli.embedded import EmbeddedValkey
from papers.model import Destination
from papers.stores import keys
from papers.stores.server import Server
from papers.wiring import Stores
from tests.e2e.processes import Home, until
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

LIMIT = 5.0
"""Seconds from poll to post, p99."""

PATIENCE = 60.0
CHANNEL = Destination("terminal", "local", "general")


def main() -> int:
    """Print the table; 1 if the limit is passed."""
    parser = argparse.ArgumentParser(description="Poll to post, idle.")
    parser.add_argument("--papers", type=int, default=60)
    count = parser.parse_args().papers
    with tempfile.TemporaryDirectory() as folder, Upstream() as upstream:
        upstream.day(_today(), [])
        with Home(Path(folder), upstream.url).cleared() as home:
            home.say("subscribe diffusion")
            up = home.start("up")
            until(
                lambda: any(told.get("event") == "ready" and told["role"] == "up" for told in up.events),
                "it to be ready",
            )
            times = sorted(_times(home, upstream, count))
    p99 = times[min(int(len(times) * 0.99), len(times) - 1)]
    table = Table(title=f"from due to posted, {count} papers, one at a time")
    for heading in ("median, s", "p99, s", "limit, s", "p99 / limit"):
        table.add_column(heading, justify="right")
    table.add_row(f"{median(times):.2f}", f"{p99:.2f}", f"{LIMIT:g}", f"{p99 / LIMIT:.2f}")
    Console().print(table)
    return int(p99 > LIMIT)


def _times(home: Home, upstream: Upstream, count: int) -> list[float]:
    server = Server(EmbeddedValkey(home.data).url)
    stores = Stores(server)
    listed, times = [], []
    for number in range(count):
        listed.append(item(f"2601.{number + 1:05}", f"A diffusion model, number {number}"))
        upstream.day(_today(), listed)
        server.call("DEL", keys.lease("bell:fetch"))  # polls are minutes apart: none was rung just now
        begun = time.perf_counter()
        server.call("ZADD", keys.SOURCES_DUE, 0, "huggingface")
        while len(_papers(stores)) < len(listed):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(f"paper {number} was not posted")
            time.sleep(0.01)
        times.append(time.perf_counter() - begun)
    server.close()
    return times


def _papers(stores: Stores) -> list[str]:
    return [one.paper for post in stores.posts.all(CHANNEL) for one in post.items]


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
