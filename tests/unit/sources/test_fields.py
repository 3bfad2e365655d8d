"""Single values out of hostile entries: `papers.sources.fields`."""

import math
from datetime import UTC, date, datetime

import pytest

from papers.sources import fields


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        (12.9, 12),
        ("12", 12),
        (-3, 0),
        (True, 0),
        (math.nan, 0),
        (math.inf, 0),
        (10**400, fields.COUNT),
        ("1" * 5000, 0),
        ("१२", 0),
        ("12 ", 0),
        (None, 0),
        ([5], 0),
    ],
)
def test_a_count_is_a_number_or_its_digits_and_never_negative(value: object, number: int) -> None:
    assert fields.count(value) == number


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-07-14T00:00:00.000Z", datetime(2026, 7, 14, tzinfo=UTC)),
        ("2026-07-14T00:00:00-04:00", datetime(2026, 7, 14, 4, tzinfo=UTC)),
        ("2026-07-14T10:00:00", datetime(2026, 7, 14, 10, tzinfo=UTC)),
        ("2026-07-14", datetime(2026, 7, 14, tzinfo=UTC)),
        ("2026-02-30T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("yesterday", None),
        ("", None),
        (1784000000, None),
        (None, None),
    ],
)
def test_an_instant_is_in_utc_or_nothing(value: object, moment: datetime | None) -> None:
    assert fields.instant(value) == moment


def test_a_line_is_clean_and_of_bounded_length() -> None:
    assert fields.line("  a\n\u202eb\x00  c ") == "a b c"
    assert fields.line("lone \ud800 surrogate").encode() == b"lone surrogate"
    assert len(fields.line("x" * 10_000_000, 500)) == 500
    assert fields.line(["a"]) == fields.line(None) == ""


def test_lines_leave_out_empty_and_repeated_ones_and_what_is_no_text() -> None:
    assert fields.lines(["B", " A ", "", None, 3, "B", ["C"]]) == ("B", "A")
    assert fields.lines("AB") == ()


def test_a_day_after_tomorrow_is_not_believed() -> None:
    today = date(2026, 7, 14)
    assert fields.plausible(date(2026, 7, 15), today) == date(2026, 7, 15)
    assert fields.plausible(date(2026, 7, 16), today) is None
    assert fields.plausible(None, today) is None
