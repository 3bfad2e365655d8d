"""What votes taught a topic is told in its row, and can be forgotten there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.answers.subscriptions import Row
from papers.answers.votes import Voted
from papers.lesson import Learned
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import DRAFTS, LEARNED, THIRD, listing
from tests.unit.bot.slack.samples import buttons, seen
from tests.unit.bot.slack.test_render import rendered

TAUGHT = Row(THIRD, "about: inference", LEARNED)
SAID = "learned from 12 votes: + quantization, + KV, \N{MINUS SIGN} survey"


def test_what_a_topic_learned_stands_below_it_and_can_be_forgotten() -> None:
    blocks = rendered(replace(listing(0), rows=(TAUGHT, *listing(2).rows))).blocks
    assert violations(blocks) == []
    assert f"#3 about: inference\n{SAID}" in seen(blocks)
    assert seen(blocks).count("[Forget votes]") == 1
    assert buttons(blocks)["Forget votes"]["value"] == "forget 3"


@pytest.mark.parametrize("rows", [15, 16, 32])
def test_every_topic_says_what_it_learned_however_many_there_are(rows: int) -> None:
    taught = tuple(replace(row, learned=Learned(1_000, ("kernel",))) for row in listing(rows).rows)
    blocks = rendered(replace(listing(0), rows=taught)).blocks
    assert violations(blocks) == []
    assert seen(blocks).count("learned from 1,000 votes: + kernel") == rows


def test_a_vote_tells_who_learns_from_it() -> None:
    assert "in this channel · #3 learns from it" in seen(rendered(Voted(DRAFTS, 1, 1, 0, (3,))).blocks)
