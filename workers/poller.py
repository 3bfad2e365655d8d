"""Fetches whatever is due, many feeds at once, in threads of one worker. RQ's bell only wakes it.

    bell ──► what is due? ──► `rounds.choose` ──► a thread each: its host's turn, its lease, fetch, store ──► look again

Nothing here is worth keeping: what is due, who has a lease and whose turn it is at a host is in Redis, for all workers
alike. What is remembered is how feeds fared in this process, so that the slow and the broken queue up by themselves.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from papers.courtesy import Courtesy
from papers.errors import PaperboyError
from papers.pulse import Beat, unwatched
from papers.stores.hosts import HostPace
from workers.fetch import Poll
from workers.rounds import PLACES, Candidate, choose

SLOW = 5.0
"""Seconds beyond which a feed that answers waits among the broken ones the next time."""

APART = 0.05
"""Seconds between two looks at what is due, at least: with ten thousand feeds waiting, one costs 10 ms."""

HELD = 0.25
"""Seconds to the next look while something is due that could not be fetched: its host rests, or all are busy."""

ANYWAY = 10.0
"""Seconds to the next look where no bell rings: what shows that the poller does not hang, and a lost bell's remedy."""

HANGS = 120.0
"""Seconds after which a poller that has not looked hangs: the stores give up sooner."""

AGAIN = 5.0
"""Seconds before a feed is tried again of which another worker has the lease, or whose state cannot be written."""

log = structlog.get_logger()


class Poller:
    """Fetches what is due, whenever it is woken, until nothing is.

    Args:
        due: names of the sources that are due, longest first. Raises StoreError.
        fetch: polls one under its lease; told whether it was slow or broken the last time.
        courtesy: whom a source's request goes to.
        doubtful: which of several sources failed the last time, or were never read: asked once of each.
        beat: called each time that it looks.
    """

    def __init__(
        self,
        due: Callable[[], list[str]],
        fetch: Callable[[str, bool], Poll],
        courtesy: Callable[[str], Courtesy],
        hosts: HostPace,
        doubtful: Callable[[list[str]], Collection[str]],
        *,
        beat: Beat = unwatched,
    ) -> None:
        self._due = due
        self._fetch = fetch
        self._courtesy = courtesy
        self._hosts = hosts
        self._doubtful = doubtful
        self._beat = beat
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._flying: dict[str, Candidate] = {}
        self._ailing: dict[str, bool] = {}
        self._later: dict[str, float] = {}
        """Names of feeds, and of hosts behind a space, that are let alone until then (time.monotonic())."""

    def wake(self) -> None:
        """Look at what is due."""
        self._wake.set()

    @contextmanager
    def running(self, *, until_done: bool = False) -> Iterator[None]:
        """Fetch while the block runs. At its end what is being fetched is waited for; `until_done`: what is due too."""
        pools = {ailing: ThreadPoolExecutor(places, "fetch") for ailing, places in PLACES.items()}
        looking = threading.Thread(target=self._look, args=(pools,), name="poller", daemon=True)
        looking.start()
        try:
            yield
            while until_done and self._unfinished():
                time.sleep(APART)
        finally:
            self._stop.set()
            self._wake.set()
            looking.join()
            for pool in pools.values():
                pool.shutdown(cancel_futures=True)

    def _unfinished(self) -> bool:
        with self._lock:
            return bool(self._flying) or self._wake.is_set() or bool(self._candidates(self._due()))

    def _look(self, pools: dict[bool, ThreadPoolExecutor]) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            self._beat()
            try:
                held = self._send_out(pools)
            except Exception:  # whatever it was: who looks no more polls no feed, and nobody would notice
                log.exception("the poller cannot see what is due")
                self._stop.wait(AGAIN)
                held = True
            self._stop.wait(APART)
            self._wake.wait(HELD if held else ANYWAY)

    def _send_out(self, pools: dict[bool, ThreadPoolExecutor]) -> bool:
        """Fetch what can be fetched; whether something that is due could not be."""
        due = self._due()
        unknown = [name for name in due if name not in self._ailing]
        doubtful = set(self._doubtful(unknown)) if unknown else set()
        with self._lock:
            self._ailing = {name: name in doubtful for name in unknown} | self._ailing
            waiting = self._candidates(due)
            busy = list(self._flying.values())
            room = {lane: places - sum(one.ailing == lane for one in busy) for lane, places in PLACES.items()}
            chosen = choose(waiting, {one.host for one in busy} | self._resting(), room)
            self._flying |= {one.name: one for one in chosen}
        for one in chosen:
            pools[one.ailing].submit(self._one, one)
        return len(chosen) < len(waiting) or len(due) > len(waiting) + len(busy)

    def _candidates(self, due: list[str]) -> list[Candidate]:
        now = time.monotonic()
        self._later = {what: until for what, until in self._later.items() if until > now}
        free = (name for name in due if name not in self._flying and name not in self._later)
        return [Candidate(name, self._host(name), self._ailing.get(name, True)) for name in free]

    def _resting(self) -> set[str]:
        return {what.removeprefix(" ") for what in self._later if what.startswith(" ")}

    def _host(self, name: str) -> str:
        """Feeds of a host that needs no rest do not wait for each other."""
        try:
            found = self._courtesy(name)
        except PaperboyError:
            return name
        return found.host if found.rest else name

    def _one(self, one: Candidate) -> None:
        """Fetch one, when its host has a turn for it. Never raises."""
        begun = time.monotonic()
        again, ailing = AGAIN, True
        try:
            polled = self._in_turn(one)
            if polled is not None:
                again = AGAIN if polled.busy else 0.0
                ailing = polled.error is not None or time.monotonic() - begun > SLOW
            else:
                again, ailing = 0.0, one.ailing
        except PaperboyError as error:
            log.warning("a source cannot be polled", source=one.name, error=str(error))
        except Exception:
            log.exception("a source cannot be polled", source=one.name)
        with self._lock:
            del self._flying[one.name]
            self._ailing[one.name] = ailing
            if again:
                self._later[one.name] = time.monotonic() + again
        self._wake.set()

    def _in_turn(self, one: Candidate) -> Poll | None:
        """How the poll went; None if its host has no turn for it yet."""
        courtesy, token = self._courtesy(one.name), secrets.token_hex(8)
        wait = self._hosts.take(courtesy, token)
        if wait:
            self._rest(courtesy.host, wait)
            return None
        try:
            return self._fetch(one.name, one.ailing)
        finally:
            self._hosts.end(courtesy, token)
            self._rest(courtesy.host, courtesy.rest)

    def _rest(self, host: str, seconds: float) -> None:
        with self._lock:
            self._later[f" {host}"] = time.monotonic() + seconds
