"""The web role: serves pages until it is told to stop."""

from __future__ import annotations

import asyncio

from bot.serving import Health, Pages, application, serving


async def serve(pages: Pages, where: tuple[str, int], stop: asyncio.Event, health: Health) -> None:
    """Serve at `where`, a host and a port (0: any), until `stop`. Raises SettingsError."""
    async with serving(application(pages, health), *where) as port:
        health.here(port)
        health.ready()
        await stop.wait()
