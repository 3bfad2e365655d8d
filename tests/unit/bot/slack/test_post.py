"""Posts: what a reader finds in which order, on every day that there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.slack.fit import weight
from bot.slack.limits import MESSAGE_CHARACTERS
from bot.slack.post import render_card, render_post
from papers.answers.card import Card
from papers.model import DeliveryKind, Heading, Item, Paper, Reason
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import CARDS, DRAFTS, PAPERS, POLICIES, TOPIC, delivery
from tests.unit.bot.slack.samples import says, seen


def test_a_headline_is_the_day_and_how_many_then_for_what_then_its_cards() -> None:
    message = render_post(delivery("digest"), PAPERS)
    assert seen(message.blocks).splitlines() == [
        "Mon 23 Nov · 7 papers",
        "for diffusion -survey, trending, robots",
        "---",
        "*<https://huggingface.co/papers/2607.21557|Drafts That Verifiers Accept>*",
        "A draft model trained on rejections halves the latency. {Drafts That Verifiers Accept}",
        ("AI summary, Hugging Face · M. Okonkwo et al. (Example Lab) · ⬆ 120 · <https://github.com/x/y|code ★ 3.4k>"),
        "top 1% for *efficient LLM inference*",
        "[👍] [👎] [Why this?] [More like this]",
        "---",
        "*<https://arxiv.org/abs/2607.20001|Policies That Stop>*",
        "They stop.",
        "A. Silva",
        "matches *policies*, -survey; #2 of the day's most upvoted",
        "[👍] [👎] [Why this?] [More like this]",
    ]
    assert (
        message.text
        == "Mon 23 Nov · 7 papers for diffusion -survey and 2 other subscriptions: Drafts That Verifiers Accept"
    )


def test_each_button_says_what_could_be_typed() -> None:
    message = render_post(delivery("digest", items=delivery("digest").items[:1]), PAPERS)
    assert says(message.blocks) == {
        "👍": ("up", DRAFTS.id),
        "👎": ("down", DRAFTS.id),
        "Why this?": ("say", f"why {DRAFTS.id}"),
        "More like this": ("say", f"similar {DRAFTS.id}"),
    }


def test_a_late_headline_says_so() -> None:
    heading = Heading(date(2026, 11, 23), 2, ("robots",), "late: Paperboy was down")
    assert "for robots · late: Paperboy was down" in seen(
        render_post(delivery("digest", heading=heading), PAPERS).blocks
    )


def test_a_day_is_spelt_in_the_channels_language() -> None:
    heading = Heading(date(2026, 11, 24), 2, language="de")
    assert seen(render_post(delivery("digest", heading=heading), PAPERS).blocks).startswith("Di., 24. Nov.")


def test_a_post_without_pictures_has_everything_else() -> None:
    with_pictures, without = (render_post(delivery("digest"), PAPERS, pictures=wanted) for wanted in (True, False))
    assert seen(without.blocks) == seen(with_pictures.blocks).replace(" {Drafts That Verifiers Accept}", "")
    assert violations(without.blocks) == []


def test_abstracts_come_with_their_titles_and_without_buttons() -> None:
    message = render_post(delivery("abstracts", items=(), abstracts=(DRAFTS.id, POLICIES.id)), PAPERS)
    assert seen(message.blocks).splitlines() == [
        "Mon 23 Nov · abstracts of 7 papers",
        DRAFTS.title,
        DRAFTS.abstract,
        POLICIES.title,
        POLICIES.abstract,
    ]


@pytest.mark.parametrize("kind", ["digest", "more"])
def test_cards_show_the_abstract_where_the_message_brings_it(kind: DeliveryKind) -> None:
    text = seen(render_post(delivery(kind, abstracts=(DRAFTS.id,)), PAPERS).blocks)
    assert DRAFTS.abstract in text
    assert str(DRAFTS.ai_summary) not in text
    assert "top 1% for *efficient LLM inference*" in text
    assert "[Why this?]" in text


@pytest.mark.parametrize("kind", ["empty", "notice"])
def test_an_empty_day_and_a_notice_are_one_quiet_line(kind: DeliveryKind) -> None:
    heading = Heading(date(2026, 11, 22), 0, (), "the weekend")
    said = {"empty": "no papers: the weekend", "notice": "the weekend"}[kind]
    message = render_post(delivery(kind, items=(), heading=heading), {})
    assert seen(message.blocks) == message.text == f"Sun 22 Nov · {said}"


def test_a_notice_about_a_channel_names_it_and_offers_repair() -> None:
    heading = Heading(date(2026, 11, 22), 0, note="nothing can be posted to C024BE91L any more", about="C024BE91L")
    message = render_post(delivery("notice", items=(), heading=heading), {})
    shown = message.blocks[0]["elements"][0]["elements"]
    assert {"type": "channel", "channel_id": "C024BE91L", "style": {"bold": True}} in shown
    assert seen(message.blocks[:1]) == "Sun 22 Nov · nothing can be posted to #C024BE91L any more"
    assert says(message.blocks) == {"Repair": ("repair", "C024BE91L")}


def test_what_is_no_channels_id_is_not_shown_as_a_channel() -> None:
    heading = Heading(date(2026, 11, 22), 0, note="nothing goes to <!here> any more", about="<!here>")
    shown = render_post(delivery("notice", items=(), heading=heading), {}).blocks[0]["elements"][0]["elements"]
    assert {part["type"] for part in shown} == {"text"}


@pytest.mark.parametrize("kind", get_args(DeliveryKind))
def test_every_kind_renders_even_if_the_archive_forgot_its_papers(kind: DeliveryKind) -> None:
    message = render_post(delivery(kind, abstracts=(DRAFTS.id,)), {})
    assert (DRAFTS.id in seen(message.blocks)) == (kind not in {"empty", "notice", "edit"})
    assert violations(message.blocks) == []


ENDED = "word…"


def huge(number: int) -> Paper:
    """Everything about it is as long as it can be, and made of what grows when it is escaped."""
    many = "&" * 3_000
    return Paper(
        f"x{number:015x}",
        many,
        abstract="word " * 5_000,
        authors=(many, many, many),
        url="https://x.org/" + "a" * 386,
        sources=tuple(f"https://{letter * 60}.org/" for letter in "abcdefgh"),
        organization=many,
        upvotes=10**12,
        code_url="https://x.org/" + "c" * 110,
        thumbnail="https://x.org/" + "t" * 236,
        ai_summary=many,
    )


@pytest.mark.parametrize("kind", ["digest", "more", "abstracts"])
def test_five_papers_of_the_largest_kind_are_all_in_their_message(kind: DeliveryKind) -> None:
    papers = {one.id: one for one in map(huge, range(5))}
    reason = Reason(("&" * 100,) * 9, ("&" * 100,) * 9, "&" * 2_000, 0.01, 1, "https://x.org/feed")
    items = tuple(Item(one, 1.0, (1,), (reason, TOPIC)) for one in papers)
    heading = Heading(date(2026, 11, 23), 5, ("&" * 2_000,) * 32, "&" * 500)
    for abstracts in ((), tuple(papers)) if kind != "abstracts" else (tuple(papers),):
        brought = delivery(kind, items=() if kind == "abstracts" else items, abstracts=abstracts, heading=heading)
        message = render_post(brought, papers)
        assert violations(message.blocks) == []
        assert weight(message.blocks) <= MESSAGE_CHARACTERS
        assert "… and " not in seen(message.blocks[-1:])
        assert seen(message.blocks).count(ENDED if abstracts else "https://x.org/aaa") == 5


def test_five_abstracts_of_an_ordinary_length_are_whole() -> None:
    papers = {f"2607.0000{n}": Paper(f"2607.0000{n}", "Title", "word " * 299 + "end.") for n in range(5)}
    message = render_post(delivery("abstracts", items=(), abstracts=tuple(papers)), papers)
    assert seen(message.blocks).count("end.") == 5


def test_a_shared_link_gets_a_card_with_a_way_on() -> None:
    message = render_card(CARDS[0])
    assert seen(message.blocks).startswith(f"*<{DRAFTS.url}|{DRAFTS.title}>*\nIt halves the latency. {{")
    assert says(message.blocks) == {"More like this": ("say", f"similar {DRAFTS.id}")}
    assert message.text == DRAFTS.title


def test_a_paper_whose_title_shows_nothing_is_named_by_its_id() -> None:
    nameless = replace(DRAFTS, title="\u202e", url="javascript:alert(1)", thumbnail="file:///etc/passwd")
    text = seen(render_card(Card(nameless, "")).blocks)
    assert text.startswith(f"*{DRAFTS.id}*\nM. Okonkwo")
