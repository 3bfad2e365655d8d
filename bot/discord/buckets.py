"""How fast Discord may be asked, by what it said so far. Pure bookkeeping: time is passed in, and nobody waits here.

    the token's limit    50 requests a second, all routes and channels together
    buckets              so many left until a reset, as each answer's headers say, by route and channel
    in vain              answers of 401, 403 and 429, for 10,000 of which in ten minutes Discord bans the address

See https://discord.com/developers/docs/topics/rate-limits. Other processes with the same token, or at the same address,
are not seen from here: the outbox's paces bind those, and where they are not enough a 429 is obeyed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from bot.discord.errors import seconds
from papers.errors import RetryAfter

A_SECOND: Final = 50
"""Requests a second."""

TURN: Final = 1.01
"""Seconds that are taken for one, as two clocks differ a little."""

SOON: Final = 0.02
"""Seconds until it is looked again whether one of fifty that are on their way was answered."""

IN_VAIN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})

VAIN: Final = 1_000
"""Answers in vain within ten minutes after which nothing is asked for a while. Where all is well there are a few; ten
processes at one address can be as unlucky as that before it is banned."""

TEN_MINUTES: Final = 600.0

SAME: Final = 0.5
"""Seconds by which two answers may differ over when one and the same bucket is full again."""

MOST: Final = 2_000
"""Buckets that are remembered before those that are full again are forgotten."""


@dataclass(slots=True)
class _Bucket:
    left: int
    until: float


class Window:
    """At most so many in so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._times: deque[float] = deque(maxlen=most)
        self._seconds = seconds

    def wait(self, now: float) -> float:
        """Seconds until there may be another one; 0 or less: now."""
        full = len(self._times) == self._times.maxlen
        return self._times[0] + self._seconds - now if full else 0.0

    def add(self, now: float) -> None:
        """One more."""
        self._times.append(now)


class Turns:
    """At most fifty in any second at Discord's end, where each arrives at some time until it is answered."""

    def __init__(self) -> None:
        self._answered: deque[float] = deque()
        self._on_their_way = 0

    def wait(self, now: float) -> float:
        """Seconds until there may be another one; 0 or less: now."""
        while self._answered and now - self._answered[0] >= TURN:
            self._answered.popleft()
        if len(self._answered) + self._on_their_way < A_SECOND:
            return 0.0
        return self._answered[0] + TURN - now if self._answered else SOON

    def ask(self) -> None:
        """One more is on its way."""
        self._on_their_way += 1

    def over(self, now: float) -> None:
        """One was answered, or never will be."""
        self._on_their_way -= 1
        self._answered.append(now)


class Buckets:
    """The limits of one token. `now` is in seconds of a clock that only goes forward; `vain` as `VAIN`."""

    def __init__(self, vain: int = VAIN) -> None:
        self._turns = Turns()
        self._vain = Window(vain, TEN_MINUTES)
        self._shut = 0.0
        self._names: dict[str, str] = {}
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def is_breaking(self, now: float) -> bool:
        """Whether so much was asked in vain that nothing is asked any more."""
        return self._vain.wait(now) > 0

    def take(self, route: str, major: str, now: float) -> RetryAfter | None:
        """What keeps this from being asked now; None: nothing does, and it is on its way until `over`.

        `major` is the id of the channel or guild that Discord counts the route by, "" if it counts all together.
        """
        everywhere = max(self._vain.wait(now), self._shut - now, self._turns.wait(now))
        if everywhere > 0:
            return RetryAfter(everywhere, "platform")
        bucket = self._buckets.get(self._key(route, major))
        if bucket and bucket.until > now:
            if bucket.left <= 0:
                return RetryAfter(bucket.until - now, "channel")
            bucket.left -= 1
        self._turns.ask()
        return None

    def over(self, now: float) -> None:
        """What was taken was answered, or never will be."""
        self._turns.over(now)

    def heard(self, route: str, major: str, status: int, headers: Mapping[str, str], now: float) -> None:
        """Learn from an answer's headers."""
        if status in IN_VAIN and headers.get("X-RateLimit-Scope") != "shared":  # that limit is not ours alone
            self._vain.add(now)
        if "X-RateLimit-Bucket" in headers:
            self._names[route] = headers["X-RateLimit-Bucket"]
        left, reset = seconds(headers.get("X-RateLimit-Remaining")), seconds(headers.get("X-RateLimit-Reset-After"))
        if left is None or reset is None:
            return
        known = self._buckets.get(self._key(route, major))
        if known and now + reset - known.until < SAME:  # answers may come in another order than questions
            left = min(left, known.left)
        self._buckets[self._key(route, major)] = _Bucket(int(left), now + reset)
        self._tidy(now)

    def hold(self, route: str, major: str, wait: RetryAfter, now: float) -> None:
        """Learn from being asked to wait: nothing of that kind is asked again before."""
        if wait.scope == "platform":
            self._shut = max(self._shut, now + wait.seconds)
        else:
            self._buckets[self._key(route, major)] = _Bucket(0, now + wait.seconds)

    def _key(self, route: str, major: str) -> tuple[str, str]:
        return self._names.get(route, route), major

    def _tidy(self, now: float) -> None:
        if len(self._buckets) > MOST:
            self._buckets = {key: one for key, one in self._buckets.items() if one.until > now}
