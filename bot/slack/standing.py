"""Whether Slack and we hear each other just now: the socket stands, and Slack takes our token.

Slack's SDK tells of a connection by a question (`is_connected`: open, not stale, pings answered), and a token that was
revoked is told of by nobody; so both are looked at. Asking about the socket costs nothing, and `Clients` ask Slack
about their token once in a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from bot.slack.socket import Socket
from bot.slack.tokens import Clients
from papers.connections import Connection

EVERY: Final = 1.0
"""Seconds between two looks."""


class Standing:
    """`socket` is None where Slack sends requests to our address: that they come cannot be known."""

    def __init__(self, connection: Connection, socket: Socket | None, clients: Clients) -> None:
        self._connection = connection
        self._socket = socket
        self._clients = clients

    async def watch(self, ready: Callable[[], None]) -> None:
        """Look until cancelled, and tell; `ready` is told once, the first time that all is well."""
        told = False
        while True:
            trouble = await self._trouble()
            if trouble:
                self._connection.down(trouble)
            else:
                self._connection.up()
                if not told:
                    ready()
                told = True
            await asyncio.sleep(EVERY)

    async def _trouble(self) -> str:
        if self._socket is not None and not await self._socket.up():
            return "Slack's Socket Mode connection is lost"
        return await self._clients.trouble()
