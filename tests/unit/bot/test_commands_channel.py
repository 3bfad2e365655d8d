"""Words about a channel itself, and about papers like others: settings, resend, similar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import commands
from bot.commands import Command, parse
from papers.errors import UsageError
from papers.model import Schedule
from papers.preferences import CHOICES, NAMES

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("settings", commands.Settings()),
        ("settings format full", commands.Settings((("format", "full"),))),
        ("Settings FORMAT Full", commands.Settings((("format", "full"),))),
        ("settings language pt-br", commands.Settings((("language", "pt_BR"),))),
        ("settings quiet off", commands.Settings((("quiet", "off"),))),
        ("vote up 2607.21557", commands.Vote("2607.21557", 1)),
        ("vote DOWN <https://arxiv.org/abs/2607.21557>", commands.Vote("https://arxiv.org/abs/2607.21557", -1)),
        ("email ada@example.org", commands.Email("ada@example.org")),
        ("feed", commands.Feed()),
        ("feed NEW", commands.Feed("new")),
        ("feed off", commands.Feed("off")),
        ("resend 3F9A0C", commands.Resend("3f9a0c")),
        ("resend #3f9a0c", commands.Resend("3f9a0c")),
        (f"resend {'a' * 24}", commands.Resend("a" * 24)),
        ("similar 2607.21557", commands.Similar("2607.21557")),
        ("similar <https://arxiv.org/abs/2607.21557> page:2", commands.Similar("https://arxiv.org/abs/2607.21557", 2)),
        ("similar page:3 state space models", commands.Similar("state space models", 3)),
        ('similar "state space models', commands.Similar('"state space models')),
    ],
)
def test_right_words_parse(text: str, expected: Command) -> None:
    assert parse(text, NOW) == expected


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_can_be_set_can_be_typed(name: str) -> None:
    for value in CHOICES.get(name, ("en", "de")):
        assert parse(f"settings {name} {value}", NOW) == commands.Settings(((name, value),))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("setings format full", "/papers settings format full"),
        ("settings fromat full", "/papers settings format full"),
        ("settings format ful", "/papers settings format full"),
        ("settings format", "/papers settings format full"),
        ("settings quiet no", "/papers settings quiet on"),
        ("settings language german", "/papers settings language de"),
        ("settings language frnech", "/papers settings language fr"),
        ("settings language de_GE", "/papers settings language de_DE"),
        ("feed nwe", "/papers feed new"),
        ("similr 2607.21557", "/papers similar 2607.21557"),
    ],
)
def test_the_nearest_right_line_is_suggested(text: str, suggestion: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, NOW)
    assert caught.value.suggestion == suggestion
    parse(suggestion, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "settings colour red",
        "settings format full compact",
        "settings language",
        "settings language \N{SNOWMAN}",
        f"settings language {'x' * 5_000}",
        "feed https://lab.org/feed.xml",
        "email",
        "email ada@example.org bob@example.org",
        "feed new off",
        "resend",
        "resend abc",
        "vote",
        "vote up",
        "vote 2607.21557",
        "vote up 2607.21557 2607.21558",
        "vote up <>",
        "resend xyzxyz",
        f"resend {'a' * 25}",
        "resend 3f9a0c 3f9a0d",
        "similar",
        "similar page:2",
        "similar robots page:0",
        f"similar {'a ' * 2_000}",
    ],
)
def test_wrong_words_are_refused_with_advice(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, NOW)
    assert caught.value.advice
    assert len(str(caught.value)) < 120


def test_where_the_ids_of_what_can_be_resent_stand_is_said_of_what_is_no_id() -> None:
    with pytest.raises(UsageError) as caught:
        parse("resend zzzzzz", NOW)
    assert "/papers log shows the id of each post that can be resent" in caught.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "daily 09:00 PST",
        "daily 09:00 cest",
        "daily 09:00 UTC+2",
        "weekly mon 09:00 gmt -1",
        "settings language klingon",
        "settings language",
        "subscribe diffusion -survey ~3/day",
        "edit 1 diffusion (NOT survey) ~3/day",
    ],
)
def test_what_would_mean_something_else_is_not_suggested(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, NOW)
    assert caught.value.suggestion is None
    assert caught.value.advice


def test_hours_ahead_of_utc_are_not_taken_for_the_zone_of_the_other_sign() -> None:
    with pytest.raises(UsageError, match="no time zone") as caught:
        parse("daily 09:00 GMT+1", NOW)
    assert "Etc/GMT-2 for two hours ahead" in caught.value.advice
    assert parse("daily 09:00 etc/gmt-2", NOW) == commands.SetSchedule(Schedule("daily", "09:00", "Etc/GMT-2"))
