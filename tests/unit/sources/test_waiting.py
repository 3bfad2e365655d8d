"""How long a source asks to wait: `papers.sources.waiting`."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sources.waiting import LONGEST, UNSAID, max_age, retry_after

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "Tue, 14 Jul 2026 12:02:00 GMT"}, 120),
        ({"retry-after": "Tue, 14 Jul 2026 11:00:00 GMT"}, 0),
        ({"ratelimit": '"api";r=0;t=12'}, 12),
        ({"ratelimit": '"pages";r=5;t=3, "api";r=0;t=12'}, 3),
        ({"retry-after": "2", "ratelimit": '"api";r=0;t=12'}, 2),
        ({"retry-after": "soon", "ratelimit": '"api";r=0;t=12'}, 12),
        ({"retry-after": "-5"}, UNSAID),
        ({"retry-after": "1e9"}, UNSAID),
        ({"retry-after": "Tue, 31 Jun 2026 12:00:00 GMT"}, UNSAID),
        ({"retry-after": "9" * 5000}, LONGEST),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST),
        ({"ratelimit": '"api";r=0'}, UNSAID),
        ({}, UNSAID),
    ],
)
def test_the_wait_is_read_from_either_header(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("public, max-age=900", 900), ("max-age=x", 0), ("no-cache", 0), ("", 0), ("MAX-AGE=99999999", LONGEST)],
)
def test_freshness_is_read_from_cache_control(value: str, seconds: float) -> None:
    assert max_age({"cache-control": value}) == seconds


@given(st.text(), st.text())
def test_whatever_stands_there_the_wait_is_between_nothing_and_a_day(one: str, other: str) -> None:
    assert 0 <= retry_after({"retry-after": one, "ratelimit": other}, NOW) <= LONGEST
    assert 0 <= max_age({"cache-control": one}) <= LONGEST
