"""Days as they are typed at a shell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cli.commands import poll
from cli.dates import come
from papers.errors import UsageError

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("day", [TODAY, date(2023, 5, 4)])
def test_today_and_what_was_before_have_come(day: date) -> None:
    assert come(day, TODAY) == day


def test_tomorrow_has_not_come_yet() -> None:
    with pytest.raises(UsageError, match="2026-11-22 has not come yet") as caught:
        come(TODAY + timedelta(days=1), TODAY)
    assert "2026-11-21" in caught.value.advice


def test_poll_asks_nobody_for_a_day_to_come() -> None:
    with pytest.raises(UsageError, match="has not come yet"):
        poll(day="9999-12-31")
