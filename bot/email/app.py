"""The email bot: one process that mails what the outbox holds, and hears nothing: answers are pages' business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.email.line import Line
from bot.posting import Sender


class EmailBot:
    """The process's parts, put together by `bot.email.wiring`."""

    def __init__(self, sender: Sender, line: Line) -> None:
        self._sender = sender
        self._line = line

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Mail until `stop`, and finish the mail that is on its way then; `ready` is told at once.

        The server is not waited for: a mail waits as well in the outbox as here.
        """
        sending = asyncio.create_task(self._sender.run(stop))
        ready()
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({sending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        self._line.last()
        try:
            await sending
        finally:
            await self._line.close()
