"""Which days of the past are asked for, in which order, and when again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import (
    SourceError,
    SourceForbidden,
    SourceLimited,
    SourceMalformed,
    SourceStatus,
    SourceUnreachable,
    UsageError,
)
from papers.stores.backfills import Listed
from workers.past import LONGEST_PAUSE, TRIES, Span, asked_span, is_final, pause, to_ask, within

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
DAYS = st.dates(date(2023, 5, 4), TODAY)


@given(DAYS, DAYS)
def test_every_day_of_a_span_is_asked_for_once_and_the_newest_first(one: date, other: date) -> None:
    first, last = sorted((one, other))
    days = to_ask(Span(first, last), {}, again=False)
    assert days[0] == last
    assert days[-1] == first
    assert all(later - earlier == DAY for later, earlier in pairwise(days))


def test_days_that_are_there_for_good_are_not_asked_for_again_unless_wanted() -> None:
    span = Span(TODAY - 3 * DAY, TODAY)
    known = {
        TODAY: Listed(31, final=False),
        TODAY - DAY: None,
        TODAY - 2 * DAY: Listed(0, final=True),
        TODAY - 3 * DAY: Listed(30, final=True),
    }
    assert to_ask(span, known, again=False) == [TODAY, TODAY - DAY]
    assert to_ask(span, known, again=True) == span.days()


def test_a_span_ends_today_whatever_is_asked_for() -> None:
    assert asked_span(TODAY - DAY, None, TODAY) == Span(TODAY - DAY, TODAY)
    assert asked_span(TODAY, TODAY + 9 * DAY, TODAY) == Span(TODAY, TODAY)
    assert asked_span(TODAY - 5 * DAY, TODAY - 4 * DAY, TODAY) == Span(TODAY - 5 * DAY, TODAY - 4 * DAY)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [(TODAY + DAY, None, "in the future"), (TODAY, TODAY - DAY, "2026-11-20 is before 2026-11-21")],
)
def test_a_span_that_is_none_is_refused(since: date, until: date | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked_span(since, until, TODAY)


def test_a_span_is_cut_where_the_past_begins() -> None:
    span = Span(date(2023, 1, 1), date(2023, 6, 1))
    assert within(span, date(2023, 5, 4)) == Span(date(2023, 5, 4), date(2023, 6, 1))
    assert within(span, date(1991, 8, 14)) == span
    assert within(span, date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("age", "papers", "has_empty_days", "final"),
    [(2, 30, True, False), (3, 30, True, True), (3, 0, True, True), (3, 30, False, True), (900, 0, False, False)],
)
def test_a_day_is_there_for_good_once_it_has_settled(
    *, age: int, papers: int, has_empty_days: bool, final: bool
) -> None:
    settles = timedelta(days=3)
    assert is_final(TODAY - age * DAY, papers, TODAY, settles=settles, has_empty_days=has_empty_days) is final


@pytest.mark.parametrize(
    "error", [SourceUnreachable("gone"), SourceMalformed("html"), SourceStatus("down", status=503)]
)
def test_what_may_pass_is_tried_again_at_doubling_pauses_and_not_for_ever(error: SourceError) -> None:
    assert [pause(error, tries) for tries in range(1, TRIES + 1)] == [1.0, 2.0, 4.0, 8.0, None]


@pytest.mark.parametrize("error", [SourceStatus("no", status=404), SourceForbidden("a private address")])
def test_what_will_be_refused_again_is_not_asked_again(error: SourceError) -> None:
    assert pause(error, 1) is None


@given(st.floats(0, LONGEST_PAUSE), st.integers(1, TRIES - 1))
def test_a_source_is_never_asked_before_it_allows(seconds: float, tries: int) -> None:
    waited = pause(SourceLimited("wait", retry_after=seconds), tries)
    assert waited is not None
    assert waited >= seconds


def test_a_source_that_wants_hours_is_left_alone() -> None:
    assert pause(SourceLimited("wait", retry_after=LONGEST_PAUSE + 1), 1) is None
