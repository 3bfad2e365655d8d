"""A thread beside a role that talks to the server for its metrics, so that no scrape ever waits for it.

Every few seconds: does the server answer, we are still here, and, where the role tells of it, how much there is of
everything.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import structlog

from papers.errors import StoreError
from papers.settings import Settings
from papers.stores.census import Census, CensusStore
from papers.stores.presence import EVERY, GONE_AFTER, Presence, PresenceStore
from papers.stores.server import Server
from papers.wiring import clock

log = structlog.get_logger()


class Watch:
    """What is known of the server. `census` is None where this role does not count, or could not lately."""

    def __init__(self, server: Server, counting: CensusStore | None) -> None:
        self._server = server
        self._presences = PresenceStore(server)
        self._counting = counting
        self._here: Presence | None = None
        self._end = threading.Event()
        self._last = 0.0
        self.ping = 0.0
        self.census: Census | None = None

    @property
    def answers(self) -> bool:
        """Whether the server answered lately."""
        return time.monotonic() - self._last < GONE_AFTER if self._last else False

    def begin(self, role: str, settings: Settings, port: int, version: str, shard: int) -> None:
        """Say that this process is there, and go on saying it."""
        self._here = Presence(
            role=role,
            host=socket.gethostname(),
            pid=os.getpid(),
            parent=os.getppid(),
            port=port,
            version=version,
            since=clock(),
            shard=shard,
            shards=settings.paperboy_shards,
            model=settings.embedding_model,
        )
        threading.Thread(target=self._run, args=(self._here,), name="watch", daemon=True).start()

    def end(self) -> None:
        """Say that it is not there any more."""
        self._end.set()
        if self._here is not None:
            with suppress(StoreError):  # then it is forgotten in half a minute
                self._presences.leave(self._here)

    def _run(self, here: Presence) -> None:
        while not self._end.is_set():
            try:
                self.look(here)
            except StoreError:  # whoever works here says so; this is told by paperboy_server_up
                self._last, self.census = 0.0, None
            except Exception:
                self.census = None
                log.exception("nothing could be counted")
            self._end.wait(EVERY)

    def look(self, here: Presence) -> None:
        """Once. Raises StoreError."""
        began = time.monotonic()
        self._server.call("PING")
        self._last = time.monotonic()
        self.ping = self._last - began
        if not self._end.is_set():
            self._presences.announce(here)
        if self._counting is not None:
            roles = Counter(one.role for one in self._presences.all())
            self.census = replace(self._counting.take(clock()), roles=dict(roles))
