"""Allowances: so many at once, then one by one as they come back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from papers.stores import keys
from papers.stores.quota import Quota
from papers.stores.server import Server
from papers.wiring import Stores

MINUTE = 60.0


def pass_time(stores: Stores, scope: str, seconds: float) -> None:
    """The script goes by the server's clock: what is used up is moved into the past instead."""
    stores.server.call("HINCRBYFLOAT", keys.quota(scope), "used", -seconds * 1000)


def test_the_whole_allowance_may_be_taken_at_once_and_not_one_more(stores: Stores) -> None:
    assert [stores.quota.spend("ada", 30, MINUTE) for _ in range(30)] == [0.0] * 30
    assert 1.5 < stores.quota.spend("ada", 30, MINUTE) <= 2.0


def test_a_refusal_costs_nothing_and_says_when_to_come_back(stores: Stores) -> None:
    for _ in range(3):
        stores.quota.spend("ada", 3, MINUTE)
    waits = [stores.quota.spend("ada", 3, MINUTE) for _ in range(5)]
    assert waits == pytest.approx([20.0] * 5, abs=1.0)
    pass_time(stores, "ada", 20.1)
    assert stores.quota.spend("ada", 3, MINUTE) == 0.0
    assert stores.quota.spend("ada", 3, MINUTE) > 0


def test_scopes_do_not_share(stores: Stores) -> None:
    assert stores.quota.spend("ada", 1, MINUTE) == 0.0
    assert stores.quota.spend("bob", 1, MINUTE) == 0.0
    assert stores.quota.spend("ada", 1, MINUTE) > 0


def test_many_at_the_same_instant_get_no_more_than_there_is(stores: Stores) -> None:
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: stores.quota.spend("team", 10, MINUTE), range(40)))
    assert waits.count(0.0) == 10


def test_what_nobody_uses_is_forgotten(stores: Stores) -> None:
    stores.quota.spend("ada", 30, MINUTE)
    assert 0 < stores.server.call("PTTL", keys.quota("ada")) <= 2_000


def test_what_is_paced_begins_a_gap_apart_however_many_processes_ask(stores: Stores) -> None:
    def begin(_: int) -> float:
        server = Server(stores.server.url)
        with Quota(server).paced("host", 0.1):
            begun = time.monotonic()
        server.close()
        return begun

    with ThreadPoolExecutor(4) as pool:
        begun = sorted(pool.map(begin, range(4)))
    assert begun[-1] - begun[0] >= 0.28
