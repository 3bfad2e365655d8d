"""Renderings out: what people read, in which order, and what hostile text cannot do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO
from typing import get_args
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from bot.commands import Resend, parse
from bot.terminal.card import safe_link
from bot.terminal.post import render_post
from bot.terminal.render import plain, render, render_error
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, LogRow, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Row, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer, WhyRow
from papers.errors import NotFoundError, PaperboyError, QueryError, UsageError
from papers.mailbox import Invited
from papers.model import Destination, Heading, Item, Paper, Preferences, Reason, Schedule
from papers.outlet import FeedAnswer
from papers.trouble import Repaired
from tests.unit.bot import samples
from tests.unit.bot.samples import BERLIN, CARDS, DRAFTS, LEARNED, NEXT, NOW, PAPERS, PREVIEW, THIRD, delivery

ANSWERS: dict[type, Answer] = samples.ANSWERS | {
    type(answer): answer
    for answer in (
        SearchAnswer("mamba", CARDS, 12, 1, 2, "words only"),
        LogAnswer((LogRow(NOW, "a" * 24, "digest", "dead", 5, "the channel is archived"),)),
        SettingsAnswer(Preferences(format="full", language="pt_BR"), changed=True),
        Voted(DRAFTS, -1, up=3, down=1_204),
        Resent("0123456789abcdef01234567"),
    )
}
LEARNT = "learned from 12 votes: + quantization, + KV, \N{MINUS SIGN} survey"
SAID: dict[type, tuple[str, ...]] = {
    Help: ("/papers list  show what is subscribed to",),
    SearchAnswer: ("12 papers for mamba · page 1 of 2", "words only", "• Drafts", "more with page:2"),
    Preview: ("diffusion -survey", "14 papers in the last 30 days, about 3 a week", "mostly from", "• Drafts"),
    Draft: ("diffusion -survey", "Not saved yet · save, tighten, loosen or cancel · saving changes #3"),
    Saved: ("✓ Subscribed: #3 diffusion -survey", "next tomorrow, Tue 24 Nov at 09:00", "• Drafts"),
    Removed: ("✓ Unsubscribed from #3 diffusion -survey",),
    Listing: ("#3  diffusion -survey", "every weekday at 09:00 Europe/Berlin · next tomorrow"),
    ScheduleAnswer: ("every weekday at 09:00 Europe/Berlin · next tomorrow, Tue 24 Nov",),
    PauseAnswer: ("✓ Paused · 3 papers waiting",),
    DigestAnswer: (
        "Trending, Tue 17 Nov to Mon 23 Nov 2026 · 42 papers",
        "page 2 of 5",
        "11 Drafts",
        "12 Policies",
    ),
    WhyAnswer: (
        "• Drafts",
        "Posted on Mon 23 Nov.",
        "✗ #1 mamba -survey · not wanted\n  lacks mamba · has survey, which is excluded",
        "✓ #2 about: inference · wanted\n  top 1% for the topic · score 2.31 · bar 2.00",
        "✗ #3 trending top:5 · not wanted\n  not among the top 5",
    ),
    SettingsAnswer: (
        "✓ Settings changed",
        "format    full",
        "language  pt_BR",
        "quiet     on",
        "cards     off",
    ),
    Voted: ("✓ 👎 counted", "Drafts That Verifiers Accept · 👍 3 · 👎 1,204"),
    Forgotten: ("✓ Forgotten: #3 about: inference", f"it had {LEARNT}; the votes stay"),
    Repaired: ("✓ The feed of #3 answers https://lab.org/feed", "it answers, and is read again from now on"),
    Resent: ("✓ Goes out again 01234567",),
    Invited: ("Invited a…@example.org", "2 subscriptions of this channel", "confirm"),
    FeedAnswer: (
        "This channel's feed",
        "https://papers.example.org/feeds/s.atom\nhttps://papers.example.org/feeds/s.rss",
        "as you would a password",
        "/papers feed new changes it",
    ),
    LogAnswer: ("times in Europe/Berlin", "Mon 23 Nov 09:00  dead  digest  5 papers  the channel is archived"),
}


def shown(answer: Answer) -> str:
    return plain(render(answer, NOW, "Europe/Berlin"))


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
    first, second = shown(SearchAnswer("q", CARDS, 2, 1, 1)).split("\n\n")[1:]
    assert first.splitlines() == [
        "• Drafts That Verifiers Accept",
        "  It halves the latency.",
        "  M. Okonkwo et al. (Example Lab) · ⬆ 120 · code ★ 3.4k · Hugging Face · 2607.21557",
        "  top 1% for efficient LLM inference",
    ]
    assert second.splitlines()[-1] == "  matches policies, -survey; top 1% for efficient LLM inference"


def test_a_feeds_entry_is_known_by_its_address() -> None:
    entry = Paper("x00ff00ff00ff00f", "Entry", url="https://lab.org/entry", sources=("https://lab.org/feed.xml",))
    assert "lab.org · lab.org/entry" in shown(SearchAnswer("q", (Card(entry, ""),), 1, 1, 1))
    unsafe = replace(entry, url="javascript:alert(1)")
    assert "lab.org · x00ff00ff00ff00f" in shown(SearchAnswer("q", (Card(unsafe, ""),), 1, 1, 1))


def test_a_long_command_and_what_it_does_are_whole_in_an_ordinary_terminal() -> None:
    usage = "/papers search QUERY [since:30d] [before:2026-11-01] [has:code] [sort:new] [page:2]"
    rows = plain(
        render(
            Help(
                ((usage, "search the archive"), ("/papers list", "list")),
            ),
            NOW,
            "UTC",
        ),
        80,
    )
    assert usage in " ".join(rows.split())
    assert rows.splitlines()[-3:] == ["  search the archive", "/papers list", "  list"]


def test_empty_answers_still_say_something() -> None:
    assert shown(SearchAnswer("mamba", (), 0, 1, 0)) == "no papers for mamba"
    assert "No subscriptions yet" in shown(Listing((), Schedule(), None, paused=False))
    assert shown(LogAnswer(())) == "Nothing was posted here yet."
    nothing = Preview("mamba", 30, 0, 1_204, ())
    assert shown(nothing) == "mamba\nWould have posted no papers in the last 30 days · 1,204 looked at"


def test_a_paused_channel_says_how_to_go_on() -> None:
    paused = Listing((), BERLIN, None, paused=True)
    assert "paused: /papers resume goes on" in shown(paused)
    assert shown(PauseAnswer(paused=False, waiting=0, next_post=NEXT)).startswith("✓ Posting again")


def test_a_list_tells_how_many_votes_the_channel_gave_if_it_gave_any() -> None:
    listing = Listing((), BERLIN, None, paused=False)
    assert "👍" not in shown(listing)
    assert "👍 12 · 👎 0" in shown(replace(listing, up=12))


def test_a_vote_that_is_taken_back_says_so() -> None:
    assert shown(Voted(DRAFTS, 0, 0, 0)).startswith("✓ Vote taken back")
    assert "in this channel · #1, #3 learn from it" in shown(Voted(DRAFTS, 1, 1, 0, (1, 3)))


def test_what_a_topic_learned_stands_below_it_and_beside_its_verdict() -> None:
    rows = (Row(THIRD, "about: inference", LEARNED), Row(replace(THIRD, number=4), "mamba"))
    listed = shown(Listing(rows, BERLIN, NEXT, paused=False))
    assert f"#3  about: inference\n    {LEARNT}; /papers forget 3\n#4  mamba\n" in listed
    verdict = WhyRow(3, "about: inference", wanted=True, z=3.1, bar=3.0, learned=LEARNED)
    assert f"bar 3.00 · {LEARNT}" in shown(WhyAnswer(DRAFTS, "Posted.", (verdict,)))


def test_a_feed_s_address_is_whole_however_narrow_the_terminal() -> None:
    address = f"https://papers.example.org/feeds/{'s' * 43}.atom"
    narrow = plain(render(FeedAnswer(address, "https://papers.example.org/feeds/s.rss"), NOW, "UTC"), width=40)
    assert address in narrow.splitlines()


def test_a_feed_is_offered_only_where_there_can_be_one() -> None:
    assert shown(FeedAnswer(is_served=False)) == "This channel has no feed"


def test_it_is_told_that_there_was_nothing_to_forget() -> None:
    assert "it had learned nothing from votes" in shown(Forgotten(THIRD, "mamba", None))


def test_what_was_possibly_sent_can_be_sent_again_by_the_id_that_the_log_shows() -> None:
    parked = LogRow(NOW, "0123456789abcdef01234567", "digest", "parked", 5, "possibly sent")
    told = shown(LogAnswer((parked,)))
    assert "possibly sent · /papers resend 01234567 posts it again" in told
    assert isinstance(parse("/papers resend 01234567", NOW), Resend)
    assert "resend" not in shown(LogAnswer((replace(parked, state="sent"),)))


def test_a_changed_subscription_is_not_called_new_and_a_query_has_no_volume_to_move() -> None:
    assert "✓ Changed #3" in shown(Saved(THIRD, PREVIEW, Schedule(), None, changed=True))
    assert "save or cancel" in shown(Draft(THIRD, PREVIEW, None, can_tighten=False))
    assert "save anyway or cancel" in shown(Draft(THIRD, PREVIEW, None, can_tighten=False, floods=True))


def test_one_day_of_trending_is_not_told_as_a_span() -> None:
    day = date(2026, 11, 23)
    assert shown(DigestAnswer("digest", day, day, (), 0)) == "Mon 23 Nov 2026 · no papers · most upvoted first"


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
    why = WhyRow(1, title, wanted=False, hit=(name,), note=abstract)
    for renderable in (
        render_post(message, {"1": paper}),
        render_post(replace(message, kind="digest"), {"1": paper}),
        render_post(replace(message, kind="abstracts", abstracts=("1",)), {"1": paper}),
        render(WhyAnswer(paper, abstract, (why,)), NOW, "UTC"),
        render(SearchAnswer(title, (Card(paper, abstract, (reason,)),), 1, 1, 1, name), NOW, "UTC"),
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
