"""What is offered while somebody types an option: subscriptions, categories, zones, what they asked for, values."""

from __future__ import annotations

from typing import Any

import pytest

from papers.preferences import CHOICES, NAMES
from tests.fakes.discord import User
from tests.integration.discordline import MANAGE_CHANNELS, MANAGE_GUILD, DiscordLine, ask, soon, subscribe, told

HOSTILE = (
    "@everyone <@1> </cmd:1>",
    "[x](https://evil.example)",
    "x" * 480,
    "🦊" * 150,
    "\u202eevil\u202c \x1b[31m",
    "**bold** `code`",
)


def offered(
    line: DiscordLine, words: str, option: str, text: str, user: User | None = None, **others: Any
) -> list[tuple[str, Any]]:
    """What autocomplete offers: (what is shown, what is meant)."""
    found = line.discord.complete(user or line.ada, line.channel, f"papers {words}", option, text, **others)
    return [(one["name"], one["value"]) for one in found]


@pytest.mark.parametrize("command", ["unsubscribe", "edit", "forget", "repair"])
def test_a_number_is_chosen_by_what_it_stands_for(hall: DiscordLine, command: str) -> None:
    assert offered(hall, command, "number", "") == []
    subscribe(hall, query="diffusion")
    subscribe(hall, query="graphs", about="words")
    assert offered(hall, command, "number", "") == [("#1 diffusion", 1), ("#2 graphs about: words", 2)]
    assert offered(hall, command, "number", "GRA") == [("#2 graphs about: words", 2)]
    assert offered(hall, command, "number", "#1") == [("#1 diffusion", 1)]
    assert offered(hall, command, "number", "zebra") == []


def test_a_number_that_was_dropped_is_offered_no_more(hall: DiscordLine) -> None:
    for query in ("diffusion", "graphs"):
        subscribe(hall, query=query)
    ask(hall, "unsubscribe", number=1)
    assert offered(hall, "edit", "number", "") == [("#2 graphs", 2)]


def test_of_many_and_hostile_subscriptions_25_are_offered_each_in_100_characters(hall: DiscordLine) -> None:
    for number in range(26):
        subscribe(hall, query=f'"{HOSTILE[number % len(HOSTILE)][:470]} {number}"')
    found = offered(hall, "unsubscribe", "number", "")  # the strict Discord looks at every one
    assert [meant for _, meant in found] == list(range(1, 26))
    assert not any(char in shown for shown, _ in found for char in "\u202e\x1b")
    assert [meant for _, meant in offered(hall, "unsubscribe", "number", "#26")] == [26]


def test_a_category_is_found_by_its_code_and_by_its_name(hall: DiscordLine) -> None:
    for typed, code in (("cs.lg", "cs.LG"), ("machine learning", "cs.LG"), ("CV", "cs.CV"), ("robot", "cs.RO")):
        for command in ("search", "subscribe"):
            assert code in {meant for _, meant in offered(hall, command, "category", typed)}, typed


def test_a_zone_is_found_by_its_city(hall: DiscordLine) -> None:
    for typed, first in (
        ("berl", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("asia/tok", "Asia/Tokyo"),
    ):
        assert offered(hall, "daily", "zone", typed, at="09:00")[0] == (first, first)
        assert first in {meant for _, meant in offered(hall, "weekly", "zone", typed, day="mon", at="9:00")}


def test_whatever_is_typed_is_answered_in_time(hall: DiscordLine) -> None:
    places: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("search", "query", {}),
        ("search", "category", {}),
        ("subscribe", "query", {}),
        ("subscribe", "category", {}),
        ("unsubscribe", "number", {}),
        ("edit", "number", {}),
        ("daily", "zone", {}),
        ("weekly", "zone", {"day": "mon"}),
        ("settings", "value", {"name": "format"}),
    )
    for words, option, others in places:
        for text in ("", " ", *HOSTILE, "x" * 6000, "#", "²", "(", "-1", "9" * 400, "\x00"):
            assert len(offered(hall, words, option, text, **others)) <= 25


def test_a_settings_values_are_offered_and_taken(hall: DiscordLine) -> None:
    admin = hall.discord.user("admin", hall.guild, permissions=MANAGE_GUILD | MANAGE_CHANNELS)
    for name in NAMES:
        values = [meant for _, meant in offered(hall, "settings", "value", "", name=name)]
        assert values == list(CHOICES.get(name, values))
        assert values, name
        for value in values:
            answer = told(ask(hall, "settings", admin, None, name=name, value=value))
            assert "Settings kept" in answer or "It was so already" in answer, value


def test_no_values_are_offered_before_there_is_a_name(hall: DiscordLine) -> None:
    assert offered(hall, "settings", "value", "f") == []


def test_what_was_asked_for_lately_is_offered_again_to_who_asked_and_where(hall: DiscordLine) -> None:
    ask(hall, "search", query="state space")
    ask(hall, "subscribe", query="diffusion -survey")
    ask(hall, "list")
    lately = [("diffusion -survey", "diffusion -survey"), ("state space", "state space")]
    soon(lambda: offered(hall, "search", "query", "") == lately)
    assert offered(hall, "subscribe", "query", "SPACE") == [("SPACE", "SPACE"), ("state space", "state space")]
    assert offered(hall, "search", "query", "", user=hall.grace) == []
    elsewhere = hall.discord.channel(hall.guild, "other")
    assert hall.discord.complete(hall.ada, elsewhere, "papers search", "query", "") == []


def test_what_is_typed_stands_first_and_nothing_is_offered_twice(hall: DiscordLine) -> None:
    for _ in range(2):
        ask(hall, "search", query="maps")
    assert offered(hall, "search", "query", "maps") == [("maps", "maps")]


def test_ten_of_them_are_remembered_and_long_or_invisible_ones_are_not_offered(hall: DiscordLine) -> None:
    for query in ("x" * 101, "\u202e", *(f"word{number}" for number in range(9))):
        ask(hall, "search", query=query)
    lately = [(f"word{number}", f"word{number}") for number in range(8, -1, -1)]
    soon(lambda: offered(hall, "search", "query", "") == lately)
