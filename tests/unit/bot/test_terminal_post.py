"""Messages as a terminal channel shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.terminal.post import render_post
from bot.terminal.render import plain
from papers.model import DeliveryKind, Heading
from tests.unit.bot.samples import DRAFTS, PAPERS, POLICIES, delivery


def post(kind: DeliveryKind, **changes: object) -> str:
    return plain(render_post(delivery(kind, **changes), PAPERS))


def test_a_headline_names_channel_day_number_and_subscriptions_then_its_cards() -> None:
    rows = post("digest").splitlines()
    assert rows[0] == "#efficient-llms  Mon 23 Nov · 7 papers for diffusion -survey and 2 other subscriptions"
    assert rows[2:4] == ["• Drafts That Verifiers Accept", "  A draft model trained on rejections halves the latency."]
    assert rows[-1] == "  matches policies, -survey; #2 of the day's most upvoted"


def test_a_late_headline_says_so() -> None:
    heading = Heading(date(2026, 11, 23), 2, (), "late: Paperboy was down")
    assert "late: Paperboy was down" in post("digest", heading=heading)


def test_replies_are_set_in_and_bring_the_abstracts() -> None:
    thread = post("abstracts", items=(), abstracts=(DRAFTS.id,))
    assert all(row.startswith("    ") for row in thread.splitlines() if row)
    assert DRAFTS.abstract in " ".join(thread.split())
    assert "Example Lab" not in thread


def test_the_rest_brings_cards_whose_summary_is_the_abstract() -> None:
    thread = " ".join(post("more", abstracts=(DRAFTS.id,)).split())
    assert DRAFTS.abstract in thread
    assert str(DRAFTS.ai_summary) not in thread
    assert "Example Lab" in thread
    assert "top 1% for efficient LLM inference" in thread


@pytest.mark.parametrize(("kind", "said"), [("empty", "no papers: the weekend"), ("notice", "the weekend")])
def test_quiet_messages_are_one_line(kind: DeliveryKind, said: str) -> None:
    text = post(kind, items=(), heading=Heading(date(2026, 11, 22), 0, (), "the weekend"))
    assert text == f"#efficient-llms  Sun 22 Nov · {said}"


@pytest.mark.parametrize("kind", get_args(DeliveryKind))
def test_every_kind_of_message_renders_even_if_the_archive_forgot_its_papers(kind: DeliveryKind) -> None:
    text = plain(render_post(delivery(kind, abstracts=(DRAFTS.id,)), {}))
    assert (DRAFTS.id in text) == (kind not in {"empty", "notice", "edit"})


def test_a_full_headline_shows_abstracts_in_the_place_of_summaries() -> None:
    text = " ".join(post("digest", abstracts=(DRAFTS.id, POLICIES.id)).split())
    assert DRAFTS.abstract in text
    assert str(DRAFTS.ai_summary) not in text
    assert "top 1% for efficient LLM inference" in text


def test_a_flat_reply_is_not_set_in() -> None:
    told = post("abstracts", items=(), abstracts=(DRAFTS.id,), parent="b" * 24, flat=True)
    assert told.startswith("↳ #efficient-llms")


def test_the_day_is_told_in_the_channels_language() -> None:
    heading = replace(delivery("digest").heading, language="de")
    assert "Mo., 23. Nov. · 7 papers" in post("digest", heading=heading)
