"""Values that are made once, however many ask for them, and kept for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Fresh(Generic[K, V]):
    """Keeps at most `most` values, each for `seconds` of `clock`. What fails to be made is not kept."""

    def __init__(self, seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[K, tuple[float, asyncio.Future[V]]] = OrderedDict()

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """The value of `key`: the one kept, the one being made, or a new one."""
        until, value = self._kept.get(key, (0.0, None))
        if value is None or self._clock() >= until or _failed(value):
            value = asyncio.ensure_future(make())
            self._kept[key] = (self._clock() + self._seconds, value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return await asyncio.shield(value)  # whoever asks and goes away does not take it from the others


def _failed(value: asyncio.Future[V]) -> bool:
    return value.done() and (value.cancelled() or value.exception() is not None)
