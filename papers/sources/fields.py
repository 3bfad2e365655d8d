"""Single values out of hostile entries: whatever stands there, the right type or nothing comes out. Never raises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from math import isfinite

from papers.text import clean

TITLE = 500
"""Characters kept of a title; arXiv's longest have about 400."""
ABSTRACT = 20_000
"""Characters kept of an abstract, or of a blog entry; arXiv takes 1,920."""
NAME = 200
"""Characters kept of a person's, a lab's or a category's name."""
NAMES = 5_000
"""Names kept of one paper: the largest collaborations sign with about 3,000."""
COUNT = 1_000_000_000
"""The largest count believed."""


def line(value: object, limit: int = NAME) -> str:
    """`value` as one line of plain text of at most `limit` characters; the empty string if it is no text."""
    if not isinstance(value, str):
        return ""
    roomy = value[: 4 * limit]  # so that a megabyte is not cleaned for the sake of its beginning
    return clean(roomy)[:limit].rstrip()


def lines(values: object, limit: int = NAME) -> tuple[str, ...]:
    """The non-empty lines of a list, each once, in order; nothing if it is no list."""
    if not isinstance(values, list | tuple):
        return ()
    return tuple(dict.fromkeys(_present(line(value, limit) for value in values[:NAMES])))


def count(value: object) -> int:
    """A number or its digits as an int, 0 … COUNT; 0 for anything else."""
    if isinstance(value, str) and len(value) <= len(str(COUNT)) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    if isinstance(value, float) and not isfinite(value):
        return 0
    return int(min(max(value, 0), COUNT))


def instant(value: object) -> datetime | None:
    """An ISO 8601 timestamp in UTC; None for anything else, such as a day that does not exist.

    A timestamp without a zone is taken to be UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def plausible(day: date | None, today: date) -> date | None:
    """`day` unless it lies after tomorrow: as a source's newest day it would hide the real ones until it comes.

    Tomorrow has begun already somewhere east of us.
    """
    return day if day is None or (day - today).days <= 1 else None


def _present(values: Iterable[str]) -> Iterable[str]:
    return (value for value in values if value)
