"""How much may be asked for in a while: an allowance for each scope (a user, a workspace) that comes back by and by."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex

from papers.stores import keys
from papers.stores.server import Server


class Quota:
    """Every scope's allowance."""

    def __init__(self, server: Server, sleep: Callable[[float], None] = time.sleep) -> None:
        self._server = server
        self._sleep = sleep

    def spend(self, scope: str, limit: int, window: float) -> float:
        """Take one of the `limit` that a scope has in `window` seconds: 0.0, or the seconds until one is left.

        All of them may be taken at once; each comes back after `window / limit` seconds.
        """
        arguments = [window * 1000 / limit, limit, token_hex()]
        return int(self._server.run("spend", [keys.quota(scope)], arguments)) / 1000

    @contextmanager
    def paced(self, scope: str, gap: float) -> Iterator[None]:
        """Wait until `gap` seconds have passed since the last one, of anybody's, began. A gap of 0 is none."""
        while gap and (wait := self.spend(scope, 1, gap)):
            self._sleep(wait)
        yield
