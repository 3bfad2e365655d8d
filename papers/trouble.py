"""What is wrong with a feed, in words. Pure.

When a feed is given up is decided in `workers.pace`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from papers.errors import (
    SourceError,
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceTooLarge,
)
from papers.model import Subscription

SERVER_ERROR: Final = 500
"""From here on statuses are the server's own fault."""


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


def remedy(error: SourceError) -> str:  # noqa: PLR0911 - one line a kind of failure
    """What somebody who named a feed can do about its failure, by its kind; an advice of the error's own goes before.

    Statuses are RFC 9110's (15.5, 15.6).
    """
    match error:
        case SourceError(advice=advice) if advice:
            return advice
        case SourceStatus(status=401 | 402 | 403 | 407 | 451):
            return "it is not for everybody: use an address of the feed that needs no login"
        case SourceStatus(status=status) if status >= SERVER_ERROR:
            return "its server has trouble of its own: try again later"
        case SourceStatus():
            return "open it in a browser: it may have moved; the site's own address will do, if it names its feed"
        case SourceLimited():
            return "it was asked too often: try again after that time"
        case SourceTooLarge():
            return "look for a shorter feed of that site, such as that of one section"
        case SourceMalformed():
            return "use the address of an RSS or Atom feed; a site's own address will do, if it names its feed"
        case _:
            return "look at the spelling of its host; where it opens in a browser, try again in a few minutes"
