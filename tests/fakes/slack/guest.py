"""An app made with slack_bolt, at work in a thread of its own, so that sync tests can act upon it.

    with Guest(slack, register): …              Socket Mode
    with Guest(slack, register, http=True): …   HTTP, on a port of its own that the strict Slack is told

`register` is given the AsyncApp, to put its listeners on. It knows the bot's token of "T1".
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.slack import StrictSlack


class Guest:
    """The app, from `with` to its end."""

    def __init__(self, slack: StrictSlack, register: Callable[[AsyncApp], None], *, http: bool = False) -> None:
        self._slack = slack
        self._register = register
        self._is_http = http
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="guest", daemon=True)
        self._leave: Callable[[], Coroutine[Any, Any, None]]

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._arrive())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._depart())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _arrive(self) -> None:
        slack = self._slack
        client = AsyncWebClient(slack.install(), base_url=slack.api_url)
        app = AsyncApp(client=client, signing_secret=slack.signing_secret)
        self._register(app)
        await (self._listen(app) if self._is_http else self._connect(app))

    async def _depart(self) -> None:
        await self._leave()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connect(self, app: AsyncApp) -> None:
        handler = AsyncSocketModeHandler(app, self._slack.app_token)
        self._leave = handler.close_async
        await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt leaves it untyped

    async def _listen(self, app: AsyncApp) -> None:
        runner = web.AppRunner(app.web_app(path="/slack/events"))
        self._leave = runner.cleanup
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        self._slack.http(f"http://{host}:{port}/slack/events")
