"""App Home: first steps for who is new, else every channel with its next post and its buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.slack.home import home
from papers.answers.subscriptions import Overview
from papers.model import Destination
from tests.fakes.slack.blocks import view_violations
from tests.unit.bot.samples import NOW, listing
from tests.unit.bot.slack.samples import CHANNEL, says, seen

ME = "U024BE7LH"
MINE = Destination("slack", "T1", f"@{ME}")


def test_who_is_new_gets_three_steps_that_begin_at_once() -> None:
    view = home((), now=NOW, user=ME)
    assert view_violations(view) == []
    text = seen(view["blocks"])
    assert text.index("1. For yourself") < text.index("2. For a channel") < text.index("3. Look around")
    assert "/invite @Paperboy" in text
    assert says(view["blocks"]) == {
        "Papers for me": ("channel-form", f"@{ME}"),
        "Papers for a channel": ("channel-form", None),
        "Trending papers": ("say", "trending"),
        "How it works": ("say", "help"),
    }


def test_each_channel_is_told_with_its_subscriptions_its_next_post_and_its_buttons() -> None:
    view = home((Overview(CHANNEL, listing(7)),), now=NOW, user=ME)
    assert view_violations(view) == []
    text = seen(view["blocks"])
    assert "#C024BE91L\n#1 topic 1\n#2 topic 2\n#3 topic 3\n#4 topic 4\n#5 topic 5\n… and 2 more subscriptions" in text
    assert "every weekday at 09:00 Europe/Berlin · next " in text
    assert says(view["blocks"])["Subscribe"] == ("channel-form", CHANNEL.channel)
    assert says(view["blocks"])["Show all"] == ("channel-list", CHANNEL.channel)
    assert says(view["blocks"])["Papers for me"] == ("channel-form", f"@{ME}")


def test_the_personal_channel_is_called_so_and_not_offered_twice() -> None:
    view = home((Overview(MINE, listing(1)),), now=NOW, user=ME)
    assert "Papers for you\n#1 topic 1" in seen(view["blocks"])
    assert "Papers for me" not in says(view["blocks"])


def test_a_suspended_channel_says_why_and_offers_repair_and_a_paused_one_resume() -> None:
    closed = home((Overview(CHANNEL, listing(1, suspended="is_archived")),), now=NOW, user=ME)
    assert "⚠ Nothing can be posted here: is_archived" in seen(closed["blocks"])
    assert says(closed["blocks"])["Repair"] == ("repair", CHANNEL.channel)
    paused = home((Overview(CHANNEL, listing(1, paused=True, next_post=None)),), now=NOW, user=ME)
    assert "*paused*" in seen(paused["blocks"])
    assert says(paused["blocks"])["Resume"] == ("repair", CHANNEL.channel)


@pytest.mark.parametrize("channels", [1, 24, 25, 60])
def test_more_channels_than_fit_are_counted(channels: int) -> None:
    many = [Overview(replace(CHANNEL, channel=f"C{number:08}"), listing(32)) for number in range(channels)]
    view = home(many, now=NOW, user=ME)
    assert view_violations(view) == []
    text = seen(view["blocks"])
    left = channels - text.count("[Show all]")
    assert (f"… and {left} more channel" in text) == (left > 0)
    assert left == max(0, channels - 24)
