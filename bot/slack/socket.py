"""Socket Mode: the connection over which Slack sends everything, where no public address is to be had."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import WRONG_TOKEN, error_code, silent
from papers.errors import SettingsError

PING: Final = 5.0
"""Seconds between two pings; a connection that is silent for four of them is made anew."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0

log = structlog.get_logger(platform="slack")


class Socket:
    """The connection, kept up by slack_sdk. `up` tells whether it stands now."""

    def __init__(self, app: AsyncApp, token: str, base_url: str) -> None:
        self._token = token
        client = AsyncWebClient(token=token, base_url=base_url, logger=silent())
        self._handler = AsyncSocketModeHandler(
            app, token, logger=logging.getLogger("slack.socket"), web_client=client, ping_interval=PING
        )

    async def up(self) -> bool:
        """Whether Slack can reach us now."""
        return await self._handler.client.is_connected()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Connect, waiting for a Slack that is away. Raises SettingsError for a token that it does not take."""
        try:
            await self._connect()
            yield
        finally:
            await self._handler.close_async()  # type: ignore[no-untyped-call] # Bolt gives it no types

    async def _connect(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._dial()
            except SlackApiError as error:
                if error_code(error) in WRONG_TOKEN:
                    reason = f"SLACK_APP_TOKEN: Slack does not take it ({error_code(error)})"
                    raise SettingsError([reason]) from error
                trouble: Exception = error
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                trouble = error
            else:
                return
            log.warning("slack is out of reach", error=str(trouble), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _dial(self) -> None:
        """Connect for the first time, to an address that we ask for: slack_sdk asks for ever, whatever is wrong."""
        client = self._handler.client
        client.wss_uri = (await client.web_client.apps_connections_open(app_token=self._token))["url"]
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # Bolt gives it no types
