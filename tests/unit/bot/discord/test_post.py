"""Posts: what a reader finds in which order, on every day that there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.discord.message import Message
from bot.discord.parts import length, number
from bot.discord.post import render_card, render_post
from papers.answers.card import Card
from papers.model import Delivery, DeliveryKind, Heading, Item, Paper, Reason
from tests.fakes.discord.payloads import violations
from tests.unit.bot.discord.reader import shown
from tests.unit.bot.discord.samples import THUMBNAIL, buttons, inside, says, seen, texts
from tests.unit.bot.samples import CARDS, DRAFTS, PAPERS, POLICIES, TOPIC, delivery


def pictures(message: Message) -> int:
    return sum(one["type"] == THUMBNAIL for one in inside(message.components))


def test_a_headline_is_the_day_and_how_many_then_for_what_then_its_cards() -> None:
    message = render_post(delivery("digest"), PAPERS)
    assert seen(message.components).splitlines() == [
        "### Mon 23 Nov · 7 papers",
        "-# for diffusion -survey, trending, robots",
        "**[Drafts That Verifiers Accept](https://huggingface.co/papers/2607.21557)**",
        "A draft model trained on rejections halves the latency.",
        (
            "-# AI summary, Hugging Face · "
            r"M. Okonkwo et al. \(Example Lab) · ⬆ 120 · [code ★ 3.4k](https://github.com/x/y)"
        ),
        "-# top 1% for **efficient LLM inference** {Drafts That Verifiers Accept}",
        "[👍] [👎] [Why this?] [More like this]",
        "**[Policies That Stop](https://arxiv.org/abs/2607.20001)**",
        "They stop.",
        "-# A. Silva",
        r"-# matches **policies**, \-survey; \#2 of the day's most upvoted",
        "[👍] [👎] [Why this?] [More like this]",
    ]


def test_a_post_notifies_nobody_and_goes_out_as_it_is() -> None:
    payload = render_post(delivery("digest"), PAPERS).payload()
    assert payload["allowed_mentions"] == {"parse": []}
    assert payload["flags"] == 1 << 15
    assert render_post(delivery("digest"), PAPERS).payload(ephemeral=True)["flags"] == 1 << 15 | 1 << 6
    assert violations(payload) == []


def test_each_button_says_what_could_be_typed_and_the_votes_name_their_post() -> None:
    message = render_post(delivery("digest", items=delivery("digest").items[:1]), PAPERS)
    assert says(message) == {
        "👍": ("up", DRAFTS.id),
        "👎": ("down", DRAFTS.id),
        "Why this?": ("say", f"why {DRAFTS.id}"),
        "More like this": ("say", f"similar {DRAFTS.id}"),
    }
    assert buttons(message)["👍"]["custom_id"] == f"up#{'a' * 24}:{DRAFTS.id}"


def test_a_late_headline_says_so() -> None:
    heading = Heading(date(2026, 11, 23), 2, ("robots",), "late: Paperboy was down")
    assert r"-# late\: Paperboy was down · for robots" in seen(
        render_post(delivery("digest", heading=heading), PAPERS).components
    )


def test_a_day_is_spelt_in_the_channels_language() -> None:
    heading = Heading(date(2026, 11, 24), 2, language="de")
    assert shown(texts(render_post(delivery("digest", heading=heading), PAPERS))[0]).startswith("Di., 24. Nov.")


def test_a_post_without_pictures_has_everything_else() -> None:
    with_pictures, without = (render_post(delivery("digest"), PAPERS, pictures=wanted) for wanted in (True, False))
    assert seen(without.components) == seen(with_pictures.components).replace(" {Drafts That Verifiers Accept}", "")
    assert violations(without.payload()) == []


def test_abstracts_come_with_their_titles_and_with_votes() -> None:
    message = render_post(delivery("abstracts", items=(), abstracts=(DRAFTS.id, POLICIES.id)), PAPERS)
    assert seen(message.components).splitlines() == [
        "-# Mon 23 Nov · abstracts of 7 papers",
        f"**[{DRAFTS.title}]({DRAFTS.url})**",
        DRAFTS.abstract,
        "[👍] [👎]",
        f"**[{POLICIES.title}]({POLICIES.url})**",
        POLICIES.abstract,
        "[👍] [👎]",
    ]


@pytest.mark.parametrize("kind", ["digest", "more"])
def test_cards_show_the_abstract_where_the_message_brings_it_and_no_picture_beside_it(kind: DeliveryKind) -> None:
    message = render_post(delivery(kind, abstracts=(DRAFTS.id,)), PAPERS)
    text = seen(message.components)
    assert DRAFTS.abstract in text
    assert str(DRAFTS.ai_summary) not in text
    assert "top 1% for **efficient LLM inference**" in text
    assert "[Why this?]" in text
    assert pictures(message) == 0


@pytest.mark.parametrize("kind", ["empty", "notice"])
def test_an_empty_day_and_a_notice_are_one_line_and_a_way_on(kind: DeliveryKind) -> None:
    heading = Heading(date(2026, 11, 22), 0, (), "the weekend")
    said = {"empty": "no papers: the weekend", "notice": "the weekend"}[kind]
    message = render_post(delivery(kind, items=(), heading=heading), {})
    line, row = seen(message.components).splitlines()
    assert shown(line) == f"Sun 22 Nov · {said}"
    assert row == "[Show subscriptions]"
    assert says(message) == {"Show subscriptions": ("say", "list")}


def test_a_notice_about_a_channel_names_it_and_offers_repair() -> None:
    heading = Heading(date(2026, 11, 22), 0, note="_nothing_ can be posted to 1024 any more (*)", about="1024")
    message = render_post(delivery("notice", items=(), heading=heading), {})
    assert texts(message) == [r"Sun 22 Nov · \_nothing\_ can be posted to <#1024> any more \(\*)"]
    assert says(message) == {"Repair": ("repair", "1024")}


def test_what_is_no_channels_id_is_not_shown_as_a_channel() -> None:
    heading = Heading(date(2026, 11, 22), 0, note="nothing goes to @here any more", about="@here")
    message = render_post(delivery("notice", items=(), heading=heading), {})
    assert texts(message) == [r"Sun 22 Nov · nothing goes to \@here any more"]


@pytest.mark.parametrize("kind", get_args(DeliveryKind))
def test_every_kind_renders_even_if_the_archive_forgot_its_papers(kind: DeliveryKind) -> None:
    message = render_post(delivery(kind, abstracts=(DRAFTS.id,)), {})
    assert (DRAFTS.id in seen(message.components)) == (kind not in {"empty", "notice", "edit"})
    assert violations(message.payload()) == []


ENDED = "word…"


def huge(number: int) -> Paper:
    """Everything about it is as long as it can be, and made of what grows when it is escaped."""
    many = "*" * 3_000
    return Paper(
        f"x{number:015x}",
        many,
        abstract="word " * 5_000,
        authors=(many, many, many),
        url="https://x.org/" + "a" * 166,
        sources=tuple(f"https://{letter * 60}.org/" for letter in "abcdefgh"),
        organization=many,
        upvotes=10**12,
        code_url="https://x.org/" + "c" * 70,
        thumbnail="https://x.org/" + "t" * 1_980,
        ai_summary=many,
    )


def brought(kind: DeliveryKind, papers: dict[str, Paper], abstracts: tuple[str, ...] = ()) -> Delivery:
    reason = Reason(("*" * 100,) * 9, ("*" * 100,) * 9, "*" * 2_000, 0.01, 1, "https://x.org/feed")
    items = tuple(Item(one, 1.0, (1,), (reason, TOPIC)) for one in papers)
    heading = Heading(date(2026, 11, 23), 5, ("*" * 2_000,) * 32, "*" * 500)
    return delivery(kind, items=() if kind == "abstracts" else items, abstracts=abstracts, heading=heading)


@pytest.mark.parametrize("kind", ["digest", "more", "abstracts"])
def test_five_papers_of_the_largest_kind_are_all_in_their_message(kind: DeliveryKind) -> None:
    papers = {one.id: one for one in map(huge, range(5))}
    for abstracts in ((), tuple(papers)) if kind != "abstracts" else (tuple(papers),):
        message = render_post(brought(kind, papers, abstracts), papers)
        assert violations(message.payload()) == []
        assert length(message.components) <= 4_000
        assert "… and " not in seen(message.components[-1:])
        assert seen(message.components).count("https://x.org/aaa") == 5
        assert seen(message.components).count(ENDED) == (5 if abstracts else 0)
        assert pictures(message) == (0 if abstracts else 4)


@pytest.mark.parametrize("papers", [1, 4, 5])
def test_papers_have_pictures_as_far_as_there_are_components_for_them(papers: int) -> None:
    made = {one.id: replace(DRAFTS, id=one.id) for one in map(huge, range(papers))}
    message = render_post(brought("digest", made), made)
    assert pictures(message) == min(papers, 4)
    assert number(message.components) + 1 <= 40
    assert seen(message.components).count("[👍] [👎] [Why this?] [More like this]") == papers


@pytest.mark.parametrize("papers", range(6, 10))
def test_more_papers_than_a_message_has_room_for_are_counted(papers: int) -> None:
    made = {one.id: replace(DRAFTS, id=one.id) for one in map(huge, range(papers))}
    message = render_post(brought("digest", made), made)
    left = papers - seen(message.components).count("[👍]")
    assert violations(message.payload()) == []
    assert left == 0 or f"… and {left} more paper" in seen(message.components)


def test_a_summary_is_whole_however_much_of_it_must_be_escaped() -> None:
    starry = replace(DRAFTS, ai_summary="*" * 240)
    message = render_post(delivery("digest"), {**PAPERS, DRAFTS.id: starry})
    assert r"\*" * 240 + "\n" in seen(message.components)


def test_a_long_abstract_has_the_room_that_short_ones_leave() -> None:
    long = {f"2607.0000{n}": Paper(f"2607.0000{n}", "Title", "word " * 119 + "end.") for n in range(4)}
    long["2607.00009"] = Paper("2607.00009", "Title", "word " * 269 + "end.")
    message = render_post(delivery("abstracts", items=(), abstracts=tuple(long)), long)
    assert seen(message.components).count("end.") == 5
    assert length(message.components) < 4_000


def test_what_is_too_long_is_cut_where_everybody_sees_it() -> None:
    papers = {f"2607.0000{n}": Paper(f"2607.0000{n}", "Title", "word " * 299 + "end.") for n in range(5)}
    message = render_post(delivery("abstracts", items=(), abstracts=tuple(papers)), papers)
    assert seen(message.components).count("…\n") == 5
    assert 3_980 < length(message.components) <= 4_000


def test_a_shared_link_gets_a_card_with_a_way_on() -> None:
    message = render_card(CARDS[0])
    assert seen(message.components).startswith(f"**[{DRAFTS.title}]({DRAFTS.url})**\nIt halves the latency.\n-# M.")
    assert says(message) == {"More like this": ("say", f"similar {DRAFTS.id}")}
    assert pictures(message) == 1


def test_a_paper_whose_title_shows_nothing_is_named_by_its_id() -> None:
    nameless = replace(DRAFTS, title="\u202e", url="javascript:alert(1)", thumbnail="file:///etc/passwd")
    message = render_card(Card(nameless, ""))
    assert seen(message.components).startswith(f"**{DRAFTS.id}**\n-# M. Okonkwo")
    assert pictures(message) == 0
