"""Lines that are too long for a button, under the token that it carries; and what a user asked for lately."""

from __future__ import annotations

from hashlib import sha256

from papers.model import Asker
from papers.stores import keys
from papers.stores.server import Server

KEPT = 90 * 24 * 60 * 60
"""Seconds that a slip is kept: as long as a delivery is remembered."""

TOKEN = 20
"""Hex digits: 80 bits, so that no two lines have one token."""

LATELY = 10
"""Lines of a user that are remembered."""


class SlipStore:
    """Every slip. The same line has the same token, so pressing a button again and again stores nothing new."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, line: str) -> str:
        """Keep a line; its token."""
        token = sha256(line.encode()).hexdigest()[:TOKEN]
        self._server.call("SET", keys.slip(token), line, "EX", KEPT)
        return token

    def get(self, token: str) -> str | None:
        """The line, or None if it was kept too long ago."""
        line: str | None = self._server.call("GET", keys.slip(token))
        return line


class RecentStore:
    """What each user asked for lately, where they asked."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def add(self, asker: Asker, line: str) -> None:
        """Remember a line, as the latest."""
        key = keys.recent(asker.destination, asker.user)
        self._server.together(
            [["LREM", key, 0, line], ["LPUSH", key, line], ["LTRIM", key, 0, LATELY - 1], ["EXPIRE", key, KEPT]]
        )

    def all(self, asker: Asker) -> list[str]:
        """The last ten, latest first."""
        return list(self._server.call("LRANGE", keys.recent(asker.destination, asker.user), 0, -1))
