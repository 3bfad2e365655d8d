"""The email bot: one process that mails what the outbox holds, and hears nothing: answers are pages' business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from bot.email.line import Line
from bot.posting import Sender
from papers.errors import StoreError

HOUR: Final = 3600.0
"""Seconds between two looks for invitations that nobody answered."""

log = structlog.get_logger(platform="email")


class EmailBot:
    """The process's parts, put together by `bot.email.wiring`."""

    def __init__(self, sender: Sender, line: Line, tidy: Callable[[], object]) -> None:
        self._sender = sender
        self._line = line
        self._tidy = tidy

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Mail until `stop`, and finish the mail that is on its way then; `ready` is told at once.

        The server is not waited for: a mail waits as well in the outbox as here.
        """
        sending = asyncio.create_task(self._sender.run(stop))
        tidying = asyncio.create_task(self._keep_tidy())
        ready()
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({sending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        tidying.cancel()
        self._line.last()
        try:
            await sending
        finally:
            await self._line.close()

    async def _keep_tidy(self) -> None:
        """Forget addresses of people who never answered."""
        while True:
            try:
                await asyncio.to_thread(self._tidy)
            except StoreError as error:
                log.warning("unanswered invitations are forgotten later", error=str(error))
            await asyncio.sleep(HOUR)
