"""The day of each paper, on every platform: where papers of many days stand together, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import RootModel

from bot.slack.render import render as render_slack
from bot.terminal.render import plain
from bot.terminal.render import render as render_terminal
from papers.answers import Answer
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from tests.fakes.discord.payloads import violations as discord_violations
from tests.fakes.slack.blocks import violations as slack_violations
from tests.unit.bot.discord import samples as discord
from tests.unit.bot.samples import DRAFTS, NOW, PREVIEW
from tests.unit.bot.slack import samples as slack

FOUND = SearchAnswer(
    "drafts",
    tuple(Card(DRAFTS, "It halves.", day=date(year, 11, 3)) for year in (2026, 2024, 2019)),
    3,
    1,
    1,
    narrowed="newest first",
)
DAYS = ("3 Nov 2026", "3 Nov 2024", "3 Nov 2019")


def told(platform: str, answer: Answer) -> str:
    if platform == "slack":
        return slack.seen(render_slack(answer, NOW, "UTC").blocks)
    if platform == "discord":
        return discord.seen(discord.rendered(answer).components)
    return " ".join(plain(render_terminal(answer, NOW, "UTC")).split())


@pytest.mark.parametrize("platform", ["slack", "discord", "terminal"])
def test_each_card_of_a_search_tells_its_day_beside_its_authors(platform: str) -> None:
    shown = told(platform, FOUND)
    places = [shown.index(f"(Example Lab) · {day} · ⬆ 120") for day in DAYS]
    assert places == sorted(places)


@pytest.mark.parametrize("platform", ["slack", "discord", "terminal"])
def test_a_page_whose_heading_names_the_day_does_not_repeat_it(platform: str) -> None:
    day = date(2026, 11, 3)
    page = DigestAnswer("digest", day, day, (Card(DRAFTS, "It halves."),), 1)
    assert told(platform, page).count("3 Nov") == 1


def test_a_day_is_told_however_many_badges_follow() -> None:
    sources = tuple(f"https://{'a' * 60}{n}.example/feed" for n in range(9))
    full = replace(DRAFTS, sources=sources, organization="L" * 300, authors=("A" * 300, "B" * 300))
    cards = (replace(card, paper=replace(full, id=f"2607.{n:05}"), by="m" * 80) for n, card in enumerate(FOUND.cards))
    answer = replace(FOUND, cards=tuple(cards))
    for platform in ("slack", "discord"):
        shown = told(platform, answer)
        assert all(day in shown for day in DAYS)
    assert slack_violations(render_slack(answer, NOW, "UTC").blocks) == []
    assert discord_violations(discord.rendered(answer).payload()) == []


@pytest.mark.parametrize("platform", ["slack", "discord", "terminal"])
def test_a_preview_of_days_long_past_names_them(platform: str) -> None:
    assert "14 papers between 5 Oct and 3 Nov 2026, about 3 a week" in told(
        platform, replace(PREVIEW, until=date(2026, 11, 3))
    )


def test_in_json_a_card_has_its_day() -> None:
    assert [card["day"] for card in RootModel(FOUND).model_dump(mode="json")["cards"]] == [
        "2026-11-03",
        "2024-11-03",
        "2019-11-03",
    ]
