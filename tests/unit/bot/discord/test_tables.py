"""Answers that are rows: every row is there, and can be chosen, turned over or sent again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord import parts
from papers.answers.channel import LogAnswer, PauseAnswer, SettingsAnswer
from papers.answers.subscriptions import Listing, Row
from papers.lesson import Learned
from papers.model import Preferences
from tests.unit.bot.discord.samples import buttons, faults, menus, rendered, said, says, seen, told
from tests.unit.bot.samples import ANSWERS, LEARNED, NEXT, THIRD, listing


def test_each_of_a_few_subscriptions_can_be_edited_tested_and_dropped() -> None:
    found = says(rendered(ANSWERS[Listing]))
    assert found["Edit"] == ("form", "#3")
    assert found["Test"] == ("say", "test 3")
    assert found["Unsubscribe"] == ("turn", "unsubscribe 3")
    assert told(listing(5)).count("[Edit] [Test] [Unsubscribe]") == 5


@pytest.mark.parametrize("rows", [6, 25, 26, 32])
def test_one_of_many_subscriptions_is_chosen_from_a_menu(rows: int) -> None:
    message = rendered(listing(rows))
    assert "[Edit]" not in seen(message.components)
    offered: dict[str, list[str]] = {}
    for one in menus(message).values():
        offered.setdefault(said(one["custom_id"])[0], []).extend(option["value"] for option in one["options"])
    numbers = range(1, rows + 1)
    assert offered == {
        "form": [f"#{number}" for number in numbers],
        "say": [f"test {number}" for number in numbers],
        "turn": [f"unsubscribe {number}" for number in numbers],
    }


def test_a_menu_says_what_is_done_to_which() -> None:
    assert list(menus(rendered(listing(6)))) == ["Edit …", "Test …", "Unsubscribe from …"]
    more = menus(rendered(listing(32)))
    assert list(more)[:2] == ["Edit #1 to #25 …", "Edit #26 to #32 …"]
    assert more["Edit #26 to #32 …"]["options"][0] == {"label": "#26 topic 26", "value": "#26"}


@pytest.mark.parametrize("rows", [0, 1, 5, 6, 25, 26, 32])
def test_every_subscription_of_a_channel_is_listed(rows: int) -> None:
    message = rendered(listing(rows, suspended="x" * 600, up=3))
    text = seen(message.components)
    assert faults(message) == []
    assert all(f"**#{number}** topic {number}\n" in text for number in range(1, rows + 1))
    assert "… and" not in text


def test_more_subscriptions_than_a_channel_may_have_are_counted() -> None:
    message = rendered(listing(40))
    assert faults(message) == []
    assert "-# … and 8 more subscriptions" in seen(message.components)
    assert sum(len(one["options"]) for one in menus(message).values()) == 3 * 32


def test_a_channel_without_subscriptions_is_offered_one() -> None:
    message = rendered(listing(0))
    assert seen(message.components).startswith("**No subscriptions here yet.**")
    assert buttons(message)["Subscribe"]["style"] == parts.PRIMARY
    assert says(message)["Subscribe"] == ("form", "")


def test_a_paused_channel_can_be_resumed_and_a_suspended_one_repaired() -> None:
    paused = rendered(listing(1, paused=True, next_post=None))
    assert "**paused**" in seen(paused.components)
    assert says(paused)["Resume"] == ("say", "resume")
    closed = rendered(listing(1, suspended="*gone*"))
    assert r"⚠ Nothing can be posted here: \*gone\*. Mend it" in seen(closed.components)
    assert says(closed)["Repair"] == ("say", "resume")
    assert "Pause" not in says(closed)


def test_the_channels_votes_are_told_once_there_are_any() -> None:
    assert "👍 4 · 👎 1 given here" in told(listing(1, up=4, down=1))
    assert "👍" not in told(listing(1))


def test_the_next_post_is_told_in_the_readers_zone_and_the_rule_in_the_channels() -> None:
    text = told(ANSWERS[Listing])
    assert r"every weekday at 09\:00 Europe/Berlin" in text
    assert f"next <t:{NEXT.timestamp():.0f}:f> (<t:{NEXT.timestamp():.0f}:R>)" in text


def test_what_was_so_already_is_said_to_be() -> None:
    assert "It was so already" in told(SettingsAnswer(Preferences(), already=True))
    assert "Paused already" in told(PauseAnswer(paused=True, waiting=0, next_post=None, already=True))


@pytest.mark.parametrize("turned", [False, True])
def test_each_setting_has_a_button_that_turns_it_over_in_place(turned: bool) -> None:  # noqa: FBT001 - a case
    over = Preferences("full", "flat", "de", "admins", quiet=False, cards=True)
    found = says(rendered(SettingsAnswer(over if turned else Preferences())))
    wanted = (
        ["format compact", "replies thread", "changes members", "quiet on", "cards off"]
        if turned
        else ["format full", "replies flat", "changes admins", "quiet off", "cards on"]
    )
    assert list(found.values()) == [("turn", f"settings {line}") for line in wanted]


def test_what_was_possibly_sent_can_be_sent_again_and_nothing_else_can() -> None:
    assert says(rendered(ANSWERS[LogAnswer])) == {"Send again": ("say", f"resend {'b' * 24}")}
    assert told(LogAnswer(())) == "-# Nothing was posted here yet."


def test_what_a_topic_learned_stands_below_it_and_can_be_forgotten() -> None:
    taught = Row(THIRD, "about: inference", LEARNED)
    message = rendered(replace(listing(0), rows=(taught, *listing(2).rows)))
    assert faults(message) == []
    assert "**#3** about\\: inference\n-# learned from 12 votes\\: + quantization" in seen(message.components)
    assert [pressed for pressed in says(message).values() if "forget" in pressed[1]] == [("turn", "forget 3")]
    assert seen(message.components).count("[Forget votes]") == 1


@pytest.mark.parametrize("rows", [5, 6, 32])
def test_every_topic_says_what_it_learned_however_many_there_are(rows: int) -> None:
    long = Learned(1_000, ("quantization" * 9,) * 3, ("survey" * 9,) * 2)
    taught = tuple(replace(row, learned=long, label="word " * 50) for row in listing(rows).rows)
    message = rendered(replace(listing(0), rows=taught))
    assert faults(message) == []
    assert seen(message.components).count("learned from 1,000 votes") == rows
