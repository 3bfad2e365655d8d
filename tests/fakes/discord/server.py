"""Discord's address: HTTP and WebSocket on loopback, in a thread with a loop of its own.

*    /api/v10/…    the HTTP API
GET  /gateway      the gateway
PUT  /weather      a `Weather`, as far as it differs from good weather
GET  /counts       {"taken": …, "edited": …, "429": …, "violations": …}
GET  /violations   what only a mistake of the app's makers can cause, a sentence each
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.fakes.discord.api import Answer, Api, Asked
from tests.fakes.discord.calls import Upload
from tests.fakes.discord.gateway import Gateway
from tests.fakes.weather import Weather

T = TypeVar("T")


class Server:
    """Serves from `start` to `stop`."""

    def __init__(self, api: Api, gateway: Gateway) -> None:
        self._api = api
        self._gateway = gateway
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread
        self._runner: web.AppRunner | None = None
        self.url = ""

    def start(self, port: int = 0) -> None:
        """Listen, at `url`."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="strict Discord", daemon=True)
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
        app = web.Application(client_max_size=32 << 20, middlewares=[self._confess])
        app.add_routes(
            [
                web.route("*", "/api/v10{path:/.*}", self._call),
                web.get("/gateway/", self._gateway.serve),
                web.get("/gateway", self._gateway.serve),
                web.put("/weather", self._weather),
                web.get("/counts", self._counts),
                web.get("/violations", self._violations),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound}"
        self._gateway.url = f"ws://{host}:{bound}/gateway"

    async def _close(self) -> None:
        await self._gateway.drop()
        if self._runner:
            await self._runner.cleanup()

    @web.middleware
    async def _confess(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A mistake of this Discord's own must fail the test that meets it, not look like a bad day."""
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as error:
            self._api.world.wrong(f"this Discord itself failed at {request.path}: {error!r}")
            raise

    async def _call(self, request: web.Request) -> web.StreamResponse:
        told = self._api.answer(await _asked(request))
        if told.delay:
            await asyncio.sleep(told.delay)
        if told.status == 0 and request.transport:
            request.transport.abort()
        return _response(told)

    async def _weather(self, request: web.Request) -> web.Response:
        self._api.faults.weather = Weather(**json.loads(await request.text()))
        return web.Response()

    async def _counts(self, _request: web.Request) -> web.Response:
        world = self._api.world
        return web.json_response({**world.counts, "violations": len(world.violations)})

    async def _violations(self, _request: web.Request) -> web.Response:
        return web.json_response(self._api.world.violations)


async def _asked(request: web.Request) -> Asked:
    """A call as it came; a body that is not JSON counts as none."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    text, files = "", []
    if request.content_type == "multipart/form-data":
        form = await request.post()
        text = str(form.get("payload_json", "{}"))
        files = [Upload(one.filename, one.file.read()) for one in form.values() if isinstance(one, web.FileField)]
    elif request.content_type == "application/json":
        text = await request.text()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        body = None
    path = request.match_info["path"]
    return Asked(request.method, path, dict(request.query), headers, body, tuple(files))


def _response(told: Answer) -> web.Response:
    if told.body is None:
        return web.Response(status=told.status or 500, headers=told.headers)
    if isinstance(told.body, str):
        return web.Response(status=told.status, text=told.body, headers=told.headers)
    headers = {**told.headers, "Content-Type": "application/json"}  # without a charset, as Discord sends it
    return web.Response(status=told.status, body=json.dumps(told.body).encode(), headers=headers)
