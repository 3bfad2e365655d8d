"""The crash test's platform as a `papers.ports.Poster`: what each way of failing says about the message's fate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2

from papers.errors import Rejected, RetryAfter, Unknown
from papers.model import Delivery, Paper, Receipt

NOT_REACHED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
"""Raised before a byte of the request is sent."""

AGAIN = 0.2
"""Seconds before a platform that was not reached is tried again."""


class ChatPoster:
    """Posts to `tests.chaos.chat`. `client` has its address as base URL."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Post. Raises RetryAfter if it certainly did not go out, Rejected if it never will, else Unknown."""
        message = {
            "channel": delivery.destination.channel,
            "delivery": delivery.id,
            "kind": delivery.kind,
            "papers": [item.paper for item in delivery.items],
            "text": "\n".join(papers[one.paper].title for one in delivery.items if one.paper in papers),
            "thread": thread,
        }
        answer = await self._ask("POST", json=message)
        if answer.is_success:
            return _receipt(answer)
        if answer.is_client_error:
            raise Rejected(answer.json()["error"], suspends=answer.status_code == httpx2.codes.FORBIDDEN)
        raise Unknown(f"answered {answer.status_code}")

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """The crash test's platform takes none: it counts messages, and what they look like is told by others."""
        del delivery, papers, message, thread
        raise Rejected("nothing can be changed here")

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """Look into the channel's history."""
        del thread  # the history has replies too
        where = {"channel": delivery.destination.channel, "delivery": delivery.id}
        answer = await self._ask("GET", params=where)
        if answer.status_code == httpx2.codes.NOT_FOUND:
            return None
        if answer.is_success:
            return _receipt(answer)
        raise Unknown(f"answered {answer.status_code}")

    async def _ask(
        self, method: str, *, json: Mapping[str, object] | None = None, params: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        try:
            answer = await self._client.request(method, "/messages", json=json, params=params)
        except NOT_REACHED as error:
            raise RetryAfter(AGAIN) from error
        except httpx2.TransportError as error:
            raise Unknown(f"no answer: {error!r}") from error
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise RetryAfter(float(answer.headers["retry-after"]))
        return answer


def _receipt(answer: httpx2.Response) -> Receipt:
    return Receipt(answer.json()["id"], datetime.now(UTC))
