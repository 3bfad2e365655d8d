"""Slack's address: HTTP and WebSocket on loopback, in a thread with a loop of its own.

POST /api/METHOD             the Web API                 GET /link?ticket=…       Socket Mode
POST /respond/NAME           a response_url              GET /oauth/v2/authorize  a browser that clicks Allow
PUT  /weather                a `Weather`, as far as it differs from good weather
PUT  /world                  {"T1": {"token": …, "channels": ["C1"], "scopes": […]}}
GET  /counts                 {"taken": …, "429": …, "violations": …}
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.fakes.slack.api import Answer, Api
from tests.fakes.slack.calls import Refusal
from tests.fakes.slack.courier import Courier
from tests.fakes.slack.responses import Responses
from tests.fakes.slack.weather import Weather
from tests.fakes.slack.world import Json

T = TypeVar("T")


class Server:
    """Serves from `start` to `stop`. `allow` tells where a browser on OAuth's page is sent."""

    def __init__(
        self,
        api: Api,
        courier: Courier,
        responses: Responses,
        *,
        allow: Callable[[Mapping[str, str]], str],
        build: Callable[[Json], None],
    ) -> None:
        self._api = api
        self._sockets = courier.sockets
        self._courier = courier
        self._responses = responses
        self._allow = allow
        self._build = build
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="strict Slack", daemon=True)
        self._runner: web.AppRunner | None = None
        self.url = ""

    def start(self, port: int = 0) -> None:
        """Listen, at `url`."""
        self._thread.start()
        self.do(self._listen(port))

    def stop(self) -> None:
        """Close every connection and the thread."""
        self.do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Something on the server's loop, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    async def _listen(self, port: int) -> None:
        app = web.Application(client_max_size=8 << 20, middlewares=[self._confess])
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._method),
                web.get("/link", self._sockets.serve),
                web.post("/respond/{name}", self._respond),
                web.get("/oauth/v2/authorize", self._authorize),
                web.put("/weather", self._weather),
                web.put("/world", self._world),
                web.get("/counts", self._counts),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound}"
        self._sockets.address = f"ws://{host}:{bound}"

    async def _close(self) -> None:
        await self._courier.close()
        await self._sockets.drop()
        if self._runner:
            await self._runner.cleanup()

    @web.middleware
    async def _confess(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A mistake of this Slack's own must fail the test that meets it, not look like a bad day."""
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as error:
            self._api.world.wrong(f"this Slack itself failed at {request.path}: {error!r}")
            raise

    async def _method(self, request: web.Request) -> web.StreamResponse:
        try:
            args, token = await _asked(request)
        except ValueError:
            return _json(Answer(200, {"ok": False, "error": "invalid_json"}))
        told = self._api.answer(request.match_info["method"], args, token)
        if told.delay:
            await asyncio.sleep(told.delay)
        if told.status == 0 and request.transport:
            request.transport.abort()
        return _json(told)

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            self._responses.take(request.match_info["name"], json.loads(await request.text()))
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error, **refusal.extra}, status=404)
        return web.Response(text="ok")

    async def _authorize(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(self._allow(request.query))

    async def _weather(self, request: web.Request) -> web.Response:
        self._api.faults.weather = Weather(**json.loads(await request.text()))
        return web.Response()

    async def _world(self, request: web.Request) -> web.Response:
        self._build(json.loads(await request.text()))
        return web.Response()

    async def _counts(self, _request: web.Request) -> web.Response:
        world = self._api.world
        return web.json_response({**world.counts, "violations": len(world.violations)})


async def _asked(request: web.Request) -> tuple[dict[str, Any], str]:
    """A call's arguments, from its query and its body, and its token."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        said = json.loads(await request.text() or "{}")
        if not isinstance(said, dict):
            raise ValueError("not an object")
        args |= said
    else:
        args |= dict(await request.post())
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        client, _, secret = base64.b64decode(credentials).decode().partition(":")
        args |= {"client_id": client, "client_secret": secret}
    return args, credentials if scheme == "Bearer" else str(args.get("token", ""))


def _json(told: Answer) -> web.Response:
    headers = {"Retry-After": f"{told.retry_after:g}"} if told.status == 429 else {}
    headers |= {"X-OAuth-Scopes": told.scopes} if told.scopes else {}
    return web.json_response(told.body, status=told.status or 500, headers=headers)
