"""What is wrong with a feed, in words. Pure.

When a feed is given up is decided in `workers.pace`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from papers.errors import (
    SourceError,
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceTooLarge,
)
from papers.model import Subscription


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong (`answers 404`), since when, and whether the feed was given up: then `repair` tries it again."""

    reason: str
    since: datetime
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """A subscription's feed was tried, and answers. `resumed`: it had been given up, and is polled again from now."""

    subscription: Subscription
    label: str
    resumed: bool


def fault(error: SourceError) -> str:
    """What is wrong with a feed by the error of its last fetch: a few words to stand after its name.

    Nothing that the far side wrote is part of it.
    """
    match error:
        case SourceStatus():
            return f"answers {error.status}"
        case SourceLimited():
            return "asks to wait again and again"
        case SourceTooLarge():
            return "is too long to be read"
        case SourceMalformed():
            return "is no feed that can be read"
        case SourceForbidden():
            return "leads to an address that is not read"
        case _:
            return "does not answer"
