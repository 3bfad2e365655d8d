"""Turns at a host: one request at a time from all workers together, with a rest after each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from papers.courtesy import Courtesy
from papers.errors import SourceUnreachable
from papers.stores import keys
from papers.stores.hosts import FORGOTTEN, HostPace
from papers.stores.server import Server

LAB = Courtesy("lab.org", 1.0)
ARXIV = Courtesy("arxiv.org", 3.0)


@pytest.fixture
def hosts(server: Server) -> HostPace:
    """Whose sleep is an error, unless a test says otherwise."""
    return HostPace(server, sleep=lambda seconds: pytest.fail(f"slept {seconds} s"))


def test_of_many_who_ask_at_once_one_gets_the_turn(hosts: HostPace) -> None:
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda number: hosts.take(LAB, f"worker {number}"), range(16)))
    assert waits.count(0.0) == 1
    assert set(waits) == {0.0, LAB.rest}, "who has it may end it at any time, so one asks again soon"


def test_a_host_rests_after_each_turn_as_long_as_it_gets(hosts: HostPace) -> None:
    assert hosts.take(ARXIV, "ada") == 0.0
    hosts.end(ARXIV, "ada")
    assert 2.5 < hosts.take(ARXIV, "ada") <= 3.0


def test_other_hosts_are_asked_meanwhile(hosts: HostPace) -> None:
    assert hosts.take(ARXIV, "ada") == 0.0
    assert hosts.take(LAB, "ada") == 0.0


def test_asking_twice_for_a_turn_that_is_ours_gets_it(hosts: HostPace) -> None:
    assert hosts.take(LAB, "ada") == hosts.take(LAB, "ada") == 0.0


def test_a_turn_that_ran_out_cannot_be_ended_by_whom_it_was(hosts: HostPace, server: Server) -> None:
    hosts.take(LAB, "ada")
    assert 0 < server.call("PTTL", keys.turn(LAB.host)) <= FORGOTTEN * 1000, "a worker that dies blocks no host"
    server.call("DEL", keys.turn(LAB.host))
    hosts.take(LAB, "bob")
    hosts.end(LAB, "ada")
    assert hosts.take(LAB, "ada") == LAB.rest
    assert hosts.take(LAB, "bob") == 0.0


def test_whoever_can_wait_waits_for_the_turn_and_gives_it_back(server: Server) -> None:
    slept: list[float] = []

    def pass_time(seconds: float) -> None:
        slept.append(seconds)
        server.call("DEL", keys.turn(LAB.host))

    hosts = HostPace(server, pass_time)
    with hosts.turn(LAB, within=5.0):
        assert hosts.take(LAB, "bob") == LAB.rest
    with hosts.turn(LAB, within=5.0):
        assert len(slept) == 1
    assert server.call("GET", keys.turn(LAB.host)) == "", "it rests again"


def test_whoever_cannot_wait_so_long_is_told(hosts: HostPace) -> None:
    hosts.take(ARXIV, "ada")
    with pytest.raises(SourceUnreachable, match=r"arxiv\.org"), hosts.turn(ARXIV, within=2.0):
        pytest.fail("the turn is ada's")


def test_a_host_that_needs_no_rest_needs_no_turn(hosts: HostPace, server: Server) -> None:
    here = Courtesy("127.0.0.1", 0.0)
    assert hosts.take(here, "ada") == hosts.take(here, "bob") == 0.0
    hosts.end(here, "ada")
    assert server.call("EXISTS", keys.turn(here.host)) == 0
