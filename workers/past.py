"""Which days of a source's past are asked for, in which order, and when a failed one is asked for again. Pure.

The newest come first: what people search, preview and compare topics with is mostly of the last weeks, and is there
after the first minute of a backfill that takes an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from papers.errors import SourceError, SourceForbidden, SourceLimited, SourceStatus, UsageError
from papers.stores.backfills import Listed

TRIES = 5
"""Times that a day is asked for before it counts as missing."""

FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long."""

LONGEST_PAUSE = 3_600.0
"""Seconds that a source may ask to be left alone for; of one that asks for more, the rest is missing for now."""

GIVE_UP = 3
"""Days that fail one after the other before the rest of a source's is left alone."""

_SERVER_ERRORS = range(500, 600)
_REQUEST_TIMEOUT = 408
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        """Each of them, newest first."""
        return [self.last - number * _DAY for number in range((self.last - self.first).days + 1)]


def asked_span(since: date, until: date | None, today: date) -> Span:
    """What a user asks for, up to `today`, which is also meant if `until` is left out. Raises UsageError."""
    if since > today:
        raise UsageError(f"{since} is in the future", advice=f"the past ends today, {today}")
    last = min(until or today, today)
    if last < since:
        raise UsageError(f"{last} is before {since}", advice="--until takes the day of --since, or a later one")
    return Span(since, last)


def within(span: Span, begins: date) -> Span | None:
    """The part of the span in which a source has a past that begins on that day; None if there is none."""
    return Span(max(span.first, begins), span.last) if span.last >= begins else None


def to_ask(span: Span, known: Mapping[date, Listed | None], *, again: bool) -> list[date]:
    """The days to ask for, newest first: all of the span `again`, or those that are not there for good."""
    return [day for day in span.days() if again or not is_done(known.get(day))]


def is_done(listed: Listed | None) -> bool:
    """Whether a day need not be asked for any more."""
    return listed is not None and listed.final


def is_final(day: date, papers: int, today: date, *, settles: timedelta, has_empty_days: bool) -> bool:
    """Whether a day that lists so many papers today will list no more."""
    return today - day >= settles and (papers > 0 or has_empty_days)


def pause(error: SourceError, tries: int) -> float | None:
    """Seconds until a day is asked for again that failed so many times, this one included; None: not in this run.

    A 429 is waited out as long as it says; an answer that did not come, broke off, made no sense or was a server's
    error may be better the next time; any other refusal will not.
    """
    if tries >= TRIES or not _passes(error):
        return None
    doubled: float = FIRST_PAUSE * 2 ** (tries - 1)
    if isinstance(error, SourceLimited):
        return max(error.retry_after, doubled) if error.retry_after <= LONGEST_PAUSE else None
    return doubled


def _passes(error: SourceError) -> bool:
    if isinstance(error, SourceStatus):
        return error.status in _SERVER_ERRORS or error.status == _REQUEST_TIMEOUT
    return not isinstance(error, SourceForbidden)
