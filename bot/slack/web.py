"""The Slack bot's HTTP side: health, the install pages where workspaces install themselves, events in HTTP mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from bot.slack.oauth import Page
from papers.errors import SettingsError

EVENTS = "/slack/events"
"""Commands, events and interactivity are all sent here."""

Health = Callable[[str], tuple[int, bytes, str]]
"""A path's status, body and content type; it may block."""


def routes(app: AsyncApp | None, pages: Mapping[str, Page], health: Health) -> web.Application:
    """The web application; `app` is given where Slack sends its requests by HTTP, `pages` are the install pages."""

    async def answer(request: web.Request) -> web.Response:
        status, body, kind = await asyncio.to_thread(health, request.path)
        return web.Response(status=status, body=body, headers={"Content-Type": kind})

    async def events(request: web.Request) -> web.Response:
        assert app is not None  # noqa: S101 - the route is there only with it
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    made = web.Application()
    for path, page in pages.items():
        made.router.add_get(path, page)
    if app is not None:
        made.router.add_post(EVENTS, events)
    made.router.add_get("/{path:.*}", answer)
    return made


@asynccontextmanager
async def serving(application: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve; the port is `port`, or one that the system picks for 0. Raises SettingsError where it is taken."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError([f"HTTP_HOST, HTTP_PORT: cannot listen on {host}:{port}: {error.strerror}"]) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
