"""A feed that fails, as each platform shows it: in `list`, and in the notice that it was given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.post import render_post as discord_post
from bot.slack.post import render_post as slack_post
from bot.terminal.render import plain, render
from papers.answers.subscriptions import Row
from papers.model import Heading
from papers.trouble import Trouble
from tests.fakes.slack.blocks import violations
from tests.unit.bot.discord.samples import faults, says, seen
from tests.unit.bot.discord.samples import rendered as discord_answer
from tests.unit.bot.samples import NOW, THIRD, delivery, listing
from tests.unit.bot.slack import samples as slack
from tests.unit.bot.slack.test_render import rendered as slack_answer

NOTE = "the feed lab.org/feed is paused: answers 404 since Tue 3 Nov; /papers repair 3 tries it again"
NOTICE = delivery("notice", items=(), heading=Heading(NOW.date(), 0, note=NOTE, repair=3))
PAUSED = Trouble("answers 404", NOW, paused=True)
LISTING = replace(listing(0), rows=(Row(THIRD, "https://lab.org/feed", None, PAUSED), *listing(2).rows))
SAID = "paused: answers 404 since Mon 23 Nov"


def test_a_notice_in_slack_offers_to_try_the_feed_again() -> None:
    blocks = slack_post(NOTICE, {}).blocks
    assert violations(blocks) == []
    assert "lab.org/feed is paused: answers 404" in slack.seen(blocks)
    assert slack.buttons(blocks)["Repair"]["value"] == "repair 3"


def test_a_notice_in_discord_offers_to_try_the_feed_again() -> None:
    message = discord_post(NOTICE, {})
    assert "answers 404" in seen(message.components)
    assert says(message)["Repair"] == ("say", "repair 3")


def test_list_in_slack_shows_what_is_wrong_and_a_way_to_mend_it() -> None:
    blocks = slack_answer(LISTING).blocks
    assert violations(blocks) == []
    assert SAID in slack.seen(blocks)
    assert slack.seen(blocks).count("[Repair]") == 1
    assert slack.buttons(blocks)["Repair"]["value"] == "repair 3"


def test_list_in_discord_shows_what_is_wrong_and_a_way_to_mend_it() -> None:
    message = discord_answer(LISTING)
    assert faults(message) == []
    assert SAID.replace(":", "\\:") in seen(message.components)
    assert says(message)["Repair"] == ("say", "repair 3")


def test_list_in_a_terminal_shows_what_is_wrong_and_what_to_type() -> None:
    assert f"{SAID}; /papers repair 3" in plain(render(LISTING, NOW, "UTC"))


@pytest.mark.parametrize("rows", [5, 16, 32])
def test_however_many_fail_it_is_told_of_each(rows: int) -> None:
    failing = replace(listing(0), rows=tuple(replace(row, trouble=PAUSED) for row in listing(rows).rows))
    blocks = slack_answer(failing).blocks
    assert violations(blocks) == []
    assert slack.seen(blocks).count("answers 404") == rows
    assert seen(discord_answer(failing).components).count("answers 404") == rows
