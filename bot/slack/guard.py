"""What comes twice is done once: replayed requests, and events and presses that Slack delivers again.

Bolt has verified the signature and its five minutes before any of this runs
(https://docs.slack.dev/authentication/verifying-requests-from-slack); within them the same request could be sent again
by whoever saw it, and Slack itself repeats what it thinks was not acknowledged
(https://docs.slack.dev/apis/events-api#retries).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from papers.errors import StoreError
from papers.stores.once import Once

SIGNED_FOR: Final = 600
"""Seconds that a signature is remembered: twice the window in which Slack's is valid."""

REPEATED_FOR: Final = 3_900
"""Seconds that an event is remembered: Slack repeats it after an hour for the last time."""

Next = Callable[[], Awaitable[BoltResponse]]

log = structlog.get_logger(platform="slack")


class Guard:
    """A Bolt middleware."""

    def __init__(self, once: Once) -> None:
        self._once = once

    async def __call__(self, req: AsyncBoltRequest, body: dict[str, Any], next_: Next) -> BoltResponse:
        """Pass on what comes for the first time."""
        signature = req.headers.get("x-slack-signature", [""])[0]
        name, event = body.get("event_id") or body.get("trigger_id"), "event_id" in body
        try:
            if signature and not await self._first("signature", signature, SIGNED_FOR):
                log.warning("a request was replayed")
                return BoltResponse(status=HTTPStatus.UNAUTHORIZED, body="replayed")
            if name and not await self._first("event", str(name), REPEATED_FOR):
                return BoltResponse(status=HTTPStatus.OK)
        except StoreError:
            if event:  # Slack brings it again
                raise
        return await next_()  # Slack brings no press again: whoever pressed is told what is wrong

    async def _first(self, kind: str, name: str, seconds: int) -> bool:
        return await asyncio.to_thread(self._once.first, f"slack:{kind}", name, seconds)
