"""How fast an app may be: buckets, the global limit, the weather's own, and the ban for asking in vain too often.

See https://discord.com/developers/docs/topics/rate-limits. `now` is passed in, in seconds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final

from tests.fakes.discord.calls import Route
from tests.fakes.weather import EARLY, Weather

GLOBAL: Final = 50
"""Calls a second, of those with the bot's token."""

IN_VAIN: Final = frozenset({401, 403, 429})
WINDOW: Final = 600.0
"""Seconds within which answers with those statuses are counted."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a call cost. `wait`: seconds that it came too early, or 0; `scope`: of whose limit."""

    limit: int
    remaining: int
    reset_after: float
    bucket: str
    wait: float = 0.0
    scope: str = "user"

    def headers(self, now: float) -> dict[str, str]:
        """As Discord sends it."""
        if self.scope == "global":
            said = {"X-RateLimit-Global": "true"}
        else:
            said = {
                "X-RateLimit-Limit": str(self.limit),
                "X-RateLimit-Remaining": str(self.remaining),
                "X-RateLimit-Reset": f"{now + self.reset_after:.3f}",
                "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
                "X-RateLimit-Bucket": self.bucket,
            }
        return said | ({"Retry-After": f"{self.wait:.3f}", "X-RateLimit-Scope": self.scope} if self.wait else {})


class Pace:
    """Counts calls.

    Attributes:
        is_on: whether buckets and the global limit hold.
        limits: other figures than the routes' own, by route.
        ban_after: so many answers in vain within ten minutes get the address banned; None: never. Discord's is 10,000.
    """

    def __init__(self) -> None:
        self.is_on = True
        self.limits: dict[str, tuple[int, float]] = {}
        self.ban_after: int | None = None
        self.in_vain: deque[float] = deque()
        self._buckets: dict[tuple[str, str], tuple[float, int]] = {}
        self._global: deque[float] = deque()
        self._next: dict[str, float] = defaultdict(float)
        self._posts: deque[float] = deque()

    def toll(self, route: Route, major: str, now: float) -> Toll:
        """Take a call into account. `major` is the channel, guild or webhook that the bucket is of."""
        limit, seconds = self.limits.get(route.name, route.limit)
        bucket = hashlib.sha256(route.name.encode()).hexdigest()[:16]
        if self.is_on and route.needs_token and (wait := _among(self._global, GLOBAL, 1.0, now)):
            return Toll(limit, 0, wait, bucket, wait, "global")
        ends, used = self._buckets.get((route.name, major), (0.0, 0))
        if now >= ends:
            ends, used = now + seconds, 0
        if self.is_on and used >= limit:
            return Toll(limit, 0, ends - now, bucket, max(ends - now, 0.001))
        self._buckets[route.name, major] = (ends, used + 1)
        return Toll(limit, max(limit - used - 1, 0), ends - now, bucket)

    def post(self, weather: Weather, channel: str, now: float) -> float:
        """Seconds that a message comes too early by the weather, or 0."""
        wait = self._next[channel] - EARLY - now if weather.per_channel else 0.0
        if wait <= 0 and weather.per_second:
            wait = int(now) + 1 - now if _among(self._posts, weather.per_second, now - int(now), now) else 0.0
        if wait <= 0:
            self._next[channel] = max(self._next[channel], now) + weather.per_channel
        return max(wait, 0.0)

    def answered(self, status: int, scope: str, now: float) -> None:
        """Count an answer, if it was in vain; a limit that is shared with others is not the app's fault."""
        if status in IN_VAIN and scope != "shared":
            self.in_vain.append(now)

    def is_banned(self, now: float) -> bool:
        """Whether it asked in vain too often of late."""
        while self.in_vain and self.in_vain[0] <= now - WINDOW:
            self.in_vain.popleft()
        return self.ban_after is not None and len(self.in_vain) > self.ban_after


def _among(recent: deque[float], most: int, seconds: float, now: float) -> float:
    """0, if fewer than `most` came within these seconds, and this one is counted; else seconds to wait."""
    while recent and recent[0] <= now - seconds:
        recent.popleft()
    if len(recent) >= most:
        return max(recent[0] + seconds - now, 0.001)
    recent.append(now)
    return 0.0
