"""Whether the loops of a process still go round. Each says so when it does; a probe asks which has been still too long.

A loop that waits, for work or for a server that is away, goes round all the same: only one that hangs is silent.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Beat = Callable[[], None]


def unwatched() -> None:
    """The beat of a loop that nobody asks about."""


class Pulse:
    """When each loop of this process went round last. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._allowed: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def expect(self, loop: str, seconds: float) -> Beat:
        """From now on this loop goes round within so many seconds, and calls what is returned when it does."""

        def beat() -> None:
            self._last[loop] = self._clock()

        self._allowed[loop] = seconds
        beat()
        return beat

    def ages(self) -> dict[str, float]:
        """Seconds since each loop went round."""
        now = self._clock()
        return {loop: now - last for loop, last in dict(self._last).items()}

    def hung(self) -> dict[str, float]:
        """The same of those that have been still for longer than they may."""
        return {loop: age for loop, age in self.ages().items() if age > self._allowed[loop]}
