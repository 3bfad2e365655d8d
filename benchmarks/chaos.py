"""The crash test at length, and subscriptions acknowledged while the server is killed again and again.

    python -m benchmarks.chaos [--kills 500] [--deliveries 10000] [--valkey-kills 200] [--seed N]

See `tests.chaos.storm` for what is done to whom, docs/delivery.md for what it shows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from cli.embedded import EmbeddedValkey
from papers.errors import StoreError
from papers.model import Subscription, Want
from papers.stores.channels import ChannelStore
from papers.stores.server import Server
from papers.wiring import clock
from tests.chaos.ledger import percentile
from tests.chaos.sender_role import where
from tests.chaos.storm import Climate, Report, storm

RESUME = 30.0
"""Seconds: from a kill to the next delivery, at the 99th percentile."""

SUBSCRIBERS = 4
"""Threads that subscribe all the time."""

BETWEEN = 0.4
"""Seconds that a restarted server lives."""


@dataclass(frozen=True)
class Kept:
    """Subscriptions that were acknowledged, those of them that are gone, and those that are there twice."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    seconds: float


class Subscribers:
    """Threads that subscribe one new channel after another, and remember which were acknowledged."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[int] = []
        self.tried = count()
        self._url = url
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._subscribe) for _ in range(SUBSCRIBERS)]
        for thread in self._threads:
            thread.start()

    def _subscribe(self) -> None:
        server = Server(self._url)
        channels = ChannelStore(server)
        while not self._stop.is_set():
            number = next(self.tried)
            try:
                channels.add(Subscription("", 0, where(f"S{number}"), Want(query="heron"), created_at=clock()))
            except StoreError:
                continue  # not acknowledged, so it may be there or not
            self.acknowledged.append(number)
        server.close()

    def stop(self) -> None:
        """Let them finish."""
        self._stop.set()
        for thread in self._threads:
            thread.join()


def subscriptions(folder: Path, kills: int) -> Kept:
    """Kill the server so often while it takes subscriptions, then count them."""
    begun = time.perf_counter()
    valkey = EmbeddedValkey(folder)
    valkey.start()
    subscribers = Subscribers(valkey.url)
    try:
        for _ in range(kills):
            time.sleep(BETWEEN)
            process = valkey._process  # noqa: SLF001 - to be killed from outside
            if process is not None:
                process.kill()
                process.wait()
            while not valkey.keep_alive():
                time.sleep(0.1)
    finally:
        subscribers.stop()
    server = Server(valkey.url)
    channels = ChannelStore(server)
    found = {number: len(channels.subscriptions(where(f"S{number}"))) for number in range(next(subscribers.tried))}
    server.close()
    valkey.stop()
    return Kept(
        kills=kills,
        acknowledged=len(subscribers.acknowledged),
        lost=sum(found[number] == 0 for number in subscribers.acknowledged),
        doubled=sum(times > 1 for times in found.values()),
        seconds=time.perf_counter() - begun,
    )


def _table(report: Report, kept: Kept | None) -> Table:
    table = Table("", "measured", "goal", title="kill -9 of everything")
    p50, p99 = (percentile(report.recoveries, share) for share in (0.5, 0.99))
    table.add_row("storm", f"{report.seconds:.0f} s, then {report.calm:.0f} s to come to rest", "")
    for blow, times in sorted(report.blows.items()):
        table.add_row(f"  {blow}", str(times), "")
    table.add_row("kills", str(report.kills), "")
    table.add_row("deliveries", str(report.tally.deliveries), "")
    table.add_row("(channel, paper) pairs", str(report.tally.pairs), "")
    table.add_row("lost", str(len(report.tally.lost)), "0")
    table.add_row("doubled", str(len(report.tally.doubled)), "0")
    table.add_row("kill to next delivery, median", f"{p50:.1f} s", "")
    table.add_row("kill to next delivery, p99", f"{p99:.1f} s", f"<= {RESUME:g} s")
    if kept is not None:
        table.add_section()
        table.add_row("Valkey killed while subscribing", f"{kept.kills} times in {kept.seconds:.0f} s", "")
        table.add_row("subscriptions acknowledged", str(kept.acknowledged), "")
        table.add_row("of them lost", str(kept.lost), "0")
        table.add_row("kept twice", str(kept.doubled), "0")
    return table


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="The crash test at length.")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--valkey-kills", type=int, default=200)
    parser.add_argument("--every", type=float, default=1.0, help="mean seconds between two blows")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    climate = Climate(
        0, every=given.every, channels=40, kills=given.kills, deliveries=given.deliveries, seed=given.seed
    )
    kept = None
    with tempfile.TemporaryDirectory(prefix="paperboy-chaos-") as folder:
        report = storm(Path(folder), climate)
        if given.valkey_kills:
            kept = subscriptions(Path(folder) / "subscriptions", given.valkey_kills)
    Console().print(_table(report, kept))
    is_kept = kept is None or not kept.lost + kept.doubled
    return int(not report.tally.is_exact or not is_kept or percentile(report.recoveries, 0.99) > RESUME)


if __name__ == "__main__":
    sys.exit(main())
