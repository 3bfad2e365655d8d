"""What becomes of a paper that changes after it came: matched again, and its cards edited. Pure: rules, no I/O.

For `WINDOW` after it arrived, a paper is matched again when something comes that a subscription looks at: it was
passed over for want of it. And for as long after it was posted, its cards are edited when it rises much: when code
appears, or when upvotes or stars reach their next power of two. Smaller steps would edit all day long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from papers.model import Delivery, Destination, Heading, Paper, Platform

WINDOW: Final = timedelta(days=7)
"""How long a paper is matched again after it arrived, and its card edited after it was posted."""

UPVOTES: Final = 16
"""The first step: below it, most of a day's papers would rise every few hours."""

STARS: Final = 64
"""The first step, as above."""

SPREAD: Final[Mapping[Platform, float]] = {"terminal": 0.0, "slack": 1.25, "discord": 0.1}
"""Seconds between two edits, so that posts never wait for them. In a Slack workspace as `chat.update` takes them: 50 a
minute (https://docs.slack.dev/apis/web-api/rate-limits#tier_t3). On Discord for the bot, whose requests they share: a
fifth of 50 a second (https://discord.com/developers/docs/topics/rate-limits#global-rate-limit). What was mailed cannot
be changed: a platform that is not named here has no edits."""


@dataclass(frozen=True, slots=True)
class Riser:
    """A paper that rose much, to `mark`, and when."""

    paper: str
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows a riser: that of the delivery with this id."""

    riser: Riser
    destination: Destination
    delivery: str


def asks_again(before: Paper | None, after: Paper) -> bool:
    """Whether something changed that a subscription looks at, so that one that passed the paper over may want it."""
    return before is not None and _looked_at(before) != _looked_at(after)


def _looked_at(paper: Paper) -> tuple[object, ...]:
    """What the fields of a QUERY and a topic see."""
    return (paper.title, paper.abstract, paper.authors, paper.organization, paper.categories, paper.sources)


def mark(paper: Paper) -> str:
    """How high a paper stands, in steps: `16↑`, `128↑ code`, `32↑ code 64★`; "" below the first of each."""
    upvotes, stars = _step(paper.upvotes, UPVOTES), _step(paper.code_stars, STARS)
    told = (f"{upvotes}↑" if upvotes else "", "code" if _has_code(paper) else "", f"{stars}★" if stars else "")
    return " ".join(filter(None, told))


def rose(before: Paper | None, after: Paper) -> bool:
    """Whether a paper that was known reached a step that it had not. To fall back is no news."""
    if before is None:
        return False
    old, new = ((_step(p.upvotes, UPVOTES), _has_code(p), _step(p.code_stars, STARS)) for p in (before, after))
    return any(now > then for then, now in zip(old, new, strict=True))


def _has_code(paper: Paper) -> bool:
    return bool(paper.code_url or paper.code_stars)


def _step(number: int, first: int) -> int:
    """The highest power of two that a number reaches; 0 below the first step."""
    return 1 << (number.bit_length() - 1) if number >= first else 0


def edits(shown: Iterable[Shown], now: datetime) -> list[Delivery]:
    """One edit for each message, however many of its papers rose. The same risers make the same ids."""
    risen: dict[tuple[Destination, str], set[str]] = {}
    for one in shown:
        if one.destination.platform not in SPREAD:
            continue
        risen.setdefault((one.destination, one.delivery), set()).add(f"{one.riser.paper}={one.riser.mark}")
    return [_edit(where, parent, sorted(papers), now) for (where, parent), papers in risen.items()]


def _edit(destination: Destination, parent: str, risen: list[str], now: datetime) -> Delivery:
    named = f"{destination}|edit|{parent}|{','.join(risen)}"
    return Delivery(
        id=hashlib.sha256(named.encode()).hexdigest()[:24],
        destination=destination,
        kind="edit",
        heading=Heading(now.date(), len(risen)),
        due=now,
        parent=parent,
    )


def turn(destination: Destination) -> tuple[str, float]:
    """Who takes turns in being edited, by name, and the seconds between two turns."""
    platform = destination.platform
    every = f"{platform}:{destination.workspace}" if platform == "slack" else platform
    return f"edits of {every}", SPREAD[platform]
