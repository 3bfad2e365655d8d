"""How a strict platform misbehaves: by shares of what is asked (`Weather`), or as a test scripts it (`Faults.fail`).

A fault is what happens and when it does, seen from the call's taking effect: "hang up before", "500 after" … Without a
when it is before. What can happen: "hang up", a status ("500", "503"), "429", "slow", or an error of the platform's
own, which its `weather` tells.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

EARLY: Final = 0.25
"""Seconds before its time that a post is let through, as platforms let short bursts through; the next must be later."""


@dataclass(frozen=True)
class Weather:
    """How a platform behaves to posts and look-ups. The words are those of the crash test's chat.

    Attributes:
        faults: how often each happens, 0 … 1; together at most 1.
        slow: seconds that a slow answer takes; the message is taken at their beginning.
        retry_after: seconds that a 429 out of the blue asks for.
        per_channel: seconds that must lie between two messages to a channel on the whole.
        per_second: messages that may come within one second of the platform's clock; 0 is any number.
        closed: channels that nothing may be posted to.
        poison: a message that contains it is refused for its looks.
    """

    faults: Mapping[str, float] = field(default_factory=dict)
    slow: float = 2.0
    retry_after: float = 0.2
    per_channel: float = 0.0
    per_second: int = 0
    closed: tuple[str, ...] = ()
    poison: str = ""


W = TypeVar("W", bound=Weather)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing going wrong. `after`: when the call has taken effect; `seconds`: of a slow answer or of a 429."""

    what: str
    after: bool = False
    seconds: float = 0.0

    @property
    def number(self) -> int:
        """The HTTP status, or the platform's code, that it is; 0 for what is no number."""
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


class Faults(Generic[W]):
    """What goes wrong with which call. Weather strikes only `messages`: posts, and look-ups of what may be posted."""

    def __init__(self, good: W, messages: frozenset[str]) -> None:
        self.weather = good
        self._good = good
        self._messages = messages
        self._scripted: dict[str, list[_Scripted]] = defaultdict(list)
        self._dice = random.Random(1)  # noqa: S311 - the weather, not a secret

    def fail(
        self, call: str, kind: str, *, times: int | None, share: float, seconds: float, channel: str | None
    ) -> None:
        """The next `times` calls (None: all until `heal`), or a share of them, go wrong."""
        self._scripted[call].append(_Scripted(kind, times, share, seconds, channel))

    def heal(self) -> None:
        """No faults, and good weather."""
        self._scripted.clear()
        self.weather = self._good

    def next(self, call: str, channel: str) -> Fault | None:
        """What goes wrong with this call."""
        for one in self._scripted[call]:
            if one.times != 0 and one.channel in {None, channel} and self._dice.random() < one.share:
                one.times = None if one.times is None else one.times - 1
                return fault(one.kind, one.seconds)
        if call not in self._messages:
            return None
        throw = self._dice.random()
        for kind, share in self.weather.faults.items():
            throw -= share
            if throw < 0:
                return fault(kind, self.weather.retry_after if kind == "429" else self.weather.slow)
        return None
