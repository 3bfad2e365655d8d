"""How this Slack misbehaves, as `tests.fakes.weather` tells, and how fast it lets an app be.

A fault can also be the name of any error that Slack answers with ("fatal_error after"). Closed channels answer
is_archived; a message whose text or blocks contain the poison is answered invalid_blocks.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final

from tests.fakes import weather
from tests.fakes.weather import EARLY

MESSAGES: Final = frozenset({"chat.postMessage", "conversations.history", "conversations.replies"})
"""The methods that weather strikes: posts, and look-ups of what may have been posted."""


@dataclass(frozen=True)
class Weather(weather.Weather):
    """How Slack behaves to posts and look-ups: `per_channel` is 1 in Slack's figures, `per_second` a workspace's.

    Attributes:
        per_minute: calls of conversations.history and .replies, each with at most 15 objects, that may come within a
            minute; 0 is any number. Slack's figure is 1 for new commercially distributed apps outside its Marketplace
            (https://docs.slack.dev/apis/web-api/rate-limits).
    """

    per_minute: int = 0


class Pace:
    """How fast an app may be."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, str], float] = defaultdict(float)
        self._recent: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def post(self, weather: Weather, workspace: str, channel: str, now: float) -> float:
        """Seconds that this message comes too early, or 0."""
        key = (workspace, channel)
        wait = self._next[key] - EARLY - now if weather.per_channel else 0.0
        if wait <= 0 and weather.per_second:
            wait = self._among((workspace, "posts"), weather.per_second, int(now) + 1 - now, int(now), now)
        if wait <= 0:
            self._next[key] = max(self._next[key], now) + weather.per_channel
        return max(wait, 0.0)

    def look(self, weather: Weather, workspace: str, method: str, now: float) -> float:
        """Seconds that this look comes too early, or 0."""
        recent = self._recent[workspace, method]
        wait = recent[0] + 60 - now if len(recent) >= weather.per_minute > 0 else 0.0
        return self._among((workspace, method), weather.per_minute, wait, now - 60, now) if weather.per_minute else 0.0

    def _among(self, key: tuple[str, str], most: int, wait: float, since: float, now: float) -> float:
        """0, if fewer than `most` came since then, and this one is counted; else `wait`."""
        recent = self._recent[key]
        while recent and recent[0] <= since:
            recent.popleft()
        if len(recent) >= most:
            return wait
        recent.append(now)
        return 0.0
