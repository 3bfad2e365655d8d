"""Hours of ordinary sending: does a sender's memory grow, is anything lost or doubled, does it fall behind?

    python -m benchmarks.soak [--minutes 60] [--channels 1000] [--rate 20]

A real server (every write on disk before it is acknowledged), the product's own sender in a process of its own, and the
crash test's chat platform, which refuses what comes too early to a channel, hangs up, answers 500 and 429, and counts.
So many deliveries a second are planned over all channels, a paper each. Nothing is killed: benchmarks.chaos does that.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

from cli.embedded import EmbeddedValkey
from papers.model import Delivery, Heading, Item, Paper
from papers.services.intake import Entry
from papers.stores.papers import COMMON
from papers.stores.server import Server
from papers.wiring import Stores
from tests.chaos.chat import Fault
from tests.chaos.crew import Chat, Member
from tests.chaos.ledger import Tally, percentile, tally
from tests.chaos.sender_role import where

GROWTH = 0.05
"""The goal: of the sender's memory, from the tenth of the run that follows the warm-up to the last."""

LATE = 5.0
"""The goal: seconds from being planned to being taken, at the 99th percentile."""

WARM_UP = 0.2
"""Of the run: connections are opened, and Python's allocator finds its size."""

FAULTS: dict[Fault, float] = {"500 before": 0.005, "hang up before": 0.005, "hang up after": 0.002, "429": 0.005}
PER_CHANNEL = 1.0
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
PATIENCE = 60.0
"""Seconds that the last deliveries have."""


@dataclass
class Soak:
    """One run.

    Attributes:
        memory: of the sender, in bytes, about once a second.
        planned: when each delivery was planned, seconds since 1970.
    """

    channels: int
    rate: float
    memory: list[int] = field(default_factory=list)
    planned: dict[tuple[str, str], float] = field(default_factory=dict)

    def run(self, minutes: float, stores: Stores, sender: psutil.Process) -> None:
        """Plan at that rate, and look at the sender's memory meanwhile."""
        begun = time.monotonic()
        end, looked = begun + minutes * 60, begun
        while (now := time.monotonic()) < end:
            while len(self.planned) < (now - begun) * self.rate:
                self._plan(stores, len(self.planned))
            if now - looked >= 1:
                looked = now
                self.memory.append(sender.memory_info().rss)
            time.sleep(0.5 / self.rate)

    def _plan(self, stores: Stores, number: int) -> None:
        channel, paper = f"C{number % self.channels}", f"2501.{number // self.channels:05}"
        if number % self.channels == 0:
            stores.papers.save([Entry(_paper(paper), None, None)], scope=COMMON, announce=False, now=LONG_AGO)
        items = (Item(paper, 1.0, (1,), ()),)
        delivery = Delivery(f"{number:024}", where(channel), "digest", Heading(LONG_AGO.date(), 1), LONG_AGO, items)
        stores.outbox.put([delivery], LONG_AGO)
        self.planned[channel, paper] = time.time()

    @property
    def growth(self) -> float:
        """Of the sender's memory, as a share."""
        settled = self.memory[int(len(self.memory) * WARM_UP) :]
        tenth = max(1, len(settled) // 10)
        return median(settled[-tenth:]) / median(settled[:tenth]) - 1


def _paper(identity: str) -> Paper:
    return Paper(identity, "A paper of ordinary length about an ordinary subject", abstract="Of no consequence. " * 40)


@contextmanager
def _line(folder: Path) -> Iterator[tuple[EmbeddedValkey, Chat, psutil.Process]]:
    valkey, chat = EmbeddedValkey(folder), Chat(folder)
    valkey.start()
    words = [valkey.url, *chat.words, "--per-channel", str(PER_CHANNEL * 1.03)]
    sender = Member("tests.chaos.sender_role", words, folder / "sender.log", {"LOG_LEVEL": "error"})
    try:
        chat.weather(FAULTS, per_channel=PER_CHANNEL)
        sender.start()
        yield valkey, chat, psutil.Process(sender.process.pid if sender.process else None)
    finally:
        sender.end()
        valkey.stop()
        chat.end()


def soak(minutes: float, channels: int, rate: float) -> tuple[Soak, Tally, list[float], dict[str, int]]:
    """The run, what was lost or doubled, how late each delivery was taken, and what was refused."""
    made = Soak(channels, rate)
    with tempfile.TemporaryDirectory(prefix="paperboy-soak-") as folder, _line(Path(folder)) as (valkey, chat, sender):
        server = Server(valkey.url)
        made.run(minutes, Stores(server), sender)
        deadline = time.monotonic() + PATIENCE
        while len(chat.taken()) < len(made.planned) and time.monotonic() < deadline:
            time.sleep(0.2)
        taken = chat.taken()
        server.close()
        if not sender.is_running() or sender.status() == psutil.STATUS_ZOMBIE:
            raise SystemExit("the sender died")
        late = [one.at - made.planned[one.channel, paper] for one in taken for paper in one.papers]
        return made, tally(made.planned.keys(), taken), late, chat.counts()


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="Ordinary sending for a long time.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--channels", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=20, help="deliveries a second, over all channels")
    given = parser.parse_args()
    run, found, late, counts = soak(given.minutes, given.channels, given.rate)
    rows = [
        ("lost", len(found.lost), 0),
        ("doubled", len(found.doubled), 0),
        ("growth of the sender's memory, %", round(run.growth * 100, 2), GROWTH * 100),
        ("seconds from planned to taken, p99", round(percentile(late, 0.99), 2), LATE),
    ]
    title = f"{found.deliveries:,} deliveries to {given.channels:,} channels in {given.minutes:g} min"
    spoilt = ", ".join(f"{what}: {count}" for what, count in counts.items() if what != "taken")
    table = Table("", "measured", "at most", title=f"{title}; {spoilt}")
    for name, figure, most in rows:
        table.add_row(name, f"{figure:g}", f"{most:g}")
    table.add_row("the sender's memory, MB", f"{median(run.memory) / 1e6:.0f}", "")
    Console().print(table)
    return int(any(figure > most for _, figure, most in rows))


if __name__ == "__main__":
    sys.exit(main())
