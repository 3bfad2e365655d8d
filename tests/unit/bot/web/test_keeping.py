"""What is kept for readers, and what is counted of guessers: the time is passed in."""

from __future__ import annotations

import asyncio

import pytest

from bot.web.fresh import Fresh
from bot.web.guessing import ALLOWED, EVERY, REMEMBERED, Guesses
from bot.web.manners import takes_gzip


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Bakery:
    """Makes a new loaf each time it is asked, unless it has burnt."""

    def __init__(self) -> None:
        self.baked = 0
        self.burnt = False

    async def bake(self) -> int:
        await asyncio.sleep(0)
        self.baked += 1
        if self.burnt:
            raise ZeroDivisionError
        return self.baked


def test_what_many_ask_for_at_once_is_made_once_and_again_when_it_is_old() -> None:
    async def go() -> None:
        clock, bakery = Clock(), Bakery()
        fresh: Fresh[str, int] = Fresh(60, 2, clock)
        assert set(await asyncio.gather(*(fresh.get("a", bakery.bake) for _ in range(1000)))) == {1}
        clock.now += 59
        assert await fresh.get("a", bakery.bake) == 1
        clock.now += 1
        assert await fresh.get("a", bakery.bake) == 2

    asyncio.run(go())


def test_what_fails_is_tried_again_and_what_is_too_much_is_forgotten() -> None:
    async def go() -> None:
        clock, bakery = Clock(), Bakery()
        fresh: Fresh[str, int] = Fresh(60, 2, clock)
        bakery.burnt = True
        with pytest.raises(ZeroDivisionError):
            await fresh.get("a", bakery.bake)
        bakery.burnt = False
        assert [await fresh.get(one, bakery.bake) for one in "abca"] == [2, 3, 4, 5]

    asyncio.run(go())


def test_one_who_goes_away_does_not_take_it_from_the_others() -> None:
    async def go() -> None:
        bakery = Bakery()
        fresh: Fresh[str, int] = Fresh(60, 2, Clock())
        first = asyncio.create_task(fresh.get("a", bakery.bake))
        second = asyncio.create_task(fresh.get("a", bakery.bake))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == 1

    asyncio.run(go())


def test_a_client_may_miss_so_often_and_each_miss_comes_back() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(ALLOWED):
        assert guesses.wait("a") == 0
        guesses.missed("a")
    assert guesses.wait("a") == EVERY
    assert guesses.wait("b") == 0
    clock.now += EVERY
    assert guesses.wait("a") == 0


def test_only_so_many_clients_are_remembered() -> None:
    guesses = Guesses(Clock())
    for _ in range(ALLOWED):
        guesses.missed("a")
    for number in range(REMEMBERED):
        guesses.missed(str(number))
    assert guesses.wait("a") == 0


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "deflate, gzip ; q=1", "x-gzip"])
def test_gzip_is_sent_to_who_names_it(accepted: str) -> None:
    assert takes_gzip(accepted)


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.000", "br", "*;q=0"])
def test_and_to_nobody_else(accepted: str) -> None:
    assert not takes_gzip(accepted)
