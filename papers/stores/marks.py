"""Small things to remember between two starts, by name: a digest of what somebody was told last."""

from __future__ import annotations

from papers.stores import keys
from papers.stores.server import Server


class Marks:
    """Every mark."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def get(self, name: str) -> str | None:
        """What was remembered, or None."""
        mark: str | None = self._server.call("GET", keys.mark(name))
        return mark

    def put(self, name: str, mark: str) -> None:
        """Remember it."""
        self._server.call("SET", keys.mark(name), mark)
