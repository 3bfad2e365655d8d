"""Things that may happen once, across all processes: an event is handled, a request accepted, a token redeemed."""

from __future__ import annotations

import secrets

from papers.stores import keys
from papers.stores.server import Server


class Once:
    """Marks in Redis that go away by themselves."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def first(self, kind: str, name: str, seconds: int) -> bool:
        """Whether nobody else asked this of that name within the last `seconds` (1 or more).

        A call whose answer was lost is sent again by the connection, and must not take itself for somebody else: so
        each call leaves a mark of its own, and looks whose stands there.
        """
        key, mine = keys.once(kind, name), secrets.token_hex(8)
        _, mark = self._server.together([["SET", key, mine, "NX", "EX", seconds], ["GET", key]])
        return bool(mark == mine)

    def issue(self, kind: str, seconds: int) -> str:
        """A token that can be redeemed once, within so many seconds: 256 random bits, safe in a URL."""
        token = secrets.token_urlsafe(32)
        self._server.call("SET", keys.issued(kind, token), 1, "EX", seconds)
        return token

    def redeem(self, kind: str, token: str) -> bool:
        """Whether this token was issued, had not run out, and was not redeemed before.

        Where the answer to the first try was lost, the second is told that it was redeemed: the safer of two errors.
        """
        return self._server.call("GETDEL", keys.issued(kind, token)) is not None
