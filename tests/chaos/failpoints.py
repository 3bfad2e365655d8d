"""Places where a process kills itself: before or after the n-th call of a named method, as if by kill -9.

Written `claim:before:1`. Nothing of this is in the product: the object's method is wrapped from outside.
"""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, cast

Side = Literal["before", "after"]


@dataclass(frozen=True)
class Failpoint:
    """Where to die; `call` counts from 1."""

    step: str
    side: Side
    call: int = 1

    def __str__(self) -> str:
        return f"{self.step}:{self.side}:{self.call}"

    @classmethod
    def parse(cls, text: str) -> Failpoint:
        """The inverse of `str()`."""
        step, side, call = text.split(":")
        return cls(step, cast("Side", side), int(call))


def die() -> None:
    """Nothing is cleaned up, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(failpoint: Failpoint, owner: object) -> None:
    """Let the process die there when `owner`'s method of that name is called."""
    method: Callable[..., Any] = getattr(owner, failpoint.step)
    calls = count(1)

    def doomed(*arguments: Any, **named: Any) -> Any:
        is_fatal = next(calls) == failpoint.call
        if is_fatal and failpoint.side == "before":
            die()
        answer = method(*arguments, **named)
        if is_fatal and not inspect.isawaitable(answer):
            die()
        return _dying(answer) if is_fatal else answer

    setattr(owner, failpoint.step, doomed)


async def _dying(answer: Any) -> Any:
    await answer
    die()
