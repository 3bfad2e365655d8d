"""Hosts that are asked politely: by one request at a time from all workers together, with a rest after each.

What rest a host gets is decided in `papers.courtesy`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from papers.courtesy import Courtesy
from papers.errors import SourceUnreachable
from papers.stores import keys
from papers.stores.server import Server

FORGOTTEN = 60.0
"""Seconds after which a turn that nobody ended is over: its worker died, for a fetch has a deadline of 20."""


class HostPace:
    """Every host's turn."""

    def __init__(self, server: Server, sleep: Callable[[float], None] = time.sleep) -> None:
        self._server = server
        self._sleep = sleep

    def take(self, courtesy: Courtesy, token: str) -> float:
        """Take the host's turn: 0.0, or the seconds after which to ask again. The token proves whose turn it is.

        Whoever got it calls `end` after the request, whatever came of it. A host that needs no rest needs no turn.
        """
        if not courtesy.rest:
            return 0.0
        arguments = [token, int(courtesy.rest * 1000), int(FORGOTTEN * 1000)]
        return int(self._server.run("take_turn", [keys.turn(courtesy.host)], arguments)) / 1000

    def end(self, courtesy: Courtesy, token: str) -> None:
        """End a turn: the host rests. Nothing happens if it had run out."""
        if courtesy.rest:
            self._server.run("end_turn", [keys.turn(courtesy.host)], [token, int(courtesy.rest * 1000)])

    @contextmanager
    def turn(self, courtesy: Courtesy, within: float) -> Iterator[None]:
        """The host's turn for as long as the block runs. Waits for it for at most `within` seconds.

        Raises SourceUnreachable if it did not come by then.
        """
        token = secrets.token_hex(8)
        left = within
        while wait := self.take(courtesy, token):
            if wait > left:
                raise SourceUnreachable(f"{courtesy.host} is being read by others at the moment")
            self._sleep(wait)
            left -= wait
        try:
            yield
        finally:
            self.end(courtesy, token)
