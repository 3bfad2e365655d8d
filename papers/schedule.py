"""When a channel is posted to: pure arithmetic of wall clocks, IANA zones and slots.

A slot is the UTC instant at which a channel is due. Local times that a zone skips (spring) are posted as much later
as the clock jumped; local times that come twice (autumn) are posted at the first: one slot either way, which is
what PEP 495's fold=0 means.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from papers.model import Schedule

LATEST = timedelta(hours=12)
"""A slot missed by more than this (everything was down) is not made up for; what waits comes with the next one."""

LATE = timedelta(minutes=15)
"""A post that comes later than this after its slot says so."""

FRIDAY = 4

DIGEST_ZONE = ZoneInfo("America/New_York")
DIGEST_ROLLS = time(21, 30)
LAST_ADDITIONS = time(2, 40)
"""Hugging Face's day rolls at 21:30 in New York, and additions to it come until about 02:40 UTC (both observed)."""


def next_slot(schedule: Schedule, after: datetime) -> datetime | None:
    """The first slot later than `after`; None for instant channels."""
    if schedule.kind == "instant":
        return None
    zone = ZoneInfo(schedule.zone)
    day = after.astimezone(zone).date() - timedelta(days=1)  # a slot of yesterday's may be later, across a DST gap
    while not (_is_on(schedule, day) and _slot(schedule, day, zone) > after):
        day += timedelta(days=1)
    return _slot(schedule, day, zone)


def _is_on(schedule: Schedule, day: date) -> bool:
    if schedule.kind == "weekly":
        return day.weekday() == schedule.weekday
    return not schedule.weekdays or day.weekday() <= FRIDAY


def _slot(schedule: Schedule, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(schedule.at), zone).astimezone(UTC)


def local_day(schedule: Schedule, when: datetime) -> date:
    """The date on the channel's own calendar."""
    return when.astimezone(ZoneInfo(schedule.zone)).date()


def is_missed(slot: datetime, now: datetime) -> bool:
    """Whether a slot lies too far back to be made up for."""
    return now - slot > LATEST


def digest_closes(day: date) -> datetime:
    """When a Hugging Face digest takes no more papers: its ranking by upvotes is then worth posting."""
    rolls = datetime.combine(day, DIGEST_ROLLS, DIGEST_ZONE).astimezone(UTC)
    closes = datetime.combine(rolls.date(), LAST_ADDITIONS, UTC)
    return closes if closes > rolls else closes + timedelta(days=1)
