"""A storm over several machines: on top of what befalls processes, servers die and machines lose each other.

    kill the primary    kill -9; its machine is back six seconds later, another has taken over by then
    cut the primary     its plug is pulled, and put in again
    split               the primary and a machine with senders see only each other: two sides, each with a server that
                        takes itself for the primary, and clients of its own

One after the other, with time to come together again; roles are killed at random all along. It is over as the crash
test is: each expected (channel, paper) was posted exactly once. Besides, of all the subscriptions that were
acknowledged, on whatever side, none may be gone.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from papers.errors import StoreError
from papers.stores.server import Sentinels, Server
from papers.wiring import Stores
from tests.chaos.crew import Chat
from tests.chaos.ledger import percentile
from tests.chaos.sender_role import where
from tests.chaos.storm import FOUL, Climate, Newsstand, Report, Storm
from tests.fakes.upstream import Upstream
from tests.machines.network import Network, lan
from tests.machines.site import HOSTS, PRIMARY, SENDERS, WORKERS, Site

DISASTERS = ("kill primary", "split", "cut primary", "cut work-1", "cut send-1")
"""In turns."""

LASTS = 9.0
"""Seconds that a machine is cut off, or a side."""

APART = 17.0
"""Seconds from one disaster to the next: the servers find together again in between."""

BLOWS = (
    "kill sender-1",
    "kill sender-2",
    "kill sender-3",
    "kill sender-4",
    "kill match-1",
    "kill match-2",
    "kill fetch-1",
    "kill fetch-2",
)

CUT_OFF = SENDERS[1]
"""The machine that stays with the old primary when the site is split."""


@dataclass(frozen=True)
class Outcome:
    """What a gale did to a site, and what came of it.

    Attributes:
        acknowledged: subscriptions that were; `forgotten`: of them, those that are gone.
        gaps: seconds without any acknowledged write in the undivided part, after each disaster that befell a server.
        deaths: of roles that nobody had struck.
    """

    report: Report
    disasters: Counter[str]
    acknowledged: int
    forgotten: int
    gaps: Sequence[float]
    deaths: Counter[str]

    @property
    def is_exact(self) -> bool:
        """Nothing lost, nothing doubled, nothing taken back."""
        return self.report.tally.is_exact and not self.forgotten

    @property
    def gap(self) -> tuple[float, float]:
        """The median and the longest."""
        return percentile(self.gaps, 0.5), max(self.gaps, default=0.0)


@dataclass
class Gale:
    """Strikes machines by plan, and processes as the storm deals them."""

    site: Site
    plan: Sequence[str] = DISASTERS
    disasters: list[tuple[str, float]] = field(default_factory=list)
    _from: float = 0.0
    _mend: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def tend(self) -> None:
        """That is done beside, by `keep`."""

    def keep(self) -> None:
        """Keep the site running, and bring on what is due, until it is over: whoever blows may have to wait."""
        while not self._over.wait(0.05):
            self._look()

    def end(self) -> None:
        """No more."""
        self._over.set()

    def _look(self) -> None:
        now = time.monotonic()
        self.site.tend()
        if self._mend and now >= self._mend:
            self.site.network.mend()
            self._mend = 0.0
        if self._from and now >= self._from and len(self.disasters) < len(self.plan):
            self._from = now + APART
            self._bring(self.plan[len(self.disasters)])

    def _bring(self, disaster: str) -> None:
        how, _, name = disaster.partition(" ")
        host = self.site.primary() if name in {"", "primary"} else name
        self.disasters.append((disaster, time.time()))
        if how == "kill":
            self.site.processes[host].kill()
            return
        if how == "split":
            self.site.network.maroon([host, CUT_OFF])
        else:
            self.site.network.cut(host)
        self._mend = time.monotonic() + LASTS

    def strike(self, blow: str) -> bool:
        """Kill a role. With the first one the gale begins."""
        self._from = self._from or time.monotonic()
        return self.site.processes[blow.removeprefix("kill ")].kill()


class Platform(Chat):
    """The chat platform on a machine of its own."""

    def __init__(self, folder: Path, network: Network) -> None:
        self.prefix = network.on("world")
        self.options = ("--host", network.address("world"))
        super().__init__(folder)


def staff(site: Site, chat: Chat, upstream: Upstream, senders: int = 4) -> None:
    """The roles, on their machines."""
    settings = {
        "REDIS_SENTINELS": site.sentinels,
        "REDIS_SENTINEL_MASTER": PRIMARY,
        "REDIS_SENTINEL_REPLICAS": str(site.replicas),
        "PAPERBOY_ALLOW_OPEN_REDIS": "true",
        "HF_ENDPOINT": upstream.url,
        "PAPERBOY_SOURCES": "huggingface",
        "PAPERBOY_SHARDS": str(len(WORKERS)),
        "HTTP_PORT": "",
    }
    for number, host in enumerate(WORKERS, 1):
        own = {**settings, "PAPERBOY_DATA": str(site.folder / host)}
        shard = ("--shard", str(number)) if number > 1 else ()
        site.add_python(f"fetch-{number}", host, "cli", "worker", "fetch", environment=own)
        site.add_python(f"match-{number}", host, "cli", "worker", "match", *shard, environment=own)
    for number in range(1, senders + 1):
        host = SENDERS[(number - 1) * len(SENDERS) // senders]
        site.add_python(f"sender-{number}", host, "tests.chaos.sender_role", site.where, *chat.words)
    for number, host in enumerate(SENDERS, 1):
        ledger = str(site.folder / f"{host}.acknowledged")
        site.add_python(f"subscriber-{number}", host, "tests.machines.subscriber_role", site.where, ledger, host)


def _acknowledged(folder: Path, host: str) -> Mapping[str, float]:
    ledger = folder / f"{host}.acknowledged"
    lines = ledger.read_text("utf-8").splitlines() if ledger.exists() else []
    return {channel: float(at) for channel, at in (line.split() for line in lines)}


def _gaps(disasters: Sequence[tuple[str, float]], times: Sequence[float]) -> list[float]:
    """The longest silence that began around each disaster to a server."""
    struck = [at for what, at in disasters if what.endswith("primary") or what == "split"]
    steps = list(pairwise(times))
    return [max((b - a for a, b in steps if a < at + LASTS and b > at), default=0.0) for at in struck]


def blow(folder: Path, seconds: float, *, replicas: int = 1, plan: Sequence[str] = DISASTERS) -> Outcome:
    """Build a site, let it blow, wait for the calm, count, and take the site down."""
    climate = Climate(seconds, every=2.5, faults=FOUL, blows=BLOWS, channels=24)
    with lan(HOSTS) as network, Upstream(network.here) as upstream:
        site, chat = Site(network, folder, replicas), Platform(folder, network)
        server = Server(Sentinels(tuple(site.sentinels.split(",")), PRIMARY, replicas=0))
        try:
            site.start_servers()
            stand = Newsstand(upstream, [chat.channel(one) for one in range(climate.channels)], random.Random(1))  # noqa: S311 - the same papers again
            staff(site, chat, upstream)
            gale = Gale(site, plan[: max(1, int((seconds - LASTS) / APART) + 1)])
            keeper = threading.Thread(target=gale.keep, name="keeper")
            keeper.start()
            try:
                report = Storm(gale, Stores(server), chat, stand, climate).run()
                return _outcome(gale, report, Stores(server))
            finally:
                gale.end()
                keeper.join()
        finally:
            server.close()
            chat.end()
            site.end()


def _outcome(gale: Gale, report: Report, stores: Stores) -> Outcome:
    gale.site.network.mend()
    notes = {host: _acknowledged(gale.site.folder, host) for host in SENDERS}
    channels = [where(channel) for acknowledged in notes.values() for channel in acknowledged]
    return Outcome(
        report,
        Counter(what for what, _ in gale.disasters),
        len(channels),
        len(channels) - sum(1 for count in _found(stores, channels) if count),
        _gaps(gale.disasters, sorted(notes[SENDERS[0]].values())),
        gale.site.deaths(),
    )


def _found(stores: Stores, channels: Sequence[object]) -> list[int]:
    deadline = time.monotonic() + 20
    while True:
        try:
            return [len(stores.channels.subscriptions(one)) for one in channels]  # type: ignore[arg-type] # Destinations
        except StoreError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
