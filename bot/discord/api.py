"""The one way in which posting asks Discord's HTTP API: a token, an address, time limits, and every limit obeyed.

Not discord.py's HTTPClient, which serves a bot that talks, but not an outbox that must know what became of a post.
Read and measured in 2.7.1:

* It returns an answer only when the bucket that the request emptied is full again: five seconds after the message was
  taken, or five minutes for a thread. Whoever is killed or gives up meanwhile does not know that it was taken.
* It sleeps through a 429 however long that is, or from 30 seconds on (its least) raises; a post gives up before that,
  and the channel's lease with it. Given up while it sleeps through a global 429, it never asks anything again: the
  event that the sleep would have set is not set.
* It repeats 500, 502, 504 and 524 five times, whatever was asked. With a nonce that is well for minutes; a forum's post
  has none, and is made again.
* Its limits die with the process and bind no other; its address is one attribute of a class for the whole process.

Nothing is tried again here (but a GET by aiohttp, once, where the connection is closed instead of an answer). A wait
that is short is waited for; a longer one is raised, and is the outbox's to keep.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import structlog

from bot import abrupt
from bot.discord.buckets import Buckets
from bot.discord.errors import Refused, Unaccepted, meaning, no
from bot.reach import AGAIN, NOT_REACHED
from papers import metrics
from papers.errors import RetryAfter, Unknown

REQUEST: Final = 20.0
"""Seconds for one request: shorter than a post may take, so that what became of it is told from here."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=REQUEST, sock_connect=5.0)

PATIENCE: Final = 6.0
"""Seconds that a request waits for its bucket: most are full again within five."""

AGENT: Final = "DiscordBot (Paperboy, 1)"
"""What a bot must call itself (https://discord.com/developers/docs/reference#user-agent)."""

log = structlog.get_logger(platform="discord")


class Api:
    """Discord's HTTP API with one bot's token; `base_url` as DISCORD_API_BASE_URL has it.

    Its connections are opened with the first request, in the event loop that asks. `buckets`: what is known of the
    token's limits, nothing yet if not given.
    """

    def __init__(self, token: str, base_url: str, buckets: Buckets | None = None) -> None:
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": AGENT}
        self._base = base_url.rstrip("/")
        self._buckets = buckets or Buckets()
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        method: str,
        path: str,
        where: Mapping[str, str],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON that Discord answers. `path` has names in braces, which `where` fills in.

        Raises RetryAfter if it was certainly not done, Refused if it never will be, else Unknown.
        """
        route, major = f"{method} {path}", where.get("channel") or where.get("guild") or ""
        await self._turn(route, major)
        url = self._base + path.format(**{name: quote(one, safe="") for name, one in where.items()})
        try:
            status, headers, answer = await self._answer(method, url, body, query)
        finally:
            self._buckets.over(time.monotonic())
        self._buckets.heard(route, major, status, headers, time.monotonic())
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and answer is not None:
            return answer
        error = meaning(no(status, headers, answer))
        if isinstance(error, RetryAfter):
            self._buckets.hold(route, major, error, time.monotonic())
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                metrics.rate_limited("discord", error.seconds)
            log.warning("discord asks to wait", route=route, status=status, seconds=error.seconds, scope=error.scope)
            if isinstance(error, Unaccepted):
                log.error("discord does not accept DISCORD_BOT_TOKEN")
        elif isinstance(error, Refused):
            log.info("discord refuses", route=route, status=status, code=error.code, hints=error.no.hints)
        raise error

    async def close(self) -> None:
        """Close the connections; whoever asks later opens new ones."""
        if self._session is not None:
            await self._session.close()

    async def _turn(self, route: str, major: str) -> None:
        """Wait until this may be asked. Raises RetryAfter if that is too long."""
        until = time.monotonic() + PATIENCE
        while wait := self._buckets.take(route, major, now := time.monotonic()):
            if self._buckets.is_breaking(now):
                log.error("discord was asked in vain too often", silent_for=wait.seconds)
            if now + wait.seconds > until:
                raise wait
            await asyncio.sleep(wait.seconds)

    async def _answer(
        self, method: str, url: str, body: Mapping[str, Any] | None, query: Mapping[str, str] | None
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers, and the body as JSON, None if it is not. Redirects are answers too."""
        try:
            async with self._open().request(method, url, json=body, params=query, allow_redirects=False) as response:
                return response.status, response.headers, _json(await response.read())
        except NOT_REACHED as error:
            log.warning("discord is out of reach", error=str(error))
            raise RetryAfter(AGAIN, "platform") from error
        except (aiohttp.ClientError, OSError) as error:
            # not its repr, which may have the token in it
            raise Unknown(f"no answer: {type(error).__name__}: {error}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # the sender limits how much is asked at once
            connector = aiohttp.TCPConnector(limit=0, socket_factory=abrupt.sockets(REQUEST))
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=TIMEOUT,
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=True,  # HTTPS_PROXY and NO_PROXY
            )
        return self._session


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:  # a proxy's page, or broken off
        return None
