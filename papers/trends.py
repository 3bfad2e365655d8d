"""What a trend looks at: the days that it covers, and what a paper gained on which of them. Pure: rules, no I/O.

Gains are summed by day (UTC), so that what rose over any number of days is a sum of theirs. Nothing is counted twice:
a gain is the difference between two tellings of one paper. Losses count too, for upvotes are taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from papers.model import Paper

Period = Literal["day", "week", "month"]
Order = Literal["upvotes", "growth", "stars"]
Figure = Literal["upvotes", "stars"]

LENGTH: Final[Mapping[Period, int]] = {"day": 1, "week": 7, "month": 30}
"""Days of a period."""

KEPT: Final = timedelta(days=35)
"""How long a day's gains are kept: a month, and some to spare."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gained:
    """What a paper gained in a period."""

    period: Period
    upvotes: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Gain:
    """What one telling of a paper added to its figures, and the day that it counts for."""

    day: date
    upvotes: int
    stars: int


def gain(before: Paper | None, after: Paper, today: date) -> Gain | None:
    """What became of a paper's figures between two tellings; None for nothing that is known to be a gain.

    Whoever tells of a paper for the first time tells what it has, not since when. Its upvotes it got since its day, for
    it is the digest that is voted in: they count for that. Its stars may be years old: they count for nothing.
    """
    is_told_of = before is not None and set(after.sources) <= set(before.sources)
    day = today if is_told_of else after.day
    upvotes = after.upvotes - (before.upvotes if before else 0)
    starred = before is not None and before.code_stars and before.code_url == after.code_url
    stars = after.code_stars - before.code_stars if before and starred else 0
    if day is None or today - day > KEPT or not (upvotes or stars):
        return None
    return Gain(day, upvotes, stars)


def listed_in(period: Period, newest: date) -> list[date]:
    """The days whose digests a trend is about, the newest last: it ends with the newest that there is."""
    return _ending(newest, LENGTH[period])


def gained_in(period: Period, today: date) -> list[date]:
    """The days whose gains count: they end with today. A single day would have just begun: yesterday counts too."""
    return _ending(today, max(LENGTH[period], 2))


def _ending(last: date, number: int) -> list[date]:
    return [last - _DAY * ago for ago in reversed(range(number))]
