"""What may happen once happens once, whoever asks, and however often."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from papers.stores import keys
from papers.stores.once import Once
from papers.stores.server import Server
from tests.integration.servers import until


@pytest.fixture
def once(server: Server) -> Once:
    return Once(server)


class Forgetful(Server):
    """A connection that loses each first answer, and therefore asks again."""

    def together(self, commands: Sequence[Sequence[object]]) -> list[object]:
        super().together(commands)
        return super().together(commands)


def test_the_first_is_told_that_it_is_and_nobody_else(once: Once) -> None:
    assert once.first("event", "Ev1", 60)
    assert not once.first("event", "Ev1", 60)
    assert once.first("event", "Ev2", 60)
    assert once.first("signature", "Ev1", 60)


def test_one_of_many_that_ask_at_once_is_the_first(once: Once) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: once.first("event", "Ev1", 60), range(64))) == 1


def test_whoever_asks_again_as_the_answer_was_lost_is_still_the_first(once: Once, server: Server) -> None:
    forgetful = Forgetful(server.url)
    assert Once(forgetful).first("event", "Ev1", 60)
    assert not Once(forgetful).first("event", "Ev1", 60)
    assert not once.first("event", "Ev1", 60)
    forgetful.close()


def test_a_mark_goes_away_and_asking_again_does_not_keep_it(once: Once, server: Server) -> None:
    assert once.first("event", "Ev1", 1)
    began = time.monotonic()
    until(lambda: once.first("event", "Ev1", 60), 5)
    assert time.monotonic() - began > 0.5
    assert server.call("TTL", keys.once("event", "Ev1")) > 50


def test_a_token_is_redeemed_once(once: Once) -> None:
    token = once.issue("oauth", 60)
    assert once.redeem("oauth", token)
    assert not once.redeem("oauth", token)


def test_one_of_many_that_redeem_at_once_may(once: Once) -> None:
    token = once.issue("oauth", 60)
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: once.redeem("oauth", token), range(64))) == 1


def test_a_token_that_was_never_issued_or_for_something_else_is_not_redeemed(once: Once) -> None:
    once.first("oauth", "mark", 60)
    assert not once.redeem("oauth", "mark")
    assert not once.redeem("oauth", "")
    token = once.issue("oauth", 60)
    assert not once.redeem("invite", token)
    assert once.redeem("oauth", token)


def test_a_token_runs_out(once: Once, server: Server) -> None:
    token = once.issue("oauth", 1)
    until(lambda: not server.call("EXISTS", keys.issued("oauth", token)), 5)
    assert not once.redeem("oauth", token)


def test_tokens_cannot_be_guessed(once: Once) -> None:
    tokens = {once.issue("oauth", 60) for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 43
