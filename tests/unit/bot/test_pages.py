"""What stands above a page of papers, and what one can subscribe to from there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import Subscribe, parse
from bot.discord.render import render as render_discord
from bot.pages import found, subscribable
from bot.slack.render import render as render_slack
from bot.terminal.render import plain
from bot.terminal.render import render as render_terminal
from bot.wants import MAX_TOPIC
from papers.answers.archive import SearchAnswer
from papers.model import Want
from tests.unit.bot.discord import samples as discord
from tests.unit.bot.samples import NOW
from tests.unit.bot.slack import samples as slack

FOUND = SearchAnswer("", (), 25, 1, 5)
TITLE = "Drafts That Verifiers Accept"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (replace(FOUND, query="mamba"), "25 papers for mamba"),
        (replace(FOUND, like=TITLE), f"25 papers like “{TITLE}”"),
        (replace(FOUND, like="word " * 60), "25 papers like “" + "word " * 23 + "word…”"),
        (replace(FOUND, like="robots", total=0), "no papers like “robots”"),
        (FOUND, "25 papers"),
    ],
)
def test_a_heading_says_what_was_looked_for_as_a_person_would(answer: SearchAnswer, expected: str) -> None:
    assert "".join(found(answer)) == expected
    in_slack = render_slack(answer, NOW, "UTC")
    assert in_slack.text == expected
    assert f"{expected} · page 1 of 5" in slack.seen(in_slack.blocks)
    assert expected in discord.seen(render_discord(answer, NOW, "UTC").components).replace("**", "").replace("\\", "")
    assert " ".join(plain(render_terminal(answer, NOW, "UTC")).split()).startswith(f"{expected} · page 1 of 5")


def test_what_is_like_a_paper_can_be_subscribed_to_by_its_whole_title() -> None:
    assert parse(f"subscribe {subscribable(replace(FOUND, like=TITLE))}", NOW) == Subscribe(Want(topic=TITLE))
    long = subscribable(replace(FOUND, like="word " * 500))
    subscribed = parse(f"subscribe {long}", NOW)
    assert isinstance(subscribed, Subscribe)
    assert MAX_TOPIC - 10 < len(subscribed.want.topic or "") <= MAX_TOPIC
    assert subscribable(FOUND) == ""
