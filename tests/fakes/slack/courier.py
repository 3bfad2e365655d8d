"""Brings commands, interactions and events to the app, over HTTP or Socket Mode, and again where Slack would.

Events that are not acknowledged are brought again; commands and interactions are not, as their user is told that it
failed. What is not acknowledged with a 200 within 3 seconds is a violation, unless nobody was there to hear it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import aiohttp

from tests.fakes.slack.deliveries import IN_TIME, Attempt, Delivery, What, http_body, parsed, signed
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import Json, World

RETRIES: Final = (0.2, 0.5, 1.0)
"""Seconds before an event is brought again over HTTP; Slack's own figures are 0, 1 and 5 minutes."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an app in HTTP mode listens."""

    url: str
    secret: str


class Courier:
    """Everything here happens on the server's loop.

    Attributes:
        endpoint: where to POST to; None for Socket Mode.
        redeliver: seconds that an event waits on a socket for its acknowledgement before it is brought again.
        deliveries: all that was brought, in order.
    """

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.world = world
        self.sockets = sockets
        self.endpoint: Endpoint | None = None
        self.redeliver = IN_TIME
        self.retries = RETRIES
        self.deliveries: list[Delivery] = []
        self._http: aiohttp.ClientSession | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def bring(self, what: What, payload: Json) -> Delivery:
        """Bring it; returns when it is acknowledged or was given up. Retries of events go on beside."""
        delivery = Delivery(what, payload)
        self.deliveries.append(delivery)
        if not await self._attempt(delivery, 0) and what == "events_api":
            again = asyncio.create_task(self._again(delivery))
            self._under_way.add(again)
            again.add_done_callback(self._under_way.discard)
        return delivery

    async def repeat(self, delivery: Delivery) -> Delivery:
        """Bring the very same once more, as Slack does now and then: over HTTP to the byte, signature and all."""
        copy = Delivery(delivery.what, delivery.payload)
        self.deliveries.append(copy)
        if self.endpoint:
            before = delivery.attempts[0]
            await self.post(copy, before.body, before.headers)
        else:
            await self._attempt(copy, 0)
        return copy

    async def _again(self, delivery: Delivery) -> None:
        for retry, pause in enumerate(self.retries, 1):
            if self.endpoint:
                await asyncio.sleep(pause)
            if delivery.acknowledged is not None and not self.endpoint:
                return
            self.world.counts["redelivered"] += 1
            if await self._attempt(delivery, retry):
                return

    async def _attempt(self, delivery: Delivery, retry: int) -> bool:
        if self.endpoint is None:
            is_heard = self.sockets.connections > 0
            patience = self.redeliver if delivery.what == "events_api" else IN_TIME
            is_taken = await self.sockets.bring(delivery, retry, patience)
            if is_heard and not is_taken and patience >= IN_TIME:
                self.world.wrong(f"{delivery.name}: not acknowledged within {IN_TIME:g} s")
            return is_taken
        kind, body = http_body(delivery.what, delivery.payload)
        headers = {"Content-Type": kind, **signed(body, self.endpoint.secret, time.time())}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": _why(delivery.attempts[-1])}
        await self.post(delivery, body, headers)
        last = delivery.attempts[-1]
        if last.status not in {0, 200}:
            self.world.wrong(f"{delivery.name}: answered {last.status}")
        if last.seconds is not None and last.seconds > IN_TIME:
            self.world.wrong(f"{delivery.name}: acknowledged after {last.seconds:.1f} s")
        return last.seconds is not None and last.seconds <= IN_TIME

    async def post(self, delivery: Delivery, body: bytes, headers: dict[str, str]) -> None:
        """One POST, to the end of its answer; only a 200 is an acknowledgement."""
        assert self.endpoint is not None, "tell where the app listens: slack.http(url)"
        self._http = self._http or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        attempt = Attempt(time.time(), headers=headers, body=body)
        delivery.attempts.append(attempt)
        begun = time.monotonic()
        try:
            async with self._http.post(self.endpoint.url, data=body, headers=headers) as answer:
                attempt.status, attempt.answer = answer.status, parsed(await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            return
        if attempt.status == 200:
            attempt.seconds = time.monotonic() - begun

    async def close(self) -> None:
        """Bring nothing more."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._http:
            await self._http.close()


def _why(attempt: Attempt) -> str:
    return "http_error" if attempt.status not in {0, 200} else "http_timeout"
