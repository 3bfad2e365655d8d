"""The crash test: every process of Paperboy is killed and stopped at random while papers come and the platform fails.

    upstream (bursts of papers) ──► fetch worker ──► match worker ──► two senders ──► chat (counts)
                                        └───────── Valkey ─────────────┘
              all but the two ends are struck by kill -9 and SIGSTOP; the chat hangs up, answers 5xx, 429, late

What must arrive is known beforehand: a channel wants words, a paper's title has words. After the storm everything is
let run until nothing is left to do; then each expected (channel, paper) was posted exactly once, or the test fails.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from rich.table import Table

from cli.embedded import EmbeddedValkey
from papers.errors import StoreError
from papers.model import Subscription, Want
from papers.stores import keys
from papers.stores.clock import to_ms
from papers.stores.server import Server
from papers.wiring import Stores, clock
from tests.chaos.chat import Fault
from tests.chaos.crew import Chat, Crew, Member
from tests.chaos.ledger import Pair, Tally, percentile, recoveries, tally
from tests.chaos.sender_role import PLATFORM, where
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

BIRDS = ("kestrel", "plover", "heron", "siskin", "godwit", "avocet", "bittern", "dunlin")
"""Words that titles are made of, and that channels subscribe to."""

A_DAY = 100
"""Papers that are listed on one day before the next one begins."""

DAYS = 20
"""Days that stay listed: ten minutes' worth, and no fetcher is away for so long."""

FIRST_DAY = date(2015, 1, 1)
"""Far enough back for a storm of a day and a half."""

FOUL: Mapping[Fault, float] = {
    "hang up before": 0.03,
    "hang up after": 0.05,
    "500 before": 0.02,
    "500 after": 0.03,
    "slow": 0.02,
    "429": 0.03,
}
"""A platform's worst day: of five posts, one goes wrong."""

BLOWS = (
    *("kill sender-1", "kill sender-2", "kill match", "kill fetch", "kill valkey") * 2,
    *("sleep sender-1", "sleep sender-2", "sleep match"),
)
"""Dealt like cards: each once, in any order, then from the beginning."""

CALM = 120.0
"""Seconds after the storm within which everything must have arrived."""

POLL = 1.0
"""Seconds between two polls, and seconds that a dead fetcher's lease keeps the source from others (else 180)."""


@dataclass(frozen=True)
class Climate:
    """How hard it blows.

    Attributes:
        seconds: how long at least; it also goes on until so many `kills` were dealt and so many messages taken.
        every: mean seconds between two blows.
        verify: whether senders look before they post again.
        platform: starts it in a folder.
    """

    seconds: float
    every: float = 1.2
    faults: Mapping[Fault, float] = field(default_factory=lambda: FOUL)
    blows: Sequence[str] = BLOWS
    channels: int = 24
    burst: int = 5
    burst_every: float = 1.5
    kills: int = 0
    deliveries: int = 0
    verify: bool = True
    seed: int = 1
    platform: Callable[[Path], Chat] = Chat


@dataclass(frozen=True)
class Report:
    """What a storm did, and what came of it."""

    blows: Counter[str]
    tally: Tally
    recoveries: list[float]
    seconds: float
    calm: float
    counts: Mapping[str, int]

    @property
    def kills(self) -> int:
        """Processes killed."""
        return sum(times for blow, times in self.blows.items() if blow.startswith("kill"))

    def table(self, title: str) -> Table:
        """For a person to read."""
        table = Table("", "", title=title, show_header=False)
        table.add_row("lasted", f"{self.seconds:.0f} s, then {self.calm:.0f} s until nothing was left to do")
        for blow, times in sorted(self.blows.items()):
            table.add_row(blow, str(times))
        table.add_row("kills", str(self.kills))
        table.add_row("deliveries", str(self.tally.deliveries))
        table.add_row("(channel, paper) pairs", str(self.tally.pairs))
        table.add_row("lost", str(len(self.tally.lost)))
        table.add_row("doubled", str(len(self.tally.doubled)))
        p50, p99 = (percentile(self.recoveries, share) for share in (0.5, 0.99))
        table.add_row("from a kill to the next delivery", f"p50 {p50:.1f} s, p99 {p99:.1f} s")
        return table


class Newsstand:
    """Papers as upstream lists them, and who must get them."""

    def __init__(self, upstream: Upstream, channels: Sequence[str], dice: random.Random) -> None:
        self._upstream = upstream
        self._dice = dice
        self._day = FIRST_DAY
        self._listed: list[object] = []
        self._count = 0
        self.wants = {name: (BIRDS[i % 8], BIRDS[(i * 3 + 1) % 8]) for i, name in enumerate(channels)}
        self.expected: set[Pair] = set()

    def subscribe(self, stores: Stores) -> None:
        """One subscription a channel, to either of two words."""
        for channel, words in self.wants.items():
            want = Want(query=" OR ".join(dict.fromkeys(words)))
            stores.channels.add(Subscription("", 0, where(channel), want, created_at=clock()))

    def burst(self, papers: int) -> None:
        """List so many more; every other one has an abstract, which is posted in a thread."""
        if len(self._listed) >= A_DAY:
            self._day, self._listed = self._day + timedelta(days=1), []
            self._upstream.day(self._day - timedelta(days=DAYS), [])
        for _ in range(papers):
            self._count += 1
            name, words = f"{2401 + self._count // 90_000}.{self._count % 90_000:05}", self._dice.sample(BIRDS, 2)
            abstract = f"On the {words[0]}." if self._count % 2 else ""
            self._listed.append(item(name, f"{' and '.join(words)}, observation {self._count}", summary=abstract))
            self.expected |= {(channel, name) for channel, wanted in self.wants.items() if {*wanted} & {*words}}
        self._upstream.day(self._day, self._listed)


class Struck(Protocol):
    """What a storm blows over."""

    def tend(self) -> None:
        """Start again what died."""

    def strike(self, blow: str) -> bool:
        """Do it, or say that it cannot be done just now."""


class Storm:
    """One storm in one folder."""

    def __init__(self, crew: Struck, stores: Stores, chat: Chat, stand: Newsstand, climate: Climate) -> None:
        self._crew = crew
        self._chat = chat
        self._stand = stand
        self._climate = climate
        self._dice = random.Random(climate.seed)  # noqa: S311 - the same storm again
        self._stores = stores
        self._blown: list[tuple[str, float]] = []
        self._hand: list[str] = []
        self._next: dict[str, float] = {}

    def run(self) -> Report:
        """Let the first message arrive; blow; wait for the calm."""
        self._stand.subscribe(self._stores)
        self._stand.burst(self._climate.burst)
        while not self._chat.counts().get("taken"):
            self._tick()
        self._chat.weather(self._climate.faults)
        begun = time.monotonic()
        while not self._is_over(time.monotonic() - begun):
            self._tick()
            if self._is_time("burst", self._climate.burst_every):
                self._stand.burst(self._climate.burst)
            if self._is_time("blow", self._dice.expovariate(1 / self._climate.every)):
                self._strike()
        lasted = time.monotonic() - begun
        self._chat.weather()
        while not self._is_done() and time.monotonic() - begun < lasted + CALM:
            self._tick()
        messages = self._chat.taken()
        return Report(
            blows=Counter(blow for blow, _ in self._blown),
            tally=tally(self._stand.expected, messages),
            recoveries=recoveries([at for blow, at in self._blown if blow.startswith("kill")], messages),
            seconds=lasted,
            calm=time.monotonic() - begun - lasted,
            counts=self._chat.counts(),
        )

    def _is_over(self, lasted: float) -> bool:
        climate = self._climate
        if lasted < climate.seconds or sum(blow.startswith("kill") for blow, _ in self._blown) < climate.kills:
            return False
        return not climate.deliveries or self._chat.counts().get("taken", 0) >= climate.deliveries

    def _tick(self) -> None:
        time.sleep(0.05)
        self._crew.tend()
        if self._is_time("poll", POLL):
            with suppress(StoreError):
                self._stores.server.call("ZADD", keys.SOURCES_DUE, to_ms(clock()), "huggingface")
                self._stores.server.call("PEXPIRE", keys.lease("huggingface"), int(POLL * 1000), "LT")

    def _is_time(self, what: str, again: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + again
        return True

    def _strike(self) -> None:
        if not self._hand:
            self._hand = self._dice.sample([*self._climate.blows], k=len(self._climate.blows))
        blow = self._hand.pop()
        at = time.time()
        if self._crew.strike(blow):
            self._blown.append((blow, at))

    def _is_done(self) -> bool:
        """Whether all that is expected was taken and no delivery is left to be settled."""
        if not self._is_time("look", 0.3):
            return False
        with suppress(StoreError):
            is_settled = self._stores.outbox.next_due(PLATFORM) is None
            return is_settled and not tally(self._stand.expected, self._chat.taken()).lost
        return False


@contextmanager
def _crew(folder: Path, upstream: Upstream, chat: Chat, climate: Climate) -> Iterator[Crew]:
    valkey = EmbeddedValkey(folder / "data")
    valkey.start()
    settings = {
        "REDIS_URL": valkey.url,
        "HF_ENDPOINT": upstream.url,
        "PAPERBOY_DATA": str(folder / "data"),
        "PAPERBOY_SOURCES": "huggingface",
        "HTTP_PORT": "",
    }
    sender = [valkey.url, *chat.words, *([] if climate.verify else ["--no-verify"])]
    members = {
        "fetch": Member("cli", ["worker", "fetch"], folder / "fetch.log", settings),
        "match": Member("cli", ["worker", "match"], folder / "match.log", settings),
        "sender-1": Member("tests.chaos.sender_role", sender, folder / "sender-1.log"),
        "sender-2": Member("tests.chaos.sender_role", sender, folder / "sender-2.log"),
    }
    crew = Crew(folder, members, valkey)
    try:
        yield crew
    finally:
        crew.end()


def storm(folder: Path, climate: Climate) -> Report:
    """Let it blow over new processes, whose data and logs lie in `folder`."""
    chat = climate.platform(folder)
    try:
        with Upstream() as upstream, _crew(folder, upstream, chat, climate) as crew:
            dice = random.Random(climate.seed)  # noqa: S311 - the same papers again
            server = Server(crew.valkey.url)
            try:
                stand = Newsstand(upstream, [chat.channel(number) for number in range(climate.channels)], dice)
                return Storm(crew, Stores(server), chat, stand, climate).run()
            finally:
                server.close()
    finally:
        chat.end()
