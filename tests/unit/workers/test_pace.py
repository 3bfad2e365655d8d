"""When a source is polled next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import SourceError, SourceLimited, SourceStatus, SourceUnreachable
from tests.conftest import NOW
from workers import pace
from workers.pace import FIRST_BACK_OFF, OFTEN, RARELY, SELDOM, after_failure, after_success, gives_up

GONE = SourceUnreachable("no answer")
JITTER = st.floats(0, 1)
HEARD = timedelta(0)
WAITS = st.floats(0, 10_000_000)
FAILURES = st.integers(1, 10_000)


@given(WAITS, JITTER)
def test_a_source_that_answers_is_asked_again_within_a_quarter_of_an_hour_and_a_day(wait: float, jitter: float) -> None:
    assert OFTEN <= after_success(NOW, wait, HEARD, jitter) - NOW <= SELDOM * 1.2


@given(st.floats(0, 86_400), JITTER)
def test_a_source_is_never_asked_before_it_wants_to_be(wait: float, jitter: float) -> None:
    assert after_success(NOW, wait, HEARD, jitter) - NOW >= timedelta(seconds=wait)


@given(WAITS, JITTER, JITTER)
def test_jitter_spreads_what_was_added_at_once_over_a_fifth_of_the_wait(wait: float, one: float, other: float) -> None:
    soonest = after_success(NOW, wait, HEARD, 0) - NOW
    first, last = sorted(after_success(NOW, wait, HEARD, jitter) - NOW for jitter in (one, other))
    assert soonest <= first <= last <= soonest * 1.2
    assert after_success(NOW, wait, HEARD, 1) - NOW == soonest * 1.2


@pytest.mark.parametrize(("wait", "minutes"), [(0, 15), (60, 15), (3600, 60), (7 * 86_400, 24 * 60)])
def test_the_wait_that_a_source_asks_for_is_kept_between_its_ends(wait: float, minutes: int) -> None:
    assert after_success(NOW, wait, HEARD, 0) - NOW == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (9, 1280), (10, 1440), (500, 1440)]
)
def test_a_source_that_fails_is_left_alone_twice_as_long_each_time_up_to_a_day(failures: int, minutes: int) -> None:
    assert after_failure(NOW, failures, GONE, 0) - NOW == timedelta(minutes=minutes)


@given(FAILURES, JITTER)
def test_however_often_it_failed_it_is_asked_again_within_a_day_or_so(failures: int, jitter: float) -> None:
    assert FIRST_BACK_OFF <= after_failure(NOW, failures, GONE, jitter) - NOW <= SELDOM * 1.2


@given(FAILURES, st.floats(0, 10_000_000), JITTER)
def test_a_source_that_says_when_to_come_back_is_not_asked_before(failures: int, seconds: float, jitter: float) -> None:
    limited = SourceLimited("too many requests", retry_after=seconds)
    until = after_failure(NOW, failures, limited, jitter)
    assert until - NOW >= timedelta(seconds=seconds)
    assert until >= after_failure(NOW, failures, GONE, jitter)


@given(FAILURES, JITTER)
def test_every_other_failure_is_treated_alike(failures: int, jitter: float) -> None:
    other = SourceError("something else")
    assert after_failure(NOW, failures, other, jitter) == after_failure(NOW, failures, GONE, jitter)


@pytest.mark.parametrize(
    ("silent", "minutes"), [(timedelta(hours=5), 15), (timedelta(days=1), 15), (timedelta(days=7), 105)]
)
def test_a_feed_that_is_silent_for_long_is_asked_less_often(silent: timedelta, minutes: int) -> None:
    assert after_success(NOW, 0, silent, 0) - NOW == timedelta(minutes=minutes)


@given(WAITS, st.timedeltas(timedelta(0), timedelta(days=10_000)))
def test_silence_alone_never_keeps_a_feed_waiting_for_longer_than_it_asks_or_a_few_hours(
    wait: float, silent: timedelta
) -> None:
    assert after_success(NOW, wait, silent, 0) <= max(after_success(NOW, wait, HEARD, 0), NOW + RARELY)


def test_a_feed_is_given_up_after_so_many_failures_in_a_row_and_not_before() -> None:
    assert not any(gives_up(failures, GONE) for failures in range(1, pace.FAILURES))
    assert gives_up(pace.FAILURES, GONE)
    assert gives_up(500, GONE)


def test_only_a_feed_that_says_it_is_gone_is_given_up_at_once() -> None:
    assert [status for status in (400, 404, 410, 500) if gives_up(1, SourceStatus("no", status=status))] == [410]
