"""Whether this process is connected to the platforms that it has to hear from; and why not, where it is not.

    expect ──► not connected yet ──► up ◄──► down, for a reason

A connection that breaks off is routine (Discord asks for a new one every few hours), so nothing here does anything
about it: a library makes it anew. Only what a role says of itself depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from papers.model import Platform

log = structlog.get_logger()


class Connection:
    """To one platform. `clock` counts seconds."""

    def __init__(self, platform: Platform, clock: Callable[[], float]) -> None:
        self._platform = platform
        self._clock = clock
        self._lost: float | None = None
        self.trouble = f"not connected to {platform.capitalize()} yet"

    def up(self) -> None:
        """It stands. Said of one that did already, it changes nothing."""
        self.trouble = ""
        if self._lost is not None:
            log.info("connected again", platform=self._platform, after=round(self._clock() - self._lost, 1))
            self._lost = None

    def down(self, why: str) -> None:
        """It does not. Said again, it changes the reason."""
        if not self.trouble:
            self._lost = self._clock()
            log.info("connection lost", platform=self._platform, reason=why)
        self.trouble = why


class Connections:
    """Those of a process, read by any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._expected: dict[Platform, Connection] = {}

    def expect(self, platform: Platform) -> Connection:
        """From now on this process needs a connection to the platform, and has none yet."""
        return self._expected.setdefault(platform, Connection(platform, self._clock))

    def troubles(self) -> dict[Platform, str]:
        """Of each platform, why there is no connection to it; "" where there is."""
        return {platform: one.trouble for platform, one in dict(self._expected).items()}
