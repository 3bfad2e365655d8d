"""Renderings out: what people read, in which order, and what hostile text cannot do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import get_args
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from bot.commands import parse
from bot.terminal.card import safe_link
from bot.terminal.post import render_post
from bot.terminal.render import plain, render, render_error
from papers import answers
from papers.answers import Answer, Card
from papers.errors import NotFoundError, PaperboyError, QueryError, UsageError
from papers.model import Delivery, DeliveryKind, Destination, Heading, Item, Paper, Reason, Schedule, Subscription, Want

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BERLIN = Schedule("daily", "09:00", "Europe/Berlin", weekdays=True)
CHANNEL = Destination("terminal", "local", "efficient-llms")
DRAFTS = Paper(
    "2607.21557",
    "Drafts That Verifiers Accept",
    abstract="Serving is slow. We train a draft model on what its verifier rejects. It halves the latency.",
    authors=("Mira Okonkwo", "Jean-Luc Bernard", "Wei Zhang"),
    url="https://huggingface.co/papers/2607.21557",
    sources=("huggingface",),
    organization="Example Lab",
    upvotes=120,
    code_url="https://github.com/x/y",
    code_stars=3_412,
    ai_summary="A draft model trained on rejections halves the latency.",
)
POLICIES = Paper("2607.20001", "Policies That Stop", "They stop.", ("Ana Silva",), "https://arxiv.org/abs/2607.20001")
PAPERS = {paper.id: paper for paper in (DRAFTS, POLICIES)}
TOPIC = Reason(topic="efficient LLM inference", share=0.01)
WORDS = Reason(words=("policies",), without=("survey",))
CARDS = (Card(DRAFTS, "It halves the latency.", (TOPIC,)), Card(POLICIES, "They stop.", (WORDS, WORDS, TOPIC)))
THIRD = Subscription(f"{CHANNEL}#3", 3, CHANNEL, Want(query="diffusion -survey"))
PREVIEW = answers.Preview("diffusion -survey", 30, 14, 1_204, CARDS, "mostly from one feed")
ANSWERS: dict[type, Answer] = {
    type(answer): answer
    for answer in (
        answers.Help((("/papers list", "show what is subscribed to"),)),
        answers.SearchAnswer("mamba", CARDS, 12, 1, 2, "words only"),
        PREVIEW,
        answers.Draft(THIRD, PREVIEW, 3, can_tighten=True),
        answers.Saved(THIRD, PREVIEW, BERLIN, NEXT),
        answers.Removed(THIRD, "diffusion -survey"),
        answers.Listing((answers.Row(THIRD, "diffusion -survey"),), BERLIN, NEXT, paused=False),
        answers.ScheduleAnswer(BERLIN, NEXT, paused=False),
        answers.PauseAnswer(paused=True, waiting=3, next_post=None),
        answers.DigestAnswer("trending", date(2026, 11, 17), date(2026, 11, 23), CARDS, 42),
        answers.WhyAnswer(
            DRAFTS,
            "Posted on Mon 23 Nov.",
            (
                answers.WhyRow(1, "mamba -survey", wanted=False, missed=("mamba",), blocked=("survey",)),
                answers.WhyRow(2, "about: inference", wanted=True, z=2.311, bar=2.0, share=0.01),
                answers.WhyRow(3, "trending top:5", wanted=False, note="not among the top 5"),
            ),
        ),
        answers.LogAnswer((answers.LogRow(NOW, "a" * 24, "digest", "dead", 5, "the channel is archived"),)),
    )
}
SAID: dict[type, tuple[str, ...]] = {
    answers.Help: ("/papers list  show what is subscribed to",),
    answers.SearchAnswer: ("12 papers for mamba · page 1 of 2", "words only", "• Drafts", "more with page:2"),
    answers.Preview: ("diffusion -survey", "14 papers in the last 30 days, about 3 a week", "mostly from", "• Drafts"),
    answers.Draft: ("diffusion -survey", "Not saved yet · save, tighten, loosen or cancel · saving changes #3"),
    answers.Saved: ("✓ Subscribed: #3 diffusion -survey", "next tomorrow, Tue 24 Nov at 09:00", "• Drafts"),
    answers.Removed: ("✓ Unsubscribed from #3 diffusion -survey",),
    answers.Listing: ("#3  diffusion -survey", "every weekday at 09:00 Europe/Berlin · next tomorrow"),
    answers.ScheduleAnswer: ("every weekday at 09:00 Europe/Berlin · next tomorrow, Tue 24 Nov",),
    answers.PauseAnswer: ("✓ Paused · 3 papers waiting",),
    answers.DigestAnswer: ("Trending, Tue 17 Nov to Mon 23 Nov · 42 papers", "the first 2", "1 Drafts", "2 Policies"),
    answers.WhyAnswer: (
        "• Drafts",
        "Posted on Mon 23 Nov.",
        "✗ #1 mamba -survey · not wanted\n  lacks mamba · has survey, which is excluded",
        "✓ #2 about: inference · wanted\n  top 1% for the topic · score 2.31 · bar 2.00",
        "✗ #3 trending top:5 · not wanted\n  not among the top 5",
    ),
    answers.LogAnswer: ("times in Europe/Berlin", "Mon 23 Nov 09:00  dead  digest  5 papers  the channel is archived"),
}


def shown(answer: Answer) -> str:
    return plain(render(answer, NOW, "Europe/Berlin"))


def post(kind: DeliveryKind, **changes: object) -> str:
    return plain(render_post(delivery(kind, **changes), PAPERS))


def delivery(kind: DeliveryKind, **changes: object) -> Delivery:
    heading = Heading(date(2026, 11, 23), 7, ("diffusion -survey", "trending top:5", "about: robots"))
    items = (Item(DRAFTS.id, 2.0, (1,), (TOPIC,)), Item(POLICIES.id, 1.0, (2, 3), (WORDS, Reason(trending=2))))
    return replace(Delivery("a" * 24, CHANNEL, kind, heading, NOW, items), **changes)  # type: ignore[arg-type] # fields


def coloured(renderable: RenderableType) -> str:
    out = StringIO()
    Console(file=out, width=100, force_terminal=True, color_system="truecolor", legacy_windows=False).print(renderable)
    return out.getvalue()


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_answer_says_what_it_holds_in_order(kind: type) -> None:
    text, start = shown(ANSWERS[kind]), 0
    for expected in SAID[kind]:
        start = text.index(expected, start)


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("width", [40, 100, 200])
def test_no_line_is_wider_than_the_terminal_or_a_page(kind: type, width: int) -> None:
    lines = plain(render(ANSWERS[kind], NOW, "UTC"), width=width).splitlines()
    assert max(map(len, lines)) <= min(width, 100)


def test_a_card_is_title_summary_people_badges_and_reason() -> None:
    first, second = shown(answers.SearchAnswer("q", CARDS, 2, 1, 1)).split("\n\n")[1:]
    assert first.splitlines() == [
        "• Drafts That Verifiers Accept",
        "  It halves the latency.",
        "  M. Okonkwo et al. (Example Lab) · ⬆ 120 · code ★ 3.4k · Hugging Face · 2607.21557",
        "  top 1% for efficient LLM inference",
    ]
    assert second.splitlines()[-1] == "  matches policies, -survey; top 1% for efficient LLM inference"


def test_a_feeds_entry_is_known_by_its_address() -> None:
    entry = Paper("x00ff00ff00ff00f", "Entry", url="https://lab.org/entry", sources=("https://lab.org/feed.xml",))
    assert "lab.org · lab.org/entry" in shown(answers.SearchAnswer("q", (Card(entry, ""),), 1, 1, 1))
    unsafe = replace(entry, url="javascript:alert(1)")
    assert "lab.org · x00ff00ff00ff00f" in shown(answers.SearchAnswer("q", (Card(unsafe, ""),), 1, 1, 1))


def test_empty_answers_still_say_something() -> None:
    assert shown(answers.SearchAnswer("mamba", (), 0, 1, 0)) == "no papers for mamba"
    assert "No subscriptions yet" in shown(answers.Listing((), Schedule(), None, paused=False))
    assert shown(answers.LogAnswer(())) == "Nothing was posted here yet."
    nothing = answers.Preview("mamba", 30, 0, 1_204, ())
    assert shown(nothing) == "mamba\nWould have posted no papers in the last 30 days · 1,204 looked at"


def test_a_paused_channel_says_how_to_go_on() -> None:
    paused = answers.Listing((), BERLIN, None, paused=True)
    assert "paused: /papers resume goes on" in shown(paused)
    assert shown(answers.PauseAnswer(paused=False, waiting=0, next_post=NEXT)).startswith("✓ Posting again")


def test_a_changed_subscription_is_not_called_new_and_a_query_has_no_volume_to_move() -> None:
    assert "✓ Changed #3" in shown(answers.Saved(THIRD, PREVIEW, Schedule(), None, changed=True))
    assert "save or cancel" in shown(answers.Draft(THIRD, PREVIEW, None, can_tighten=False))


def test_one_day_of_trending_is_not_told_as_a_span() -> None:
    day = date(2026, 11, 23)
    assert shown(answers.DigestAnswer("digest", day, day, (), 0)) == "Mon 23 Nov · no papers · most upvoted first"


def test_a_headline_names_channel_day_number_and_subscriptions_then_its_cards() -> None:
    rows = post("digest").splitlines()
    assert rows[0] == "#efficient-llms  Mon 23 Nov · 7 papers for diffusion -survey and 2 more"
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
    assert (DRAFTS.id in text) == (kind not in {"empty", "notice"})


def test_an_error_says_what_was_wrong_what_to_change_and_what_to_type() -> None:
    error = UsageError("there is no command “serch”", advice="help shows them", suggestion="/papers search mamba")
    assert plain(render_error(error)).splitlines() == [
        "✗ there is no command “serch”",
        "  help shows them",
        "  Did you mean: /papers search mamba",
    ]
    assert plain(render_error(NotFoundError("no subscription #9"))) == "✗ no subscription #9"


def test_a_query_error_shows_its_place_under_the_query_and_its_suggestion_once() -> None:
    with pytest.raises(QueryError) as caught:
        parse("subscribe mamba (diffusion OR", NOW)
    rows = plain(render_error(caught.value)).splitlines()
    assert rows[1] == "  mamba (diffusion OR"
    assert rows[2].index("^") == 2 + caught.value.position
    assert rows[3:] == ["  Did you mean: /papers subscribe mamba (diffusion)"]


STEERING = [
    "\x1b[35m",
    "\x1b]8;;https://evil\x1b\\",
    "\x9b35m",
    "\x07",
    "\r",
    "\n",
    "\x00",
    "\u202e",
    "\u2066",
    "\ud800",
]
MARKUP = ["[bold red]", "[/]", "[link=https://evil]", ":smile:", "https://x", "é", "漢"]
HOSTILE = st.one_of(st.text(), st.lists(st.sampled_from([*STEERING, *MARKUP]), max_size=6).map("".join))


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("\x1b[35mred", "\x1b]0;title\x07", "https://x/\x1b[35m", "#\x1b[2J")
def test_nothing_that_steers_a_terminal_reaches_it(title: str, abstract: str, url: str, name: str) -> None:
    paper = Paper("1", title or "T", abstract, (name,), url, (url,), organization=name, ai_summary=abstract or None)
    reason = Reason(words=(title,), without=(name,), topic=abstract, share=0.5, feed=url)
    message = delivery(
        "more",
        destination=Destination("terminal", "local", name),
        heading=Heading(date(2026, 11, 23), 1, (title,), abstract),
        items=(Item("1", 1.0, (1,), (reason,)),),
    )
    why = answers.WhyRow(1, title, wanted=False, hit=(name,), note=abstract)
    for renderable in (
        render_post(message, {"1": paper}),
        render_post(replace(message, kind="digest"), {"1": paper}),
        render_post(replace(message, kind="abstracts", abstracts=("1",)), {"1": paper}),
        render(answers.WhyAnswer(paper, abstract, (why,)), NOW, "UTC"),
        render(answers.SearchAnswer(title, (Card(paper, abstract, (reason,)),), 1, 1, 1, name), NOW, "UTC"),
        render_error(UsageError(title, advice=abstract, suggestion=name)),
        render_error(QueryError(title, query=abstract, position=len(abstract) // 2, suggestion=name)),
        render_error(PaperboyError(url)),
    ):
        text = plain(renderable)
        steering = [c for c in text if category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\u200c\u200d"]
        assert not steering
        for sequence in ("\x1b[35m", "\x1b[2J", "\x1b]0;", "\x9b"):
            assert sequence not in coloured(renderable)


def test_markup_in_a_title_is_shown_and_not_obeyed() -> None:
    hostile = replace(DRAFTS, title="[bold red]x[/] :smile: [link=https://evil]y[/link]")
    text = plain(render_post(delivery("digest"), {**PAPERS, hostile.id: hostile}))
    assert "• [bold red]x[/] :smile: [link=https://evil]y[/link]" in text


def test_a_title_links_to_its_paper() -> None:
    assert f";{DRAFTS.url}\x1b\\" in coloured(render_post(delivery("digest"), PAPERS))


@given(HOSTILE.map("https://".__add__))
@example("https://x/\x1b\\")
@example("https://x/ y")
@example("https://x/é")
def test_a_link_holds_printable_ascii_or_is_none(url: str) -> None:
    link = safe_link(url)
    assert link is None or (link == url and all("!" <= char <= "~" for char in url))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "//x"])
def test_only_web_addresses_are_linked(url: str) -> None:
    assert safe_link(url) is None
