"""How much of Discord's 50 requests a second the sender uses, and how many of them are refused.

    python -m benchmarks.discord_pace [--seconds 300]

A real server, the product's own sender and poster at the product's own paces, and the strict Discord as a process of
its own, which answers 429 to what comes too early.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import structlog
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot.discord.wiring import discord_api, discord_sender
from cli.embedded import EmbeddedValkey
from papers.model import Delivery, Destination, Heading
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core
from tests.repository import ROOT

LIMIT = 50
"""Requests a second (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit)."""

SHARE = 0.95
REFUSED = 0.001
"""The goals: at least, and at most."""

CHANNELS = 150
"""Each takes one post a second, so that together they would take three times the limit."""

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description="The sender at Discord's pace.")
    parser.add_argument("--seconds", type=float, default=300)
    seconds = parser.parse_args().seconds
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder, discord(Path(folder)) as told:
        valkey = EmbeddedValkey(Path(folder))
        valkey.start()
        server = Server(valkey.url)
        try:
            taken, took = asyncio.run(send(server, told, seconds))
        finally:
            server.close()
            valkey.stop()
        counts = json.loads(urlopen(f"{told['api'].partition('/api')[0]}/counts").read())  # noqa: S310 - loopback
    share, refused = taken / took / LIMIT, counts.get("429", 0) / max(taken, 1)
    table = Table(title=f"Discord's pace, {took:.0f} s, {taken:,} posts")
    for heading in ("", "measured", "goal"):
        table.add_column(heading)
    table.add_row("share used of 50 requests/s", f"{share:.3f}", f">= {SHARE}")
    table.add_row("share answered 429", f"{refused:.4f}", f"<= {REFUSED}")
    Console().print(table)
    return int(share < SHARE or refused > REFUSED)


@contextmanager
def discord(folder: Path) -> Iterator[dict[str, Any]]:
    """The strict Discord; what it tells of itself."""
    words = [sys.executable, "-m", "tests.fakes.discord", str(folder / "ledger"), "--channels", str(CHANNELS)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=ROOT, text=True)  # noqa: S603 - ourselves
    try:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        told: dict[str, Any] = json.loads(process.stdout.readline())
        yield told
    finally:
        process.kill()
        process.wait()


async def send(server: Server, told: dict[str, Any], seconds: float) -> tuple[int, float]:
    """Send for so long; how many posts that was, in how many seconds."""
    settings = Settings.model_construct(
        discord_bot_token=SecretStr(told["token"]), discord_api_base_url=told["api"], paperboy_data=Path()
    )
    core = Core(settings, server)
    each = int(seconds * LIMIT / CHANNELS) + 20
    for channel in told["channels"]:
        where = Destination("discord", told["guild"], channel)
        await asyncio.to_thread(core.stores.outbox.put, [_message(where, number) for number in range(each)], LONG_AGO)
    api, stop = discord_api(settings), asyncio.Event()
    sender = discord_sender(core, api)
    running = asyncio.create_task(sender.run(stop))
    await asyncio.sleep(2)  # until connections stand, and the first posts of all channels are out
    begun, before = time.monotonic(), sender.sent
    await asyncio.sleep(seconds)
    sent, took = sender.sent - before, time.monotonic() - begun
    stop.set()
    await running
    await api.close()
    return sent, took


def _message(where: Destination, number: int) -> Delivery:
    """One request to Discord: a quiet line."""
    heading = Heading(LONG_AGO.date(), 0, note="nothing new passed the bar")
    return Delivery(f"{int(where.channel) % 10**14:014x}{number:010x}"[-24:], where, "empty", heading, LONG_AGO)


if __name__ == "__main__":
    sys.exit(main())
