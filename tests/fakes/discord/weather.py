"""How this Discord misbehaves: by shares of what is asked (`Weather`), or as a test scripts it (`Faults.fail`).

A fault is what happens and when it does, seen from the call's taking effect: "hang up before", "500 after" … Without a
when it is before. What can happen: "hang up", a status ("500", "502", "503"), "429", "slow", or any of `calls.ERRORS`'
codes ("50001").
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MESSAGES: Final = frozenset(
    {"create_message", "list_messages", "get_message", "create_thread", "create_thread_from_message"}
)
"""The routes that weather strikes: posts, and look-ups of what may have been posted."""

EARLY: Final = 0.25
"""Seconds before its time that a message is let through; the next must be later."""


@dataclass(frozen=True)
class Weather:
    """How the platform behaves to posts and look-ups. The words are those of the crash test's chat.

    Attributes:
        faults: how often each happens, 0 … 1; together at most 1.
        slow: seconds that a slow answer takes; the message is taken at their beginning.
        retry_after: seconds that a 429 out of the blue asks for.
        per_channel: seconds that must lie between two messages to a channel on the whole.
        per_second: messages that may come within one second of the platform's clock; 0 is any number.
        closed: channels that answer 50001, Missing Access.
        poison: a payload that contains it is answered 50035.
    """

    faults: Mapping[str, float] = field(default_factory=dict)
    slow: float = 2.0
    retry_after: float = 0.2
    per_channel: float = 0.0
    per_second: int = 0
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
    def number(self) -> int:
        """The HTTP status or Discord's code that it is, or 0."""
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
        self, route: str, kind: str, *, times: int | None, share: float, seconds: float, channel: str | None
    ) -> None:
        """The next `times` calls (None: all until `heal`), or a share of them, go wrong."""
        self._scripted[route].append(_Scripted(kind, times, share, seconds, channel))

    def heal(self) -> None:
        """No faults, and good weather."""
        self._scripted.clear()
        self.weather = GOOD

    def next(self, route: str, channel: str) -> Fault | None:
        """What goes wrong with this call."""
        for one in self._scripted[route]:
            if one.times != 0 and one.channel in {None, channel} and self._dice.random() < one.share:
                one.times = None if one.times is None else one.times - 1
                return fault(one.kind, one.seconds)
        if route not in MESSAGES:
            return None
        throw = self._dice.random()
        for kind, share in self.weather.faults.items():
            throw -= share
            if throw < 0:
                return fault(kind, self.weather.retry_after if kind == "429" else self.weather.slow)
        return None
