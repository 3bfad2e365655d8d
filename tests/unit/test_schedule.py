"""Slots: when a channel is posted to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Schedule
from papers.schedule import digest_closes, is_missed, local_day, next_slot

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # its clocks jump at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",  # at 5:45, always
    "Pacific/Apia",  # had no 30 December 2011
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type] # at most hour and minute are given


@cache
def _changes(zone: str) -> tuple[datetime, ...]:
    """Midnights (UTC) before the days of 2010 … 2030 on which the zone's clocks are changed."""
    midnights = [utc(2010, 1, 1) + timedelta(days=n) for n in range(365 * 20)]
    offsets = [midnight.astimezone(ZoneInfo(zone)).utcoffset() for midnight in midnights]
    changed = [midnights[n] for n in range(len(midnights) - 1) if offsets[n] != offsets[n + 1]]
    return tuple(changed) or (midnights[0],)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    night = st.sampled_from(["00:00", "00:15", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00"])
    quarters = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
    return Schedule(
        kind=draw(st.sampled_from(["daily", "weekly"])),
        at=draw(st.one_of(night, quarters)),
        zone=draw(st.sampled_from(ZONES)),
        weekday=draw(st.integers(0, 6)),
        weekdays=draw(st.booleans()),
    )


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """Any instant of twenty years, every other one within three days of the zone's clocks being changed."""
    anywhere = st.datetimes(datetime(2010, 1, 2), datetime(2029, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds carry no zone
    near = st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(_changes(zone)),
        st.integers(-3 * 24 * 60, 3 * 24 * 60),
    )
    return draw(st.one_of(anywhere, near))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    schedule = draw(schedules())
    return schedule, draw(moments(schedule.zone))


def allowed(schedule: Schedule, day: date) -> bool:
    if schedule.kind == "weekly":
        return day.weekday() == schedule.weekday
    return not schedule.weekdays or day.weekday() < 5


def ticks(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A clock on the wall, looked at every quarter of an hour: (the instant, what it shows).

    A quarter that the clock skips is shown as if it had not been set forward yet; one that comes twice, once.
    """
    instant = first
    shown = instant.astimezone(zone)
    while instant <= last:
        if shown.fold == 0:
            yield instant, shown.replace(tzinfo=None)
        following = (instant + QUARTER).astimezone(zone)
        skipped = following.replace(tzinfo=None) - shown.replace(tzinfo=None) - QUARTER
        for late in range(skipped // QUARTER):
            away = QUARTER * (late + 1)
            yield instant + away, shown.replace(tzinfo=None) + away
        instant, shown = instant + QUARTER, following


def watched(schedule: Schedule, after: datetime) -> datetime:
    """The next slot, found by watching the clock."""
    first = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0) - DAY
    at = time.fromisoformat(schedule.at)
    return min(
        instant
        for instant, shown in ticks(ZoneInfo(schedule.zone), first, after + 9 * DAY)
        if instant > after and shown.time() == at and allowed(schedule, shown.date())
    )


@given(cases())
def test_the_next_slot_is_the_first_time_that_the_clock_on_the_wall_shows_it(case: tuple[Schedule, datetime]) -> None:
    assert next_slot(*case) == watched(*case)


@given(cases())
def test_each_slot_is_later_than_the_one_before_and_on_another_day(case: tuple[Schedule, datetime]) -> None:
    schedule, after = case
    days = []
    for _ in range(4):
        slot = next_slot(schedule, after)
        assert slot is not None
        assert slot > after
        days.append(local_day(schedule, slot))
        after = slot
    assert len(set(days)) == 4


@given(cases())
def test_a_slot_is_at_the_time_asked_for_unless_the_clock_skipped_that(case: tuple[Schedule, datetime]) -> None:
    schedule, after = case
    slot = next_slot(schedule, after)
    assert slot is not None
    local = slot.astimezone(ZoneInfo(schedule.zone))
    jump = (local.utcoffset() or HOUR) - ((slot - DAY).astimezone(ZoneInfo(schedule.zone)).utcoffset() or HOUR)
    meant = local if f"{local:%H:%M}" == schedule.at and allowed(schedule, local.date()) else local - jump
    assert f"{meant:%H:%M}" == schedule.at
    assert allowed(schedule, meant.date())


def test_instant_channels_have_no_slots() -> None:
    assert next_slot(Schedule(), utc(2026, 3, 11)) is None


def test_a_slot_is_never_the_moment_it_is_asked_after() -> None:
    daily = Schedule("daily", "09:00")
    assert next_slot(daily, utc(2026, 3, 11, 9)) == utc(2026, 3, 12, 9)
    assert next_slot(daily, utc(2026, 3, 11, 8, 59)) == utc(2026, 3, 11, 9)


def test_a_time_that_spring_skips_is_posted_once_as_much_later_as_the_clock_jumped() -> None:
    daily = Schedule("daily", "02:30", "Europe/Berlin")
    slot = next_slot(daily, utc(2026, 3, 28, 12))
    assert slot == utc(2026, 3, 29, 1, 30)
    assert f"{slot.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}" == "03:30"
    assert next_slot(daily, slot) == utc(2026, 3, 30, 0, 30)


def test_a_time_that_autumn_repeats_is_posted_once_at_the_first() -> None:
    daily = Schedule("daily", "02:30", "Europe/Berlin")
    slot = next_slot(daily, utc(2026, 10, 24, 12))
    assert slot == utc(2026, 10, 25, 0, 30)
    assert next_slot(daily, slot) == utc(2026, 10, 26, 1, 30)


def test_a_daily_post_stays_at_nine_o_clock_when_the_clocks_are_changed() -> None:
    daily = Schedule("daily", "09:00", "America/New_York")
    assert next_slot(daily, utc(2026, 3, 7, 12)) == utc(2026, 3, 7, 14)
    assert next_slot(daily, utc(2026, 3, 8, 12)) == utc(2026, 3, 8, 13)


def test_a_day_that_a_zone_left_out_is_not_posted_twice() -> None:
    daily = Schedule("daily", "09:00", "Pacific/Apia")
    slot = next_slot(daily, utc(2011, 12, 29, 19))
    assert slot == utc(2011, 12, 30, 19)
    assert next_slot(daily, slot) == utc(2011, 12, 31, 19)


def test_a_weekly_post_of_a_day_that_a_zone_left_out_comes_a_day_later() -> None:
    fridays = Schedule("weekly", "09:00", "Pacific/Apia", weekday=4)
    skipped = utc(2011, 12, 30, 19)
    assert next_slot(fridays, skipped - HOUR) == skipped
    assert next_slot(fridays, skipped) == utc(2012, 1, 5, 19)


def test_weekdays_go_from_friday_to_monday() -> None:
    friday = utc(2026, 3, 13, 9)
    assert next_slot(Schedule("daily", "09:00", weekdays=True), friday) == utc(2026, 3, 16, 9)
    assert next_slot(Schedule("daily", "09:00", weekdays=False), friday) == utc(2026, 3, 14, 9)


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_post_comes_on_its_weekday_a_week_apart(weekday: int) -> None:
    weekly = Schedule("weekly", "09:00", weekday=weekday)
    slot = next_slot(weekly, utc(2026, 3, 11, 8))
    assert slot is not None
    assert slot.weekday() == weekday
    assert slot - utc(2026, 3, 11, 8) <= 7 * DAY
    assert next_slot(weekly, slot) == slot + 7 * DAY


def test_the_weekday_is_the_channels_own_not_greenwichs() -> None:
    monday_in_tokyo = Schedule("weekly", "08:00", "Asia/Tokyo", weekday=0)
    assert next_slot(monday_in_tokyo, utc(2026, 3, 11)) == utc(2026, 3, 15, 23)


def test_the_local_day_is_read_on_the_channels_calendar() -> None:
    late = utc(2026, 3, 11, 23, 30)
    assert local_day(Schedule("daily", zone="Asia/Tokyo"), late) == date(2026, 3, 12)
    assert local_day(Schedule("daily", zone="America/New_York"), late) == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("ago", "missed"),
    [
        (timedelta(0), False),
        (timedelta(hours=11, minutes=59), False),
        (timedelta(hours=12), False),
        (timedelta(hours=12, minutes=1), True),
        (timedelta(hours=-1), False),
    ],
)
def test_a_slot_is_made_up_for_within_twelve_hours(ago: timedelta, missed: bool) -> None:  # noqa: FBT001 - a column
    assert is_missed(utc(2026, 3, 11, 9), utc(2026, 3, 11, 9) + ago) is missed


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 7, 14), utc(2026, 7, 15, 2, 40)),  # rolls at 01:30 UTC
        (date(2026, 1, 13), utc(2026, 1, 14, 2, 40)),  # rolls at 02:30 UTC
    ],
)
def test_a_digest_closes_in_the_night_after_its_day(day: date, closes: datetime) -> None:
    assert digest_closes(day) == closes


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_digest_closes_after_it_rolled_and_on_the_next_day(day: date) -> None:
    rolls = datetime.combine(day, time(21, 30), ZoneInfo("America/New_York"))
    assert timedelta(0) < digest_closes(day) - rolls <= timedelta(minutes=70)
    assert digest_closes(day).date() == day + DAY
