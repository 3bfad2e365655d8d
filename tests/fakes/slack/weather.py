"""How this Slack misbehaves: by shares of what is asked (`Weather`), or as a test scripts it (`Faults.fail`).

A fault is what happens and when it does, seen from the call's taking effect: "hang up before", "500 after",
"fatal_error after" … Without a when it is before. What can happen: "hang up", a status ("500", "503"), "429", "slow",
or the name of any error that Slack answers with.
"""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MESSAGES: Final = frozenset({"chat.postMessage", "conversations.history", "conversations.replies"})
"""The methods that weather strikes: posts, and look-ups of what may have been posted."""

EARLY: Final = 0.25
"""Seconds before its time that a post is let through, as Slack lets short bursts through; the next must be later."""


@dataclass(frozen=True)
class Weather:
    """How the platform behaves to posts and look-ups. The words are those of the crash test's chat.

    Attributes:
        faults: how often each happens, 0 … 1; together at most 1.
        slow: seconds that a slow answer takes; the message is taken at their beginning.
        retry_after: seconds that a 429 out of the blue asks for.
        per_channel: seconds that must lie between two messages to a channel on the whole; Slack's figure is 1.
        per_second: messages that may come to a workspace within one second of Slack's clock; 0 is any number.
        per_minute: calls of conversations.history and .replies, each with at most 15 objects, that may come within a
            minute; 0 is any number. Slack's figure is 1 for new commercially distributed apps outside its Marketplace
            (https://docs.slack.dev/apis/web-api/rate-limits).
        closed: channels that answer is_archived.
        poison: a text that contains it is answered invalid_blocks.
    """

    faults: Mapping[str, float] = field(default_factory=dict)
    slow: float = 2.0
    retry_after: float = 0.2
    per_channel: float = 0.0
    per_second: int = 0
    per_minute: int = 0
    closed: tuple[str, ...] = ()
    poison: str = ""


GOOD: Final = Weather()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing going wrong. `after`: when the call has taken effect; `seconds`: of a slow answer or of a 429."""

    what: str
    after: bool = False
    seconds: float = 0.0

    @property
    def status(self) -> int:
        """The HTTP status that it is, or 0."""
        return int(self.what) if self.what.isdigit() else 0


def fault(kind: str, seconds: float) -> Fault:
    """A fault, as it is spelt."""
    what, _, when = kind.rpartition(" ")
    return Fault(what, when == "after", seconds) if when in {"before", "after"} else Fault(kind, False, seconds)


@dataclass(slots=True)
class _Scripted:
    kind: str
    times: int | None
    share: float
    seconds: float
    channel: str | None


class Faults:
    """What goes wrong with which call."""

    def __init__(self) -> None:
        self.weather = GOOD
        self._scripted: dict[str, list[_Scripted]] = defaultdict(list)
        self._dice = random.Random(1)  # noqa: S311 - the weather, not a secret

    def fail(
        self, method: str, kind: str, *, times: int | None, share: float, seconds: float, channel: str | None
    ) -> None:
        """The next `times` calls (None: all until `heal`), or a share of them, go wrong."""
        self._scripted[method].append(_Scripted(kind, times, share, seconds, channel))

    def heal(self) -> None:
        """No faults, and good weather."""
        self._scripted.clear()
        self.weather = GOOD

    def next(self, method: str, channel: str) -> Fault | None:
        """What goes wrong with this call."""
        for one in self._scripted[method]:
            if one.times != 0 and one.channel in {None, channel} and self._dice.random() < one.share:
                one.times = None if one.times is None else one.times - 1
                return fault(one.kind, one.seconds)
        if method not in MESSAGES:
            return None
        throw = self._dice.random()
        for kind, share in self.weather.faults.items():
            throw -= share
            if throw < 0:
                return fault(kind, self.weather.retry_after if kind == "429" else self.weather.slow)
        return None


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
