"""Paperboy installed in the strict Slack, with a token of any age, stored on our side, and used from any process."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from slack_sdk.oauth.installation_store.models.installation import Installation

from bot.slack.installs import Installs
from bot.slack.rotation import ManyWorkspaces
from bot.slack.tokens import Clients
from papers.keyring import Keyring
from papers.stores.once import Once
from papers.stores.server import Server
from papers.stores.vault import Vault
from papers.wiring import clock
from tests.fakes.slack import StrictSlack

HOUR: Final = 3600.0
KEYS: Final = Keyring([bytes([7]) * 32])


async def install(
    slack: StrictSlack, installs: Installs, *, left: float, workspace: str = "T1", refresh: bool = True
) -> str:
    """Paperboy in a workspace, with a token that is good for `left` seconds yet; that token."""
    slack.rotate_tokens()
    granted = slack.world.installs[slack.install(workspace, scopes=["chat:write", "commands"])]
    granted.expires = slack.world.now() + left
    await installs.async_save(
        Installation(
            app_id=slack.app_id,
            team_id=workspace,
            bot_token=granted.token,
            bot_id=f"B{workspace}",
            bot_user_id=f"UBOT{workspace}",
            bot_scopes="chat:write,commands",
            bot_refresh_token=granted.refresh if refresh else None,
            bot_token_expires_at=int(time.time() + left),
            user_id="U1",
        )
    )
    return granted.token


@asynccontextmanager
async def many(slack: StrictSlack, url: str) -> AsyncIterator[ManyWorkspaces]:
    """The clients of another process: over a connection of their own."""
    server = Server(url)
    clients = ManyWorkspaces(
        Installs(Vault(server, KEYS)),
        Once(server),
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        base_url=slack.api_url,
        clock=clock,
    )
    try:
        yield clients
    finally:
        await clients.close()
        server.close()


async def works(clients: Clients, workspace: str = "T1") -> str:
    """The token that is used there, and that Slack takes."""
    client = await clients.client(workspace)
    assert (await client.auth_test())["team_id"] == workspace
    return str(client.token)
