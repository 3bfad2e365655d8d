"""Many feeds fetched at once: none waits for another's host, and the slow and the broken are in nobody's way."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from papers.courtesy import Courtesy
from papers.errors import SourceForbidden, StoreUnavailable
from papers.stores import keys
from papers.stores.hosts import HostPace
from papers.stores.server import Server
from workers.fetch import Poll
from workers.poller import Poller
from workers.rounds import PLACES

SOON = 5.0


@dataclass
class World:
    """Feeds `host/number`; each stays due until it was fetched. A host's fetches wait while it is `stuck`."""

    due: list[str]
    rest: float = 0.0
    fetched: list[str] = field(default_factory=list)
    ailing: Counter[bool] = field(default_factory=Counter)
    broken: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    freed: threading.Event = field(default_factory=threading.Event)
    at_once: Counter[str] = field(default_factory=Counter)
    crowd: int = 0
    doubtful: set[str] = field(default_factory=set)

    def waiting(self) -> list[str]:
        return [name for name in self.due if name not in self.fetched]

    def fetch(self, name: str, ailing: bool) -> Poll:  # noqa: FBT001 - as the poller says it
        host = name.partition("/")[0]
        self.ailing[ailing] += 1
        self.at_once[host] += 1
        self.crowd = max(self.crowd, self.at_once[host])
        if host in self.stuck:
            self.freed.wait(SOON)
        self.at_once[host] -= 1
        if name in self.broken:
            self.broken.discard(name)
            return Poll(name, error="SourceUnreachable: no answer")
        self.fetched.append(name)
        return Poll(name)

    def courtesy(self, name: str) -> Courtesy:
        host = name.partition("/")[0]
        if host == "forbidden":
            raise SourceForbidden("never fetched")
        return Courtesy(host, self.rest)

    def poller(self, server: Server) -> Poller:
        return Poller(self.waiting, self.fetch, self.courtesy, HostPace(server), lambda _: self.doubtful)


def until(condition: Callable[[], bool]) -> None:
    """Wait for it, for as long as a busy machine may take."""
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


def test_what_is_due_is_looked_at_when_it_starts_and_after_each_bell(server: Server) -> None:
    world = World(["first/1"])
    poller = world.poller(server)
    with poller.running():
        until(lambda: world.fetched == ["first/1"])
        time.sleep(0.1)
        world.due += [f"h{number}/1" for number in range(100)]
        time.sleep(0.1)
        assert world.fetched == ["first/1"]
        poller.wake()
        until(lambda: len(world.fetched) == 101)
    assert sorted(world.fetched) == sorted(world.due)


def test_a_burst_ends_when_nothing_is_due_any_more(server: Server) -> None:
    world = World([f"h{number}/1" for number in range(50)])
    poller = world.poller(server)
    with poller.running(until_done=True):
        poller.wake()
    assert len(world.fetched) == 50


def test_hosts_that_hang_delay_nobody_else(server: Server) -> None:
    hanging = [f"slow{number}/1" for number in range(PLACES[False] - 1)]
    world = World(
        [*hanging, *(f"h{number}/1" for number in range(40))], stuck={one.partition("/")[0] for one in hanging}
    )
    poller = world.poller(server)
    with poller.running():
        poller.wake()
        until(lambda: len(world.fetched) == 40)
        assert not set(hanging) & set(world.fetched)
        world.freed.set()
    assert len(world.fetched) == 40 + len(hanging), "what was being fetched at the end was waited for"


def test_a_host_is_asked_one_request_at_a_time_with_a_rest_after_each(server: Server) -> None:
    world = World([f"lab.org/{number}" for number in range(4)], rest=0.1)
    poller, begun = world.poller(server), time.monotonic()
    with poller.running(until_done=True):
        poller.wake()
    assert world.crowd == 1
    assert time.monotonic() - begun > 0.3


def test_a_host_that_another_worker_asks_is_waited_for(server: Server) -> None:
    world = World(["lab.org/1"], rest=0.05)
    hosts = HostPace(server)
    assert hosts.take(Courtesy("lab.org", 0.05), "another worker") == 0.0
    poller = world.poller(server)
    with poller.running():
        poller.wake()
        time.sleep(0.15)
        assert world.fetched == []
        hosts.end(Courtesy("lab.org", 0.05), "another worker")
        until(lambda: world.fetched == ["lab.org/1"])


def test_what_failed_is_tried_again_among_its_like(server: Server) -> None:
    world = World(["a/1", "b/1"], broken={"a/1"})
    poller = world.poller(server)
    with poller.running(until_done=True):
        poller.wake()
    assert sorted(world.fetched) == ["a/1", "b/1"]
    assert world.ailing == {False: 2, True: 1}


def test_what_was_never_read_is_tried_among_the_broken(server: Server) -> None:
    world = World(["a/1", "b/1"], doubtful={"b/1"})
    poller = world.poller(server)
    with poller.running(until_done=True):
        poller.wake()
    assert world.ailing == {False: 1, True: 1}


def test_what_can_never_be_polled_stops_nobody(server: Server) -> None:
    world = World(["forbidden/1", "a/1"])
    poller = world.poller(server)
    with poller.running():
        poller.wake()
        until(lambda: world.fetched == ["a/1"])


def test_a_server_that_is_away_for_a_moment_is_asked_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.poller.AGAIN", 0.01)
    world, away = World(["a/1"]), [True]

    def due() -> list[str]:
        if away:
            away.pop()
            raise StoreUnavailable("gone")
        return world.waiting()

    poller = Poller(due, world.fetch, world.courtesy, HostPace(server), lambda _: set())
    with poller.running():
        poller.wake()
        until(lambda: world.fetched == ["a/1"])


def test_a_feed_that_another_worker_polls_is_not_asked_for_again_and_again(server: Server) -> None:
    world, asked = World(["a/1"]), Counter[str]()

    def busy(name: str, _: bool) -> Poll:  # noqa: FBT001 - as the poller says it
        asked[name] += 1
        return Poll(name, busy=True)

    poller = Poller(world.waiting, busy, world.courtesy, HostPace(server), lambda _: set())
    with poller.running():
        for _ in range(20):
            poller.wake()
            time.sleep(0.02)
    assert asked == {"a/1": 1}


def test_no_turn_is_left_behind(server: Server) -> None:
    world = World(["lab.org/1"], rest=30.0)
    poller = world.poller(server)
    with poller.running(until_done=True):
        poller.wake()
    assert server.call("GET", keys.turn("lab.org")) == "", "it rests, and nobody has its turn"
