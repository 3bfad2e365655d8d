"""Days as they are typed at a shell."""

from __future__ import annotations

from datetime import date, datetime

from papers.errors import UsageError


def parse_day(text: str) -> date:
    """A day written as YYYY-MM-DD. Raises UsageError."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise UsageError(f"{text} is not a date", advice="write it as YYYY-MM-DD, e.g. 2026-11-20") from error


def come(day: date, today: date) -> date:
    """The day, which `today` (UTC's, as the Daily Papers have it) is not before. Raises UsageError."""
    if day > today:
        raise UsageError(f"{day} has not come yet", advice=f"the newest day is today, in UTC: {today}")
    return day
