"""Posts a second by the number of senders, over a platform that takes its time: they wait, and do not share a CPU."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papers.model import Delivery, Heading, Item, Paper
from papers.services.intake import Entry
from papers.stores.papers import COMMON
from papers.stores.server import Sentinels, Server
from papers.wiring import Stores
from tests.chaos.sender_role import where
from tests.machines.gale import Platform
from tests.machines.network import lan
from tests.machines.site import HOSTS, PRIMARY, SENDERS, Site

SLOW = 3.0
"""Seconds that the platform takes for an answer; with 96 posts in flight a sender makes 32 a second of that."""

CHANNELS = 900
EACH = 8

WARM = 6.0
MEASURED = 9.0
"""Seconds: until senders are in their stride, and then."""

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
ONE = Paper("2501.00001", "A paper of ordinary length about an ordinary subject", abstract="Of no consequence.")


@dataclass(frozen=True)
class Pace:
    """What so many senders on so many machines came to."""

    senders: int
    machines: int
    rate: float


def paces(folder: Path, steps: tuple[int, ...] = (1, 2, 4)) -> Iterator[Pace]:
    """One site; after each step more senders are started beside those that are there."""
    with lan(HOSTS) as network:
        site, chat = Site(network, folder, 1), Platform(folder, network)
        server = Server(Sentinels(tuple(site.sentinels.split(",")), PRIMARY, replicas=0))
        try:
            site.start_servers()
            stores = Stores(server)
            stores.papers.save([Entry(ONE, None, None)], scope=COMMON, announce=False, now=LONG_AGO)
            for channel in range(CHANNELS):
                stores.outbox.put([_message(channel, number) for number in range(EACH)], LONG_AGO)
            chat.weather({"slow": 1.0}, slow=SLOW)
            for senders in steps:
                yield _step(site, chat, senders)
        finally:
            server.close()
            chat.end()
            site.end()


def _step(site: Site, chat: Platform, senders: int) -> Pace:
    hosts = set()
    for number in range(senders):
        host = SENDERS[number % len(SENDERS)]
        hosts.add(host)
        if f"sender-{number}" not in site.processes:
            patience = ["--timeout", "10", "--lease", "30"]
            site.add_python(f"sender-{number}", host, "tests.chaos.sender_role", site.where, *chat.words, *patience)
    site.tend()
    time.sleep(WARM)
    begun, before = time.monotonic(), chat.counts()["taken"]
    time.sleep(MEASURED)
    return Pace(senders, len(hosts), (chat.counts()["taken"] - before) / (time.monotonic() - begun))


def _message(channel: int, number: int) -> Delivery:
    heading = Heading(LONG_AGO.date(), 1)
    items = (Item(ONE.id, 1.0, (1,), ()),)
    return Delivery(f"{channel:012}{number:012}", where(f"C{channel}"), "digest", heading, LONG_AGO, items)
