"""When a source is polled next, and when it is given up. Pure.

A feed that answers is asked again every quarter of an hour to every day, as it says itself, and less often the longer
it has been silent; one that fails backs off by doubling, so that a broken source costs it and us a request a day in
the end. A fifth of jitter keeps a thousand feeds that were added at once from being asked at once for ever: it is
only ever added, for no source is asked before it wants to be.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from papers.errors import SourceError, SourceLimited, SourceStatus

OFTEN = timedelta(minutes=15)
SELDOM = timedelta(hours=24)
FIRST_BACK_OFF = timedelta(minutes=5)
JITTER = 0.2

SILENCE = 96
"""A feed is asked so many times in as long as it has been silent: 96 quarters of an hour are a day, so one that was
heard yesterday is still asked every quarter of an hour, and one silent for a week every 105 minutes."""
RARELY = timedelta(hours=4)
"""However long it was silent: what then comes is read within the morning."""

FAILURES = 11
"""In a row, after which a feed is paused: with the back-off that is about three days."""

DOUBLINGS = 16
"""More would only overflow: the cap is reached at nine."""

_GONE = 410


def after_success(now: datetime, wait: float, silent: timedelta, jitter: float) -> datetime:
    """The next poll of a source that answered, and asked to be left alone for `wait` seconds.

    `silent` is how long ago it last brought anything. `jitter` is uniform in 0 … 1.
    """
    rest = max(OFTEN, timedelta(seconds=wait), min(silent / SILENCE, RARELY))
    return now + min(rest, SELDOM) * (1 + JITTER * jitter)


def after_failure(now: datetime, failures: int, error: SourceError, jitter: float) -> datetime:
    """The next poll of a source that failed `failures` times in a row, this one included; never before it allows."""
    doubled: timedelta = FIRST_BACK_OFF * 2 ** min(failures - 1, DOUBLINGS)
    back_off = min(doubled, SELDOM) * (1 + JITTER * jitter)
    if isinstance(error, SourceLimited):
        back_off = max(back_off, timedelta(seconds=error.retry_after))
    return now + back_off


def gives_up(failures: int, error: SourceError) -> bool:
    """Whether a feed that failed `failures` times in a row, this one included, is asked no more until somebody says so.

    410 is a server's word that it will not be back (RFC 9110, 15.5.11).
    """
    return failures >= FAILURES or (isinstance(error, SourceStatus) and error.status == _GONE)
