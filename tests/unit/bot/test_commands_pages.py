"""Words about the pages of a day and of a trend."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot import commands
from bot.commands import Command, parse
from papers.errors import UsageError

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("digest", commands.Digest()),
        ("digest 2026-11-10", commands.Digest(date(2026, 11, 10))),
        ("digest today", commands.Digest(date(2026, 11, 23))),
        ("digest Yesterday", commands.Digest(date(2026, 11, 22))),
        ("digest monday", commands.Digest(date(2026, 11, 23))),
        ("digest tue", commands.Digest(date(2026, 11, 17))),
        ("digest Sunday", commands.Digest(date(2026, 11, 22))),
        ("digest page:2", commands.Digest(page=2)),
        ("digest page:3 today", commands.Digest(date(2026, 11, 23), 3)),
        ("trending", commands.Trending()),
        ("trending week", commands.Trending("week")),
        ("trending PAGE:2", commands.Trending(page=2)),
        ("trending week page:2", commands.Trending("week", page=2)),
        ("trending Month by:GROWTH", commands.Trending("month", "growth")),
        ("trending By:stars page:2 week", commands.Trending("week", "stars", 2)),
        ("trending by:growth by:upvotes day", commands.Trending()),
    ],
)
def test_right_words_parse(text: str, expected: Command) -> None:
    assert parse(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("digest 2026-02-30", "/papers digest 2026-02-28"),
        ("digest yesterdya", "/papers digest yesterday"),
        ("digest firday", "/papers digest friday"),
        ("trending year", "/papers trending week"),
        ("trending mont by:growth", "/papers trending month by:growth"),
        ("trending week by:star", "/papers trending week by:stars"),
        ("trending sort:new", "/papers trending week"),
        ("digest 20261110", None),
        ("digest 2026-W46-2", None),
        ("digest 2026-13-01", None),
        ("digest two days", None),
        ("digest m", None),
        ("trending page:0", None),
        ("trending page:", None),
    ],
)
def test_wrong_words_are_refused_with_advice_and_the_nearest_right_line(text: str, suggestion: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, NOW)
    assert caught.value.advice
    assert caught.value.suggestion == suggestion
    if suggestion is not None:
        parse(suggestion, NOW)


def test_a_day_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="2026-02-30"):
        parse("digest 2026-02-30", NOW)


def test_today_is_the_day_of_the_instant_given() -> None:
    assert parse("digest today", datetime(2026, 1, 1, tzinfo=UTC)) == commands.Digest(date(2026, 1, 1))
