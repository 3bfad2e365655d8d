"""A role's HTTP side: its pages and its health, on one port. It knows no platform and no page by name.

What is asked for is never logged, not even where answering breaks: the address of a page may be its key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final, Protocol

import structlog
from aiohttp import web

from papers.errors import SettingsError, StoreError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

Pages = Mapping[tuple[str, str], Handler]
"""(method, path as aiohttp's router spells it) -> what answers it. GET answers HEAD too; any other method is a 405."""

Answer = Callable[[str], tuple[int, bytes, str]]
"""A path's status, body and content type; it may block."""


class Health(Protocol):
    """What a role says of itself."""

    def __call__(self, path: str) -> tuple[int, bytes, str]:
        """As `Answer`, for the probes."""

    def here(self, port: int) -> None:
        """It runs, and answers at that port."""

    def ready(self) -> None:
        """It can do its work, for the first time."""


PROBES: Final = ("/healthz", "/readyz", "/metrics")

AGAIN: Final = "5"
"""Seconds after which to come back while the server is away."""

SILENT: Final = logging.getLogger("paperboy.http")
SILENT.setLevel(logging.CRITICAL + 1)
"""Takes what aiohttp says of requests that are no HTTP, which it quotes."""

log = structlog.get_logger()


def application(pages: Pages, health: Answer) -> web.Application:
    """Pages, and the probes that every role answers."""

    async def probe(request: web.Request) -> web.Response:
        status, body, kind = await asyncio.to_thread(health, request.path)
        return web.Response(status=status, body=body, headers={"Content-Type": kind})

    made = web.Application(middlewares=[_answered])
    for (method, path), page in {**pages, **{("GET", path): probe for path in PROBES}}.items():
        add = made.router.add_get if method == "GET" else made.router.add_post
        add(path, page)
    return made


@web.middleware
async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever breaks: an answer for whoever asked, its cause for the log, and what was asked for in neither."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except StoreError as error:
        log.warning("the server is away", error=str(error))
        return web.Response(status=503, text="Not now: try again in a minute.\n", headers={"Retry-After": AGAIN})
    except Exception:
        log.exception("a page broke")
        return web.Response(status=500, text="Something broke here; whoever runs this can read what.\n")


@asynccontextmanager
async def serving(application: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve; the port is `port`, or one that the system picks for 0. Raises SettingsError where it is taken."""
    runner = web.AppRunner(application, access_log=None, logger=SILENT)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            wrong = f"HTTP_HOST, HTTP_PORT or WEB_PORT: cannot listen on {host}:{port}: {error.strerror}"
            raise SettingsError([wrong]) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
