"""Answers that are not Slack's, from a proxy or a Slack in trouble: none of them says what became of a post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from bot.slack.poster import SlackPoster
from bot.slack.tokens import OneWorkspace
from papers.errors import DeliveryError, RetryAfter, Unknown
from tests.conftest import NOW
from tests.integration.strangers import HTML, JSON, TEXT, answered
from tests.integration.test_slack_poster import FIRST, ONE

T = TypeVar("T")
KNOWN = b'{"ok": true, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}'


def told(status: str, kind: str, body: bytes, ask: Callable[[SlackPoster], Awaitable[T]]) -> T:
    """What a poster makes of a server that knows its token, and says this to everything else."""

    def says(head: str) -> tuple[str, str, bytes]:
        return ("200 OK", JSON, KNOWN) if "/auth.test" in head else (status, kind, body)

    async def go(address: str) -> T:
        clients = OneWorkspace("xoxb-1", f"{address}/api/")
        try:
            return await ask(SlackPoster(clients, lambda: NOW))
        finally:
            await clients.close()

    return answered(says, go)


STRANGE = [
    ("200 OK", HTML, b"<html>Please log in to the hotel's network</html>"),
    ("200 OK", JSON, b'{"ok": true, "ts": "17'),
    ("200 OK", JSON, b"[]"),
    ("200 OK", JSON, b"null"),
    ("200 OK", JSON, b'{"ok": true}'),
    ("200 OK", JSON, b'{"ok": true, "ts": "soon", "messages": [{}], "has_more": true}'),
    ("200 OK", TEXT, b"ok"),
    ("200 OK", "application/gzip", b"\x1f\x8b"),
    ("403 Forbidden", HTML, b"<html>blocked</html>"),
    ("404 Not Found", TEXT, b"nothing here"),
    ("502 Bad Gateway", HTML, b"<html>"),
    ("503 Service Unavailable", JSON, b"{"),
]


@pytest.mark.parametrize(("status", "kind", "body"), STRANGE, ids=[f"{one[0]} {one[2]!r}" for one in STRANGE])
def test_a_strange_answer_says_neither_that_it_was_posted_nor_that_it_was_not(
    status: str, kind: str, body: bytes
) -> None:
    with pytest.raises(Unknown):
        told(status, kind, body, lambda poster: poster.post(FIRST, {ONE.id: ONE}, None))
    with pytest.raises(Unknown):
        told(status, kind, body, lambda poster: poster.find(FIRST, None))


@pytest.mark.parametrize(("kind", "body"), [(HTML, b"<html>slow down</html>"), (JSON, b"{"), (TEXT, b"")])
def test_a_429_that_is_not_slacks_json_is_one_all_the_same(kind: str, body: bytes) -> None:
    with pytest.raises(DeliveryError) as caught:
        told("429 Too Many Requests", kind, body, lambda poster: poster.post(FIRST, {ONE.id: ONE}, None))
    assert isinstance(caught.value, RetryAfter)
