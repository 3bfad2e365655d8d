"""How often a client may ask for what is not there. A secret cannot be guessed; this keeps trying cheap for us."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

ALLOWED: Final = 20
"""Misses that a client has at once."""

EVERY: Final = 3.0
"""Seconds after which one comes back."""

REMEMBERED: Final = 10_000
"""Clients; whoever was not heard of longest is forgotten first."""


class Guesses:
    """Every client's misses, in this process. `clock` counts seconds, from anywhere."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._used_up_to: OrderedDict[str, float] = OrderedDict()

    def wait(self, client: str) -> int:
        """Whole seconds until the client may ask again; 0 for now."""
        ahead = self._used_up_to.get(client, 0.0) - self._clock()
        return max(0, ceil(ahead - (ALLOWED - 1) * EVERY))

    def missed(self, client: str) -> None:
        """Count a miss."""
        now = self._clock()
        self._used_up_to[client] = max(self._used_up_to.pop(client, now), now) + EVERY
        if len(self._used_up_to) > REMEMBERED:
            self._used_up_to.popitem(last=False)
