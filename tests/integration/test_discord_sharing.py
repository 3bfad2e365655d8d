"""What can be done with an answer: turn its pages, post it for all, ask on, say it right, choose in its menus."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.discord import acts
from papers.model import Preferences, Want
from papers.stores import keys
from tests.fakes.discord import Impossible
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import (
    DAY,
    DiscordLine,
    anybody,
    ask,
    choose,
    destination,
    press,
    soon,
    subscribe,
    told,
    verbs,
    wants,
)

PRIVATE = {acts.TURN, acts.POST, *acts.CHOICES}
LONG = "diffusion " + "OR diffusion " * 30
"""A QUERY that is too long for a button."""


@pytest.fixture
def many(hall: DiscordLine, upstream: Upstream) -> DiscordLine:
    """Thirty papers on diffusion."""
    upstream.day(DAY, [item(f"2603.{n:05}", f"Diffusion number {n}", upvotes=99 - n) for n in range(1, 31)])
    hall.poll()
    return hall


def test_pages_turn_in_place_forth_and_back(many: DiscordLine) -> None:
    for query in ("diffusion", '"diffusion number" OR maps', LONG, "diffusion since:365d"):
        user = anybody(many)
        shown = ask(many, "search", user, None, query=query)
        first = shown.text
        seen = [first]
        while "More →" in told(shown):
            many.discord.click(user, shown.message, "More →")
            soon(lambda seen=seen, shown=shown: f"page {len(seen) + 1} of" in shown.text)  # type: ignore[misc] # at once
            seen.append(shown.text)
        assert len(seen) > 2
        assert len(set(seen)) == len(seen)
        for page in range(len(seen) - 1, 0, -1):
            many.discord.click(user, shown.message, "← Back")
            soon(lambda page=page, shown=shown: f"page {page} of" in shown.text)  # type: ignore[misc] # at once
        assert shown.text == first
    assert many.discord.messages(many.channel) == []


@pytest.mark.parametrize("command", ["digest", "trending"])
def test_the_pages_of_a_day_turn_and_bring_each_paper_once(many: DiscordLine, command: str) -> None:
    shown = ask(many, command)
    seen = shown.text
    for page in (2, 3):
        many.discord.click(many.ada, shown.message, "More →")
        soon(lambda page=page: f"page {page} of 3" in shown.text)  # type: ignore[misc] # at once
        seen += shown.text
    assert [seen.count(f"[Diffusion number {n}]") for n in range(1, 31)] == [1] * 30
    assert "page 2 of 3" in ask(many, command, page=2).text


def test_a_trend_turns_into_others_in_place(many: DiscordLine) -> None:
    shown = ask(many, "trending")
    for words, head in (
        ("trending month", "Trending, "),
        ("trending month by:growth", "Rising, "),
        ("trending month by:stars", "no paper of these days has code with stars"),
        ("trending by:stars", "Trending code, "),
    ):
        assert head in press(many, shown, acts.TURN, words).text
    assert many.discord.messages(many.channel) == []


def test_post_here_shows_the_same_to_all_with_the_buttons_that_are_theirs(many: DiscordLine) -> None:
    answers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("search", {"query": "diffusion", "page": 2}),
        ("search", {"query": LONG}),
        ("digest", {}),
        ("trending", {}),
        ("trending", {"period": "week"}),
        ("similar", {"paper": "diffusion"}),
    )
    for command, options in answers:
        mine = ask(many, command, **options)
        press(many, mine, acts.POST)
        shared = many.discord.messages(many.channel)[-1]
        assert not shared.is_ephemeral
        assert f"Shared by <@{many.ada.id}>" in shared.text
        assert shared.allowed_mentions == {"parse": []}
        titles = re.findall(r"Diffusion number \d+", mine.text)
        assert len(titles) >= 5
        assert re.findall(r"Diffusion number \d+", shared.text) == titles
        assert not verbs(shared) & PRIVATE
        assert acts.POST in verbs(mine.message)  # which stays as it was
    assert len(many.discord.messages(many.channel)) == len(answers)


def test_nothing_but_post_here_is_seen_by_others(many: DiscordLine) -> None:
    subscribe(many, query="diffusion")
    for command, options in (
        ("list", {}),
        ("search", {"query": "diffusion"}),
        ("digest", {}),
        ("why", {"paper": "2603.00001"}),
        ("settings", {}),
        ("help", {}),
    ):
        shown = ask(many, command, **options)
        for custom_id in shown.message.custom_ids:
            if acts.verb(custom_id) not in {acts.POST, acts.FORM, acts.TURN}:
                act = many.discord.click(many.ada, shown.message, custom_id)
                assert act.is_ephemeral, custom_id
        with pytest.raises(Impossible, match="sees that message"):
            many.discord.click(many.grace, shown.message, shown.message.custom_ids[0])
    assert many.discord.messages(many.channel) == []


def test_what_was_posted_here_answers_whoever_presses_it(many: DiscordLine) -> None:
    press(many, ask(many, "search", query=LONG), acts.POST)
    (shared,) = many.discord.messages(many.channel)
    found = press(many, shared, acts.SAY, "similar 2603.00001", many.grace)
    assert found.is_ephemeral
    assert "“Diffusion number 1”" in told(found)
    assert many.discord.messages(many.channel) == [shared]


def test_post_here_in_a_thread_posts_in_the_thread(many: DiscordLine) -> None:
    thread = many.discord.thread(many.channel)
    press(many, ask(many, "digest", many.ada, thread), acts.POST)
    assert len(many.discord.messages(thread)) == 1
    assert many.discord.messages(many.channel) == []


@pytest.mark.parametrize("label", ["More →", "Post here", "Subscribe to this"])
def test_a_button_whose_line_is_forgotten_says_so(many: DiscordLine, label: str) -> None:
    found = ask(many, "search", query=LONG)
    before = found.text
    tokens = [one.partition("~")[2] for one in found.message.custom_ids if "~" in one]
    assert len(tokens) >= 3
    for token in tokens:
        many.stores.server.call("DEL", keys.slip(token))
    act = many.discord.click(many.ada, found.message, label)
    act.until(lambda act: act.followups or act.type == 5)
    assert "that button is too old" in told(act)
    assert act.followups == [] or act.followups[0].is_ephemeral
    assert found.text == before
    assert many.discord.messages(many.channel) == []


def test_a_trend_can_be_had_every_day(many: DiscordLine) -> None:
    form = press(many, ask(many, "trending", period="week"), acts.FORM)
    assert "Subscribed" in told(press(many, many.discord.submit(many.ada, form), acts.SAVE))
    assert wants(many) == [Want(trending=5)]


def test_nobody_can_type_a_token(many: DiscordLine) -> None:
    found = ask(many, "search", query=LONG)
    (token, *_) = [one.partition(":")[2] for one in found.message.custom_ids if "~" in one]
    form = press(many, ask(many, "search", query=token), acts.FORM)
    assert form.modal["components"][0]["component"]["value"] == token  # it is a text like any other


def test_did_you_mean_says_it_right(many: DiscordLine) -> None:
    wrong = ask(many, "search", query="titel:diffusion")
    assert "Did you mean" in told(wrong)
    assert "papers for" in told(press(many, wrong, acts.SAY))


def test_votes_count_once_each_and_are_taken_back(hall: DiscordLine) -> None:
    hall.poll()
    shown = ask(hall, "why", paper="2603.00001")
    assert "👍 1 · 👎 0" in told(press(hall, shown, acts.UP, "2603.00001"))
    assert "taken back" in told(press(hall, shown, acts.UP, "2603.00001"))
    assert "👍 0 · 👎 1" in told(press(hall, shown, acts.DOWN, "2603.00001"))
    assert "👎 1 given here" in told(ask(hall, "list"))


def test_settings_turn_over_in_place_and_who_may_not_changes_none(hall: DiscordLine) -> None:
    shown = ask(hall, "settings")
    press(hall, shown, acts.TURN, "settings format full")
    assert "Posts show whole abstracts" in told(shown.message)
    assert "Settings kept" in told(shown.message)
    theirs = ask(hall, "settings", hall.grace)
    refused = press(hall, theirs, acts.TURN, "settings format compact", hall.grace)
    assert "Manage Channels" in told(*refused.followups)
    assert hall.stores.channels.channel(destination(hall.channel)).preferences == Preferences(format="full")


@pytest.mark.parametrize("number", [5, 6, 32])
def test_whatever_a_list_shows_can_be_edited_tested_and_dropped(hall: DiscordLine, number: int) -> None:
    hall.poll()
    for count in range(number):
        who = hall.discord.user("somebody", hall.guild, permissions=1 << 4)
        subscribe(hall, who, None, query=f"maps OR word{count}")
    listed = ask(hall, "list")
    last = f"#{number} maps OR word{number - 1}"
    if number <= 5:
        form = press(hall, listed, acts.FORM, f"#{number}")
        tested = press(hall, listed, acts.SAY, f"test {number}")
        press(hall, listed, acts.TURN, f"unsubscribe {number}")
    else:
        span = " #26 to #32" if number > 25 else ""
        form = choose(hall, listed, f"Edit{span} …", last)
        tested = choose(hall, listed, f"Test{span} …", last)
        choose(hall, listed, f"Unsubscribe from{span} …", last)
    assert form.modal["title"] == f"Edit #{number}"
    assert "Would have posted" in told(tested)
    assert tested.is_ephemeral
    assert f"Unsubscribed from #{number}" in told(listed)
    assert Want(query=f"maps OR word{number - 1}") not in wants(hall)
    press(hall, listed, acts.TURN, "list")
    assert last not in told(listed.message)
