"""Days, instants and schedules.

Dates are spelt in English, whatever the locale of the process; only the days of posts are in the language that their
channel chose.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from papers.locales import day_in
from papers.model import Schedule
from papers.text import clean

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ENGLISH: Final = "en"


def day_text(day: date, language: str = ENGLISH) -> str:
    """`Tue 10 Nov`; in another language as its CLDR locale abbreviates it, `Di., 10. Nov.`."""
    foreign = "" if language == ENGLISH else clean(day_in(day, language) or "")
    return foreign or f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1]}"


def date_text(day: date) -> str:
    """`10 Nov 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def when_text(at: datetime, zone: str, now: datetime) -> str:
    """An instant as people of `zone` (an IANA name) say it: `tomorrow, Tue 24 Nov at 09:00 (Europe/Berlin)`.

    Both instants carry a zone of their own, whichever it is.
    """
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    near = {-1: "yesterday, ", 0: "today, ", 1: "tomorrow, "}.get((local.date() - today) // timedelta(days=1), "")
    year = "" if local.year == today.year else f" {local.year}"
    return f"{near}{day_text(local.date())}{year} at {local:%H:%M} ({zone})"


def schedule_text(schedule: Schedule) -> str:
    """When a channel is posted to: `every weekday at 09:00 Europe/Berlin`."""
    if schedule.kind == "instant":
        return "as soon as papers come"
    daily = "weekday" if schedule.weekdays else "day"
    day = WEEKDAYS[schedule.weekday] if schedule.kind == "weekly" else daily
    return f"every {day} at {schedule.at} {schedule.zone}"
