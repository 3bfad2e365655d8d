"""The Slack bot: one process that listens to Slack and posts the outbox.

Slack ──► Socket Mode or HTTP ──► Bolt ──► guard ──► listeners
outbox ──► sender ──► poster ──► Slack
HTTP: health always; install pages where many workspaces may install it; Slack's requests in HTTP mode
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from bot.posting import Sender
from bot.serving import Health, application, serving
from bot.slack.api import silent
from bot.slack.guard import Guard
from bot.slack.listeners import Listeners
from bot.slack.oauth import InstallPages
from bot.slack.socket import Socket
from bot.slack.tokens import Clients
from bot.slack.web import with_events

QUIET = logging.getLogger("paperboy.bolt")
QUIET.setLevel(logging.ERROR)
"""Bolt's own warnings are about things that are done on purpose here, such as its token's being ours to find."""


NOT_NOW = "Paperboy has no working token for this workspace just now: reinstall it, or tell whoever runs it."


def bolt(
    authorize: AsyncAuthorize,
    listeners: Listeners,
    guard: Guard,
    *,
    base_url: str,
    signing_secret: str,
    flow: AsyncOAuthFlow | None,
) -> AsyncApp:
    """The Bolt app. `flow` is given where workspaces install themselves: Bolt would else make one from its own
    reading of the environment.
    """  # noqa: D205 - one sentence
    app = AsyncApp(
        name="paperboy",
        logger=QUIET,
        signing_secret=signing_secret,
        client=AsyncWebClient(base_url=base_url, logger=silent(), retry_handlers=[]),
        user_facing_authorize_error_message=NOT_NOW,
        authorize=authorize,  # type: ignore[arg-type] # Bolt takes its own class too, only its types do not say so
        oauth_flow=flow,
    )
    app.middleware(guard.__call__)
    listeners.attach(app)
    return app


@dataclass(frozen=True)
class Ears:
    """How Slack reaches us, by a socket or by requests to `web` (one is None), and where people install the app."""

    socket: Socket | None
    web: AsyncApp | None
    installing: InstallPages | None = None
    host: str = "127.0.0.1"
    port: int = 0


class SlackBot:
    """The process's parts, put together by `bot.wiring`."""

    def __init__(
        self,
        ears: Ears,
        sender: Sender,
        clients: Clients,
        *,
        warm: Callable[[], object],
        rest: Callable[[], Awaitable[None]],
    ) -> None:
        self._rest = rest
        self._ears = ears
        self._sender = sender
        self._clients = clients
        self._warm = warm
        self._listening = False

    async def run(self, stop: asyncio.Event, health: Health, ready: Callable[[int], None]) -> None:
        """Listen and send until `stop`; `ready` is told the HTTP port once Slack can reach us."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._clients.close)
            installing = self._ears.installing
            if installing:
                stack.push_async_callback(installing.close)
            pages = installing.pages if installing else {}
            if self._ears.web is not None:
                pages = with_events(pages, self._ears.web)
            served = application(pages, self._health(health))
            port = await stack.enter_async_context(serving(served, self._ears.host, self._ears.port))
            sending = asyncio.create_task(self._sender.run(stop))
            try:
                await asyncio.to_thread(self._warm)  # the first search would else wait for the archive to be read
                if await self._until(stop, self._connected(stack)):
                    self._listening = True
                    ready(port)
                    await asyncio.wait({sending, stopping := asyncio.ensure_future(stop.wait())}, return_when=FIRST)
                    stopping.cancel()
            finally:
                stop.set()
                await self._rest()
                await sending

    async def _connected(self, stack: AsyncExitStack) -> None:
        if self._ears.socket is not None:
            await stack.enter_async_context(self._ears.socket.held())

    @staticmethod
    async def _until(stop: asyncio.Event, work: Awaitable[None]) -> bool:
        """Wait for the work, unless `stop` comes first."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
        await asyncio.wait({doing, stopping}, return_when=FIRST)
        stopping.cancel()
        if not doing.done():
            doing.cancel()
            return False
        doing.result()
        return True

    def _health(self, health: Health) -> Health:
        def answer(path: str) -> tuple[int, bytes, str]:
            if path == "/readyz" and not self._listening:
                return HTTPStatus.SERVICE_UNAVAILABLE, b"not connected to Slack yet\n", "text/plain"
            return health(path)

        return answer


FIRST = asyncio.FIRST_COMPLETED
