"""Which bot answers in a workspace, and that nobody else gets to see its token."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.slack.installs import Installs
from bot.slack.tokens import Authorize, Clients, OneWorkspace
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


@asynccontextmanager
async def one(slack: StrictSlack, token: str) -> AsyncIterator[OneWorkspace]:
    clients = OneWorkspace(token, slack.api_url)
    try:
        yield clients
    finally:
        await clients.close()


def test_the_token_of_one_workspace_tells_once_which_one_that_is(slack: StrictSlack) -> None:
    token = slack.install()

    async def go() -> None:
        async with one(slack, token) as clients:
            bot = await clients.bot("T1")
            assert (bot.token, bot.user_id, bot.bot_id) == (token, "UBOTT1", "BT1")
            assert await clients.home() == bot
            assert (await clients.client("T1")).token == token
            with pytest.raises(Rejected) as caught:
                await clients.client("T2")
            assert caught.value.suspends

    asyncio.run(go())
    assert len(slack.called("auth.test")) == 1


def test_the_token_of_an_organisation_is_the_organisation_s(slack: StrictSlack) -> None:
    token = slack.install("", enterprise="E1")

    async def go() -> None:
        async with one(slack, token) as clients:
            assert (await clients.home()).workspace == "E1"

    asyncio.run(go())


@pytest.mark.parametrize("trouble", ["hang up", "500", "429", "invalid_auth", "account_inactive"])
def test_one_workspace_waits_for_slack_to_come_back_and_suspends_nothing(trouble: str, slack: StrictSlack) -> None:
    token = slack.install()
    slack.fail("auth.test", trouble)

    async def go() -> None:
        async with one(slack, token) as clients:
            with pytest.raises(RetryAfter):
                await clients.bot("T1")
            assert (await clients.bot("T1")).workspace == "T1"

    asyncio.run(go())


def test_one_workspace_that_removed_paperboy_is_asked_for_anew(slack: StrictSlack) -> None:
    token = slack.install()

    async def go() -> None:
        async with one(slack, token) as clients:
            await clients.bot("T1")
            slack.revoke(token, "account_inactive")
            await clients.forget("T1", time.time())
            with pytest.raises(RetryAfter):
                await clients.bot("T1")

    asyncio.run(go())


def test_no_token_is_printed_or_logged(
    slack: StrictSlack, installs: Installs, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: set[str] = {slack.client_secret}
    printed: list[object] = []

    async def go() -> None:
        for trouble in ("bad_client_secret", "hang up", "no trouble"):
            slack.fail("oauth.v2.access", trouble, times=int(trouble != "no trouble"))
            secrets.add(await install(slack, installs, left=HOUR))
            async with many(slack, server.url) as clients:
                secrets.add(await works(clients))
                printed.append(await clients.bot("T1"))
        async with one(slack, "xoxb-refused") as single:
            secrets.add("xoxb-refused")
            with pytest.raises(RetryAfter) as caught:
                await single.bot("T1")
            printed.extend([caught.value, caught.value.__cause__, single, clients])

    with capture_logs() as logs:
        asyncio.run(go())
    assert len(logs) == 3
    secrets |= {one.refresh for one in slack.world.installs.values() if one.refresh}
    assert len(secrets) > 5
    everything = f"{logs} {caplog.text} {printed!r} {[str(one) for one in printed]}"
    assert [secret for secret in secrets if secret in everything] == []


def signed(body: str) -> AsyncBoltRequest:
    """A request as Slack signs it."""
    stamp = str(int(time.time()))
    signature = SignatureVerifier(StrictSlack.signing_secret).generate_signature(timestamp=stamp, body=body)
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }
    return AsyncBoltRequest(body=body, headers=headers)  # type: ignore[arg-type] # Bolt takes plain strings too


def bolt(clients: Clients, slack: StrictSlack, told: asyncio.Queue[str]) -> AsyncApp:
    app = AsyncApp(
        signing_secret=StrictSlack.signing_secret,
        client=AsyncWebClient(base_url=slack.api_url),
        authorize=Authorize(clients),  # type: ignore[arg-type] # Bolt takes its own class too, only its types do not say so
        raise_error_for_unhandled_request=False,
    )

    @app.event("app_home_opened")
    async def opened(client: AsyncWebClient) -> None:
        told.put_nowait(str((await client.auth_test())["team_id"]))

    return app


EVENT = '{"type":"event_callback","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1"}}'


def test_bolt_answers_with_the_workspace_s_own_token(slack: StrictSlack, installs: Installs, server: Server) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()

    async def go() -> None:
        await install(slack, installs, left=HOUR)
        async with many(slack, server.url) as clients:
            answer = await bolt(clients, slack, told).async_dispatch(signed(EVENT))
            assert answer.status == 200
            assert await asyncio.wait_for(told.get(), 5) == "T1"

    asyncio.run(go())


def test_bolt_does_not_answer_a_workspace_without_an_installation(slack: StrictSlack, server: Server) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()

    async def go() -> None:
        async with many(slack, server.url) as clients:
            answer = await bolt(clients, slack, told).async_dispatch(signed(EVENT))
            assert "reinstall" in str(answer.body)

    asyncio.run(go())
    assert told.empty()


def test_bolt_refuses_a_forged_request_before_anybody_is_asked_who_answers(slack: StrictSlack, server: Server) -> None:
    async def go() -> int:
        async with many(slack, server.url) as clients:
            request = signed(EVENT)
            request.raw_body = EVENT.replace("U1", "U2")
            return (await bolt(clients, slack, asyncio.Queue()).async_dispatch(request)).status

    before = datetime.now(UTC)
    assert asyncio.run(go()) == 401
    assert (datetime.now(UTC) - before).total_seconds() < 5
    assert slack.requests == []
