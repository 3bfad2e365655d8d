"""The web role: serves pages until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.serving import Health, Pages, application, serving


async def serve(
    pages: Pages, where: tuple[str, int], stop: asyncio.Event, *, health: Health, ready: Callable[[int], None]
) -> None:
    """Serve at `where`, a host and a port (0: any), until `stop`; `ready` is told the port. Raises SettingsError."""
    async with serving(application(pages, health), *where) as port:
        ready(port)
        await stop.wait()
