"""What a trend looks like on every platform: its order, its days, what papers gained, and the ways to another trend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot import pages
from bot.commands import Trending, parse
from bot.discord.render import public as discord_public
from bot.slack.render import public as slack_public
from bot.slack.render import render as render_slack
from bot.terminal.render import plain
from bot.terminal.render import render as render_terminal
from papers.answers.archive import DigestAnswer
from papers.answers.card import Card
from papers.trends import Gained, Order, Period
from tests.fakes.discord.payloads import violations as discord_violations
from tests.fakes.slack.blocks import violations as slack_violations
from tests.unit.bot.discord import samples as discord
from tests.unit.bot.samples import ANSWERS, DRAFTS, NOW
from tests.unit.bot.slack import samples as slack

NOTE = "gains are counted since Mon 23 Nov: what older papers gained before is not known"
RISING = DigestAnswer(
    "trending",
    date(2026, 11, 17),
    NOW.date(),
    tuple(Card(replace(DRAFTS, id=f"2607.{n:05}"), "It halves.", gained=Gained("week", 35, 8)) for n in range(10)),
    42,
    2,
    5,
    rank=11,
    period="week",
    by="growth",
    note=NOTE,
)
ORDER = "most upvotes gained in 7 days first, papers of any day"


@pytest.fixture(params=["slack", "discord", "terminal"])
def shown(request: pytest.FixtureRequest) -> str:
    if request.param == "slack":
        return slack.seen(render_slack(RISING, NOW, "UTC").blocks)
    if request.param == "discord":
        return discord.seen(discord.rendered(RISING).components).replace("\\", "")
    return " ".join(plain(render_terminal(RISING, NOW, "UTC")).split())


def test_a_trend_says_its_order_its_days_what_was_gained_and_what_is_not_known(shown: str) -> None:
    start = 0
    for expected in ("Rising, Tue 17 Nov to Mon 23 Nov 2026 · 42 papers", ORDER, "page 2 of 5", NOTE):
        start = shown.index(expected, start) + len(expected)
    assert shown.count("⬆ 120 (+35 in 7 days)") == 10
    assert shown.count("code ★ 3.4k (+8 in 7 days)") == 10


def test_the_terminal_has_no_buttons_and_names_the_lines() -> None:
    told = " ".join(plain(render_terminal(RISING, NOW, "UTC")).split())
    assert told.endswith("or trending by:growth · trending month by:growth · trending week · trending week by:stars")


def test_its_buttons_turn_it_into_another_trend_and_are_for_the_asker_alone() -> None:
    expected = {
        "Day": ("turn", "trending by:growth"),
        "Month": ("turn", "trending month by:growth"),
        "Most upvoted": ("turn", "trending week"),
        "Most starred code": ("turn", "trending week by:stars"),
        "More →": ("turn", "trending week by:growth page:3"),
        "Post here": ("post", "trending week by:growth page:2"),
    }
    in_slack, in_discord = render_slack(RISING, NOW, "UTC"), discord.rendered(RISING)
    assert slack.says(in_slack.blocks).items() >= expected.items()
    assert discord.says(in_discord).items() >= expected.items()
    assert slack_violations(in_slack.blocks) == discord.faults(in_discord) == []
    for_all = slack_public(in_slack, "U1"), discord_public(in_discord, "1" * 20)
    assert slack.says(for_all[0].blocks) == discord.says(for_all[1]) == {}
    assert slack_violations(for_all[0].blocks) == discord_violations(for_all[1].payload()) == []


@pytest.mark.parametrize("period", get_args(Period))
@pytest.mark.parametrize("by", get_args(Order))
def test_the_line_of_every_trend_asks_for_it_again(period: Period, by: Order) -> None:
    answer = replace(RISING, period=period, by=by)
    assert parse(pages.digest_line(answer), NOW) == Trending(period, by)
    others = [parse(line, NOW) for _, line in pages.other_trends(answer)]
    assert len(set(others)) == len(others) == 4
    assert Trending(period, by) not in others


def test_only_the_most_upvoted_can_be_had_every_day() -> None:
    daily = {by: "Get it daily" in discord.says(discord.rendered(replace(RISING, by=by))) for by in get_args(Order)}
    assert daily == {"upvotes": True, "growth": False, "stars": False}
    assert slack.says(render_slack(replace(RISING, by="upvotes"), NOW, "UTC").blocks)["Get it daily"] == (
        "form",
        "trending",
    )


def test_a_days_digest_has_no_other_trends() -> None:
    day = replace(RISING, title="digest", period="day", by="upvotes", note=None)
    assert pages.other_trends(day) == []


def test_what_lost_upvotes_or_gained_none_shows_its_figure_alone() -> None:
    for gained in (None, Gained("week"), Gained("week", -3, -1)):
        answer = replace(RISING, cards=(Card(DRAFTS, "It halves.", gained=gained),))
        told = plain(render_terminal(answer, NOW, "UTC"))
        assert "⬆ 120 · code ★ 3.4k · Hugging Face" in told


def test_a_trend_without_a_note_tells_of_none() -> None:
    answer = ANSWERS[DigestAnswer]
    assert NOTE not in plain(render_terminal(answer, NOW, "UTC"))
    assert "most upvoted first" in plain(render_terminal(answer, NOW, "UTC"))


def test_days_are_told_with_their_years_as_the_archive_has_many() -> None:
    def title(first: date, last: date) -> str:
        return pages.digest_title(DigestAnswer("digest", first, last, (), 3))

    assert title(date(2025, 3, 11), date(2025, 3, 11)) == "Tue 11 Mar 2025 · 3 papers"
    assert title(date(2025, 3, 10), date(2025, 3, 11)) == "Mon 10 Mar to Tue 11 Mar 2025 · 3 papers"
    assert title(date(2024, 12, 31), date(2025, 1, 1)) == "Tue 31 Dec 2024 to Wed 1 Jan 2025 · 3 papers"
