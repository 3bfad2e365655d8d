"""Two years of Daily Papers into the archive, killed twice on the way: how long, how polite, and whether whole.

    python -m benchmarks.backfill [--days 730] [--rate polite|fast]

A server of ours lists about 30 papers on each weekday. The backfill is a process of its own, killed by `kill -9` at two
random moments and run again; a day is a gap unless the archive has exactly the papers that it lists. The limit is
Hugging Face's, 500 requests in 5 minutes; `fast` leaves the pauses out, and shows what the work itself takes.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

import cli
from benchmarks.corpus import Corpus
from cli.embedded import EmbeddedValkey
from papers.model import Paper
from papers.stores.server import Server
from papers.wiring import Stores
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

LIMIT, WINDOW = 500, 300.0
"""Requests, and the seconds in which Hugging Face takes as many."""

A_DAY = 30
MEGABYTE = 1 << 20
SETTLED = timedelta(days=4)
"""So old is a day that lists no more papers."""

SATURDAY = 5


@dataclass
class Run:
    """What was measured: seconds in all, the most memory of the process in bytes, and when requests came (seconds)."""

    seconds: float
    peak: int
    requests: Sequence[float]
    kills: int
    gaps: int
    days: int
    papers: int

    @property
    def busiest(self) -> int:
        """The most requests within any WINDOW."""
        return max(bisect_left(self.requests, at + WINDOW) - place for place, at in enumerate(self.requests))


def main() -> int:
    """Print the table; 1 if a day is missing, or a polite run was not."""
    parser = argparse.ArgumentParser(description="Fill an archive.")
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--rate", choices=("polite", "fast"), default="polite")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    last = datetime.now(UTC).date() - SETTLED
    days = [last - timedelta(days=number) for number in range(asked.days)]
    with tempfile.TemporaryDirectory() as folder, Upstream() as upstream:
        listed = listing(days, random.Random(asked.seed))  # noqa: S311 - a sample
        for day, papers in listed.items():
            upstream.day(day, [item(one.id, one.title, summary=one.abstract) for one in papers])
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        server = Server(valkey.url)
        try:
            run = fill(server, upstream, listed, asked.rate, random.Random(asked.seed))  # noqa: S311 - a sample
        finally:
            server.close()
            valkey.stop()
    show(run, asked.rate)
    return int(run.gaps > 0 or (asked.rate == "polite" and run.busiest > LIMIT))


def listing(days: Sequence[date], chance: random.Random) -> dict[date, list[Paper]]:
    """About A_DAY papers on each weekday."""
    numbers = {day: 0 if day.weekday() >= SATURDAY else A_DAY + chance.randint(-10, 10) for day in days}
    papers = iter(Corpus().papers(sum(numbers.values())))
    return {day: [next(papers) for _ in range(number)] for day, number in numbers.items()}


def fill(server: Server, upstream: Upstream, listed: dict[date, list[Paper]], rate: str, chance: random.Random) -> Run:
    """Fill, be killed twice, and fill to the end."""
    kills = sorted(chance.randrange(len(listed)) for _ in range(2))
    command = [sys.executable, "-m", "tests.integration.backfill_role", server.url, upstream.url]
    command += [str(min(listed)), str(max(listed)), *(["--polite"] if rate == "polite" else [])]
    begun, peak = time.monotonic(), 0
    for kill in [*kills, None]:
        peak = max(peak, watched(command, lambda at=kill: at is not None and len(upstream.requests) > at))  # type: ignore[misc] # a default binds
    stores = Stores(server)
    gaps = sum({one.id for one in stores.papers.of_day(day)} != {one.id for one in listed[day]} for day in listed)
    requests = [request.at for request in upstream.requests]
    return Run(
        seconds=time.monotonic() - begun,
        peak=peak,
        requests=requests,
        kills=len(kills),
        gaps=gaps,
        days=len(listed),
        papers=stores.papers.count(),
    )


def watched(command: Sequence[str], dies: Callable[[], bool]) -> int:
    """Run a process to its end, or until it `dies`; the most memory that it had, in bytes."""
    peak = 0
    root = Path(cli.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ourselves
        known = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, known.memory_info().rss)
            if dies():
                process.kill()
            time.sleep(0.02)
    return peak


def show(run: Run, rate: str) -> None:
    """Print the table."""
    seconds = run.requests[-1] - run.requests[0]
    per_second = len(run.requests) / seconds
    table = Table(title=f"{run.days} days of papers, {rate}, killed {run.kills} times")
    table.add_column("")
    for heading in ("measured", "limit"):
        table.add_column(heading, justify="right")
    table.add_row("papers", f"{run.papers:,}", "")
    table.add_row("days that are not whole", f"{run.gaps}", "0")
    table.add_row("requests", f"{len(run.requests):,}", f"{run.days + run.kills:,}")
    table.add_row("requests a second", f"{per_second:.2f}", f"{LIMIT / WINDOW:.2f}")
    table.add_row("requests in the busiest 5 minutes", f"{run.busiest}", f"{LIMIT}")
    table.add_row("seconds", f"{run.seconds:.0f}", "")
    table.add_row("peak memory, MB", f"{run.peak / MEGABYTE:.0f}", "")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
