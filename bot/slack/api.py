"""Clients of Slack's Web API: where their requests go, how long they wait, and that nothing of them is logged."""

from __future__ import annotations

import logging
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import abrupt

TIMEOUT: Final = 20
"""Seconds for one request: shorter than a post may take, so that what became of it is told by Slack and not by us."""

WRONG_TOKEN: Final = frozenset(
    {"invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "token_expired", "account_inactive"}
)
"""What Slack says of a token that will not work again (https://docs.slack.dev/reference/methods/auth.test)."""


class Api:
    """Clients over one pool of connections; it is opened with the first one, in the event loop that uses it.

    They never try again by themselves: whether a post may be sent twice is decided elsewhere.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client with that token, or for calls that need none. Call it in the event loop."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(socket_factory=abrupt.sockets(TIMEOUT))
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        return AsyncWebClient(
            token=token,
            base_url=self._base_url,
            timeout=TIMEOUT,
            session=self._session,
            retry_handlers=[],
            logger=silent(),
        )

    async def close(self) -> None:
        """Close the connections; a client that is asked for later opens new ones."""
        if self._session is not None:
            await self._session.close()


def silent() -> logging.Logger:
    """A logger that keeps nothing.

    The SDK writes each request and answer down at debug level, with tokens and client secrets in them, and codes of
    installations at warning level. What goes wrong reaches us as an exception anyway.
    """
    return logging.Logger("slack", level=logging.CRITICAL + 1)  # noqa: LOG001 - one that no handler belongs to


def error_code(error: SlackApiError) -> str:
    """Slack's name for what is wrong; the HTTP status where the answer was not Slack's JSON."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", "")
    return str(code or f"HTTP {status}")
