"""The Slack bot: one process that listens to Slack and posts the outbox.

Slack ──► Socket Mode or HTTP ──► Bolt ──► guard ──► listeners
outbox ──► sender ──► poster ──► Slack
HTTP: health always; install pages where many workspaces may install it; Slack's requests in HTTP mode
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

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
from bot.slack.standing import Standing
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
        standing: Standing,
        *,
        warm: Callable[[], object],
        rest: Callable[[], Awaitable[None]],
    ) -> None:
        self._rest = rest
        self._ears = ears
        self._sender = sender
        self._clients = clients
        self._standing = standing
        self._warm = warm

    async def run(self, stop: asyncio.Event, health: Health) -> None:
        """Listen and send until `stop`; it is ready once Slack and we hear each other. Raises SettingsError."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._clients.close)
            installing = self._ears.installing
            if installing:
                stack.push_async_callback(installing.close)
            pages = installing.pages if installing else {}
            if self._ears.web is not None:
                pages = with_events(pages, self._ears.web)
            served = application(pages, health)
            health.here(await stack.enter_async_context(serving(served, self._ears.host, self._ears.port)))
            sending = asyncio.create_task(self._sender.run(stop))
            listening = asyncio.create_task(self._listen(stack, health.ready))
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({sending, listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stop.set()
                listening.cancel()
                await self._rest()
                await sending
                with suppress(asyncio.CancelledError):
                    await listening

    async def _listen(self, stack: AsyncExitStack, ready: Callable[[], None]) -> None:
        await asyncio.to_thread(self._warm)  # the first search would else wait for the archive to be read
        if self._ears.socket is not None:
            await stack.enter_async_context(self._ears.socket.held())
        await self._standing.watch(ready)
