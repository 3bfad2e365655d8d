"""When a source is polled next. Pure.

A feed that answers is asked again every quarter of an hour to every day, as it says itself; one that fails backs off
by doubling, so that a broken source costs it and us a request a day in the end. A fifth of jitter keeps a thousand
feeds that were added at once from being asked at once for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from papers.errors import SourceError, SourceLimited

OFTEN = timedelta(minutes=15)
SELDOM = timedelta(hours=24)
FIRST_BACK_OFF = timedelta(minutes=5)
JITTER = 0.2

DOUBLINGS = 16
"""More would only overflow: the cap is reached at nine."""


def after_success(now: datetime, wait: float, jitter: float) -> datetime:
    """The next poll of a source that answered, and asked to be left alone for `wait` seconds.

    `jitter` is uniform in 0 … 1.
    """
    return now + min(max(OFTEN, timedelta(seconds=wait)), SELDOM) * (1 + JITTER * jitter)


def after_failure(now: datetime, failures: int, error: SourceError, jitter: float) -> datetime:
    """The next poll of a source that failed `failures` times in a row, this one included; never before it allows."""
    doubled: timedelta = FIRST_BACK_OFF * 2 ** min(failures - 1, DOUBLINGS)
    back_off = min(doubled, SELDOM) * (1 + JITTER * jitter)
    if isinstance(error, SourceLimited):
        back_off = max(back_off, timedelta(seconds=error.retry_after))
    return now + back_off
