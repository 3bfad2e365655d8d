"""How fast the sender posts when nothing holds it back, and how much of a platform's limits it uses when they do.

    python -m benchmarks.sender [--seconds 20] [--posts 3000]

A real server (every write on disk before it is acknowledged), the product's own sender, and the crash test's chat
platform in a process of its own, which refuses with 429 what comes too early.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import httpx2
import structlog
from rich.console import Console
from rich.table import Table

from bot.posting import Sender
from bot.verdict import Judge
from cli.embedded import EmbeddedValkey
from papers.model import Delivery, Heading, Item, Paper
from papers.services.intake import Entry
from papers.stores import keys
from papers.stores.papers import COMMON
from papers.stores.server import Server
from papers.wiring import Stores
from tests.chaos.crew import Chat
from tests.chaos.ledger import Taken, read
from tests.chaos.poster import ChatPoster
from tests.chaos.sender_role import PLATFORM, Paces, where

POSTS_A_SECOND = 300.0
ROUND_TRIPS = 3.0
SHARE = 0.95
REFUSED = 0.001
"""The goals: at least, at most, at least, at most."""

PER_SECOND = 50
"""Posts a second that the platform takes, as Discord does."""

PER_CHANNEL = 1.0
"""Seconds between two posts to a channel, as Slack wants them."""

MARGIN = 1.03
"""Paces are this much slower than the limit, since requests do not all travel equally fast."""

LOOK = ("ZRANGE", keys.platform(PLATFORM))
"""How `Outbox.ready` begins."""

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
ONE = Paper("2501.00001", "A paper of ordinary length about an ordinary subject", abstract="Of no consequence. " * 40)


class Counting(Server):
    """A connection that counts its round trips, without the looks at the outbox: a few a second, however many posts."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.trips = 0

    def call(self, *command: Any) -> Any:
        """One command."""
        self.trips += command[:2] != LOOK
        return super().call(*command)

    def together(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """Several at once."""
        self.trips += 1
        return super().together(commands)

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """A script."""
        self.trips += 1
        return super().run(script, keys, arguments)


@dataclass(frozen=True)
class Run:
    """What one run came to: the messages taken, Redis round trips, and requests refused with 429."""

    taken: list[Taken]
    trips: int
    refused: int

    @property
    def rate(self) -> float:
        """Messages a second, from the first to the last."""
        return (len(self.taken) - 1) / (self.taken[-1].at - self.taken[0].at)

    @property
    def channel_rate(self) -> float:
        """Messages a second and channel, on average."""
        times: dict[str, list[float]] = defaultdict(list)
        for one in self.taken:
            times[one.channel].append(one.at)
        return mean((len(at) - 1) / (at[-1] - at[0]) for at in times.values())

    @property
    def share_refused(self) -> float:
        """Of all requests."""
        return self.refused / (len(self.taken) + self.refused)


@contextmanager
def _platform() -> Iterator[tuple[Counting, Chat]]:
    with tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder:
        valkey, chat = EmbeddedValkey(Path(folder)), Chat(Path(folder))
        valkey.start()
        server = Counting(valkey.url)
        try:
            yield server, chat
        finally:
            server.close()
            valkey.stop()
            chat.end()


def run(channels: int, each: int, paces: Paces, *, per_second: int = 0, per_channel: float = 0.0) -> Run:
    """Send `each` messages to so many channels."""
    with _platform() as (server, chat):
        stores = Stores(server)
        stores.papers.save([Entry(ONE, None, None)], scope=COMMON, announce=False, now=LONG_AGO)
        for channel in range(channels):
            stores.outbox.put([_message(channel, number) for number in range(each)], LONG_AGO)
        chat.weather(per_second=per_second, per_channel=per_channel)
        server.trips = 0
        asyncio.run(_send(stores, chat, paces, channels * each))
        return Run(read(chat.ledger), server.trips, chat.counts().get("429", 0))


def _message(channel: int, number: int) -> Delivery:
    heading = Heading(LONG_AGO.date(), 1)
    items = (Item(ONE.id, 1.0, (1,), ()),)
    return Delivery(f"{channel:012}{number:012}", where(f"C{channel}"), "digest", heading, LONG_AGO, items)


async def _send(stores: Stores, chat: Chat, paces: Paces, posts: int) -> None:
    stop = asyncio.Event()
    async with httpx2.AsyncClient(base_url=chat.url, timeout=20, trust_env=False) as client:
        sender = Sender(PLATFORM, stores.outbox, stores.channels, Judge(stores.papers, ChatPoster(client)), paces)
        sending = asyncio.create_task(sender.run(stop))
        while sender.sent < posts:  # noqa: ASYNC110 - the sender has no event for it, and needs none
            await asyncio.sleep(0.01)
        stop.set()
        await sending


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="The sender's speed, and its use of a platform's limits.")
    parser.add_argument("--seconds", type=int, default=20, help="of each run with limits")
    parser.add_argument("--posts", type=int, default=3000, help="of each run without")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    begun = time.perf_counter()
    deep = run(given.posts // 20, 20, Paces(0, 0))
    wide = run(given.posts, 1, Paces(0, 0))
    busy = run(40, given.seconds * PER_SECOND // 40, Paces(0, MARGIN / PER_SECOND), per_second=PER_SECOND)
    slow = run(20, given.seconds, Paces(MARGIN * PER_CHANNEL, 0), per_channel=PER_CHANNEL)
    rows = [
        (f"posts/s, {given.posts // 20} channels, 20 posts each", deep.rate, ">=", POSTS_A_SECOND),
        (f"posts/s, {given.posts} channels, 1 post each", wide.rate, ">=", POSTS_A_SECOND),
        ("Redis round trips a post, 20 posts a channel", deep.trips / len(deep.taken), "<=", ROUND_TRIPS),
        ("Redis round trips a post, 1 post a channel", wide.trips / len(wide.taken), "<=", ROUND_TRIPS),
        (f"share used of {PER_SECOND} posts/s for all", busy.rate / PER_SECOND, ">=", SHARE),
        ("share answered 429 there", busy.share_refused, "<=", REFUSED),
        ("share used of 1 post/s for each of 20 channels", slow.channel_rate * PER_CHANNEL, ">=", SHARE),
        ("share answered 429 there", slow.share_refused, "<=", REFUSED),
    ]
    table = Table("", "measured", "goal", title=f"the sender alone, {time.perf_counter() - begun:.0f} s")
    for name, figure, sign, goal in rows:
        table.add_row(name, f"{figure:.3f}" if figure < 10 else f"{figure:.0f}", f"{sign} {goal:g}")
    Console().print(table)
    return int(any(figure < goal if sign == ">=" else figure > goal for _, figure, sign, goal in rows))


if __name__ == "__main__":
    sys.exit(main())
