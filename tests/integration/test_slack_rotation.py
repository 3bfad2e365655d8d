"""Tokens of many workspaces: used while they are good, and rotated by one process at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from bot.slack import rotation
from bot.slack.installs import Installs
from bot.slack.tokens import Bot
from papers.errors import Rejected, RetryAfter
from papers.stores.server import Server
from papers.stores.vault import Vault
from tests.fakes.slack import StrictSlack
from tests.integration.installing import HOUR, KEYS, install, many, works


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as slack:
        yield slack
        assert slack.violations == []


@pytest.fixture
def installs(server: Server) -> Installs:
    return Installs(Vault(server, KEYS))


def test_a_token_that_is_good_for_long_is_used_as_it_is(slack: StrictSlack, installs: Installs, server: Server) -> None:
    async def go() -> None:
        token = await install(slack, installs, left=11 * HOUR)
        async with many(slack, server.url) as clients:
            assert await works(clients) == token
            assert await clients.bot("T1") == Bot("T1", token, "UBOTT1", "BT1", frozenset({"chat:write", "commands"}))

    asyncio.run(go())
    assert slack.called("oauth.v2.access") == []


@pytest.mark.parametrize("left", [HOUR, -HOUR], ids=["near its end", "over"])
def test_a_token_near_its_end_is_rotated_and_kept(
    left: float, slack: StrictSlack, installs: Installs, server: Server
) -> None:
    async def go() -> None:
        token = await install(slack, installs, left=left)
        async with many(slack, server.url) as clients, many(slack, server.url) as others:
            rotated = await works(clients)
            assert rotated != token
            assert await works(clients) == await works(others) == rotated
        kept = await installs.find("T1")
        assert kept
        assert (kept.bot_token, kept.bot_id, kept.user_id) == (rotated, "BT1", "U1")
        assert (kept.bot_token_expires_at or 0) - time.time() > 11 * HOUR

    asyncio.run(go())
    assert len(slack.called("oauth.v2.access")) == 1


def test_an_app_without_rotation_keeps_its_token(slack: StrictSlack, installs: Installs, server: Server) -> None:
    async def go() -> None:
        token = await install(slack, installs, left=HOUR, refresh=False)
        async with many(slack, server.url) as clients:
            assert await works(clients) == token

    asyncio.run(go())
    assert slack.called("oauth.v2.access") == []


@pytest.mark.parametrize("left", [HOUR, -HOUR], ids=["near its end", "over"])
def test_processes_that_rotate_at_once_refresh_once(
    left: float, slack: StrictSlack, installs: Installs, server: Server
) -> None:
    slack.fail("oauth.v2.access", "slow", seconds=0.5)

    async def go() -> set[str]:
        await install(slack, installs, left=left)
        async with many(slack, server.url) as one, many(slack, server.url) as two, many(slack, server.url) as three:
            return set(await asyncio.gather(*(works(clients) for clients in (one, two, three) * 3)))

    tokens = asyncio.run(go())
    assert len(slack.called("oauth.v2.access")) == 1
    assert len(tokens) == 1


def test_whoever_waits_for_a_rotation_in_vain_uses_what_is_still_good(
    slack: StrictSlack, installs: Installs, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PATIENCE", 0.2)
    slack.fail("oauth.v2.access", "slow", seconds=1.5)

    async def go() -> None:
        token = await install(slack, installs, left=HOUR)
        async with many(slack, server.url) as one, many(slack, server.url) as two:
            rotating = asyncio.create_task(works(one))
            await asyncio.sleep(0.3)
            assert await works(two) == token
            assert await rotating == await works(two) != token  # and it was not remembered for longer than needed

    asyncio.run(go())


def test_whoever_waits_in_vain_with_a_token_that_is_over_is_told_to_try_again(
    slack: StrictSlack, installs: Installs, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PATIENCE", 0.2)
    slack.fail("oauth.v2.access", "slow", seconds=1.5)

    async def go() -> None:
        await install(slack, installs, left=-HOUR)
        async with many(slack, server.url) as one, many(slack, server.url) as two:
            rotating = asyncio.create_task(works(one))
            await asyncio.sleep(0.3)
            with pytest.raises(RetryAfter) as caught:
                await two.client("T1")
            assert caught.value.scope == "workspace"
            assert await rotating == await works(two)

    asyncio.run(go())


@pytest.mark.parametrize("trouble", ["hang up", "500", "429", "internal_error", "bad_client_secret"])
def test_trouble_while_rotating_is_no_trouble_while_the_token_is_good(
    trouble: str, slack: StrictSlack, installs: Installs, server: Server
) -> None:
    slack.fail("oauth.v2.access", trouble)

    async def go() -> None:
        token = await install(slack, installs, left=HOUR)
        async with many(slack, server.url) as clients:
            assert await works(clients) == token
            began = time.monotonic()
            assert await works(clients) == token
            assert time.monotonic() - began < 1  # nobody waits for what is known to have failed

    asyncio.run(go())
    assert len(slack.called("oauth.v2.access")) == 1


@pytest.mark.parametrize("trouble", ["hang up", "500", "429", "internal_error", "bad_client_secret"])
def test_trouble_while_rotating_a_token_that_is_over_passes(
    trouble: str, slack: StrictSlack, installs: Installs, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "LEASE", 1)
    slack.fail("oauth.v2.access", trouble)

    async def go() -> None:
        await install(slack, installs, left=-HOUR)
        async with many(slack, server.url) as clients:
            with pytest.raises(RetryAfter):
                await clients.client("T1")
            await asyncio.sleep(1.1)
            await works(clients)

    asyncio.run(go())
    assert len(slack.called("oauth.v2.access")) == 2


def test_a_refresh_token_that_slack_does_not_know_any_more_closes_the_workspace_when_its_token_is_over(
    slack: StrictSlack, installs: Installs, server: Server
) -> None:
    slack.fail("oauth.v2.access", "invalid_refresh_token", times=None)

    async def go() -> None:
        token = await install(slack, installs, left=HOUR)
        async with many(slack, server.url) as clients:
            assert await works(clients) == token
        await install(slack, installs, left=-HOUR)
        async with many(slack, server.url) as clients:
            with pytest.raises(Rejected, match="install it again") as caught:
                await clients.client("T1")
            assert caught.value.suspends

    asyncio.run(go())


def test_a_workspace_that_installs_anew_during_a_rotation_keeps_its_new_token(
    slack: StrictSlack, installs: Installs, server: Server
) -> None:
    slack.fail("oauth.v2.access", "slow", seconds=0.5)

    async def go() -> None:
        await install(slack, installs, left=HOUR)
        async with many(slack, server.url) as clients:
            rotating = asyncio.create_task(works(clients))
            await asyncio.sleep(0.2)
            anew = await install(slack, installs, left=11 * HOUR)
            assert await rotating == anew

    asyncio.run(go())


def test_where_paperboy_is_not_installed_every_delivery_is_rejected_and_suspends(
    slack: StrictSlack, installs: Installs, server: Server
) -> None:
    async def go() -> None:
        async with many(slack, server.url) as clients, many(slack, server.url) as others:
            with pytest.raises(Rejected):
                await clients.client("T1")
            await install(slack, installs, left=11 * HOUR)
            await works(clients)
            await works(others)
            await clients.forget("T1", time.time())
            with pytest.raises(Rejected) as caught:
                await clients.client("T1")
            assert caught.value.suspends
            assert await installs.workspaces() == []

    asyncio.run(go())


def test_a_removal_that_another_process_was_told_of_is_noticed_soon(
    slack: StrictSlack, installs: Installs, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "FRESH", 0.2)

    async def go() -> None:
        await install(slack, installs, left=11 * HOUR)
        async with many(slack, server.url) as clients:
            await works(clients)
            await installs.remove("T1")
            await asyncio.sleep(0.3)
            with pytest.raises(Rejected):
                await clients.client("T1")

    asyncio.run(go())


def test_a_token_that_is_remembered_is_not_read_from_redis_again(
    slack: StrictSlack, installs: Installs, server: Server
) -> None:
    async def go() -> None:
        await install(slack, installs, left=11 * HOUR)
        async with many(slack, server.url) as clients:
            await clients.bot("T1")
            before = server.info()["total_commands_processed"]
            for _ in range(20):
                await clients.bot("T1")
            assert server.info()["total_commands_processed"] - before < 5

    asyncio.run(go())
