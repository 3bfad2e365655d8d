"""Answers and errors: what they say, what their buttons and menus say, and what everybody may see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.commands import Help as HelpCommand
from bot.commands import parse
from bot.discord import parts
from bot.discord.render import public, render_error
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Row, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer, WhyRow
from papers.errors import NotFoundError, PaperboyError, QueryError, UsageError
from papers.mailbox import Invited
from papers.model import Paper, Preferences, Schedule
from papers.outlet import FeedAnswer
from papers.trouble import Repaired
from tests.fakes.discord.payloads import violations
from tests.unit.bot.discord.reader import read, shown
from tests.unit.bot.discord.samples import alive, buttons, faults, menus, rendered, said, says, seen, texts, told
from tests.unit.bot.samples import ANSWERS, CARDS, DRAFTS, LOG, NEXT, NOW, PREVIEW, THIRD, TOKEN, listing

LINKS = [paper.paper.url for paper in CARDS] + [str(DRAFTS.code_url), str(DRAFTS.thumbnail)]

SAID: dict[type, tuple[str, ...]] = {
    Help: ("`/papers list`", "show what is subscribed to", "[Subscribe]"),
    SearchAnswer: ("12 papers for **mamba** · page 2 of 3", "words only", "Drafts That", "[More like this]"),
    Preview: ("diffusion -survey", "14 papers in the last 30 days, about 3 a week", "mostly from", "Drafts"),
    Draft: (
        "diffusion -survey",
        r"Not saved yet · saving changes #3, which is now\: diffusion",
        "[Save]",
        "Drafts",
    ),
    Saved: ("✓ **Subscribed: #3** diffusion -survey", "every weekday at", "14 papers", "Drafts", "[Edit]"),
    Removed: ("✓ Unsubscribed from #3** diffusion -survey", "[Undo]"),
    Listing: ("**#3** diffusion -survey", "[Edit] [Test] [Unsubscribe]", "every weekday at 09", "[Pause]"),
    ScheduleAnswer: ("✓ Schedule set", r"every weekday at 09\:00 Europe/Berlin · next "),
    PauseAnswer: ("✓ Paused", "3 papers waiting", "[Resume]"),
    DigestAnswer: (
        "### Trending, Tue 17 Nov to Mon 23 Nov 2026 · 42 papers",
        "most upvoted first · page 2 of 5",
        "**11.** **[Drafts That",
        "**12.** **[Policies",
    ),
    WhyAnswer: (
        "Drafts That Verifiers Accept",
        "Posted on Mon 23 Nov.",
        "✗ #1 **mamba -survey** · not wanted\n-# lacks mamba · has survey, which is excluded",
        "✓ #2 **about\\: inference** · wanted\n-# top 1% for the topic · score 2.31 · bar 2.00",
        "✗ #3 **trending top\\:5** · not wanted\n-# not among the top 5",
    ),
    LogAnswer: ("**possibly sent** · digest, 5 papers · history is closed to us [Send again]", "**failed**"),
    SettingsAnswer: (
        "Posts are compact",
        "Who may manage this channel",
        "A shared link to a paper gets no card",
        "spelt in en",
    ),
    Voted: ("👍 counted for **[Drafts That Verifiers Accept]", "👍 3 · 👎 1 in this channel"),
    Forgotten: ("✓ Forgotten: #3", "it had learned from 12 votes", "[Show all]"),
    Repaired: ("✓ The feed of #3 answers", "lab", "read again from now on"),
    Resent: ("✓ It goes out again",),
    Invited: ("Invited a…\\@example.org", "2 subscriptions of this channel", "nothing is mailed unless they confirm"),
    FeedAnswer: (
        "**This channel's feed**",
        "Atom `https://papers.example.org/feeds/s.atom`",
        "RSS `https://papers.example.org/feeds/s.rss`",
        "[New address] [Turn off]",
    ),
}


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_answer_says_what_it_holds_in_order(kind: type) -> None:
    text, start = told(ANSWERS[kind]), 0
    for expected in SAID[kind]:
        start = text.index(expected, start) + len(expected)


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_answer_is_what_discord_takes_also_for_everybody(kind: type) -> None:
    message = rendered(ANSWERS[kind])
    assert faults(message) == []
    assert violations(public(message, "ann").payload()) == []
    assert alive(message, LINKS) == []


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_line_that_a_button_says_can_be_typed(kind: type) -> None:
    for verb, argument in says(rendered(ANSWERS[kind])).values():
        if verb in {"say", "turn", "post"}:
            parse(argument, NOW)


def test_search_is_paged_in_place_and_can_be_kept_or_shared() -> None:
    found = says(rendered(ANSWERS[SearchAnswer]))
    assert found["← Back"] == ("turn", "search mamba since:30d page:1")
    assert found["More →"] == ("turn", "search mamba since:30d page:3")
    assert found["Subscribe to this"] == ("form", "mamba")
    assert found["Post here"] == ("post", "search mamba since:30d page:2")


def test_the_first_and_the_only_page_have_no_way_back_and_none_on() -> None:
    first = says(rendered(SearchAnswer("mamba", CARDS, 12, 1, 3)))
    assert "← Back" not in first
    assert "More →" in first
    assert not {"← Back", "More →"} & set(says(rendered(SearchAnswer("mamba", CARDS, 2, 1, 1))))


def test_papers_like_another_are_subscribed_to_by_what_they_are_about() -> None:
    like = SearchAnswer("", CARDS, 2, 1, 1, like="Drafts That")
    assert says(rendered(like, "similar 2607.21557"))["Subscribe to this"] == ("form", "about: Drafts That")


def test_a_search_without_hits_still_says_so() -> None:
    assert told(SearchAnswer("mamba", (), 0, 1, 1)) == "no papers for **mamba**\n[Subscribe to this]"


def test_a_drafts_choices_carry_its_token_and_only_a_topic_has_a_volume_to_move() -> None:
    found = says(rendered(ANSWERS[Draft]))
    assert list(found) == ["Save", "Tighten", "Loosen", "Cancel"]
    assert {argument for _, argument in found.values()} == {TOKEN}
    assert buttons(rendered(ANSWERS[Draft]))["Save"]["style"] == parts.SUCCESS
    fixed = Draft(THIRD, PREVIEW, None, can_tighten=False)
    assert list(says(rendered(fixed))) == ["Save", "Cancel"]


@pytest.mark.parametrize("line", ["help", "help QUERY", "help subscribe"])
def test_no_line_of_help_is_cut_short(line: str) -> None:
    said = parse(line, NOW)
    assert isinstance(said, HelpCommand)
    shown_lines = told(Help(said.lines))
    assert "…" not in shown_lines
    assert all(does in shown_lines for _, does in said.lines)


def test_a_draft_that_floods_is_saved_by_another_button() -> None:
    flood = rendered(Draft(THIRD, PREVIEW, None, can_tighten=True, floods=True))
    assert list(says(flood)) == ["Save anyway", "Tighten", "Loosen", "Cancel"]
    assert says(flood)["Save anyway"] == ("anyway", TOKEN)
    assert "only if you insist" in seen(flood.components)


def test_a_dropped_subscription_can_be_had_back() -> None:
    found = says(rendered(ANSWERS[Removed]))
    assert found["Undo"] == ("form", "diffusion -survey")
    assert found["Show all"] == ("turn", "list")


@pytest.mark.parametrize(("vote", "said"), [(1, "👍 counted"), (-1, "👎 counted"), (0, "Vote taken back")])
def test_a_vote_is_told_as_what_it_did(vote: int, said: str) -> None:
    voted = Voted(DRAFTS, vote, 1, 1)  # type: ignore[arg-type] # one of the three
    assert told(voted).startswith(said)


def test_a_changed_subscription_is_not_called_new() -> None:
    assert "✓ **Changed #3**" in told(Saved(THIRD, PREVIEW, Schedule(), None, changed=True))


def test_a_page_that_is_posted_is_the_day_that_was_read() -> None:
    day = date(2026, 11, 23)
    page = rendered(DigestAnswer("digest", day, day, CARDS, 2))
    assert says(page)["Post here"] == ("post", "digest 2026-11-23 page:1")
    trending = says(rendered(ANSWERS[DigestAnswer]))
    assert trending["Post here"] == ("post", "trending week page:2")
    assert trending["← Back"] == ("turn", "trending week page:1")
    assert trending["More →"] == ("turn", "trending week page:3")
    assert "Mon 23 Nov 2026 · no papers" in told(DigestAnswer("digest", day, day, (), 0))


def test_a_rank_begins_no_list() -> None:
    lines = [line for text in texts(rendered(ANSWERS[DigestAnswer])) for line in text.splitlines()]
    assert not any(piece.kind == "list" for line in lines for piece in read(line))
    assert any(shown(line).startswith("11. Drafts") for line in lines)


def test_cards_that_do_not_fit_are_counted() -> None:
    day = date(2026, 11, 23)
    cards = tuple(
        Card(Paper(f"2607.{n:05}", f"Title {n}", url="https://x.org/" + "a" * 160), "x" * 240) for n in range(40)
    )
    message = rendered(DigestAnswer("digest", day, day, cards, 40))
    text = seen(message.components)
    left = sum(f"[Title {number}]" not in text for number in range(40))
    assert 0 < left < 40
    assert f"… and {left} more papers" in text
    assert text.endswith("[Post here]")
    assert faults(message) == violations(public(message, "1" * 20).payload()) == []


def test_a_page_of_ten_shows_all_ten_with_as_much_of_each_as_there_is_room_for() -> None:
    cards = tuple(Card(replace(DRAFTS, id=f"2607.{n:05}"), "word " * 60) for n in range(10))
    message = rendered(DigestAnswer("digest", date(2026, 11, 23), date(2026, 11, 23), cards, 10))
    text = seen(message.components)
    assert faults(public(message, "x" * 200)) == []
    assert "… and " not in text
    assert text.count("word…\n") == 10


def test_what_everybody_sees_is_signed_and_has_no_button_that_only_the_asker_can_use() -> None:
    for_all = public(rendered(ANSWERS[SearchAnswer]), "1234")
    assert seen(for_all.components).endswith("[Subscribe to this]\n-# Shared by <@1234>")
    assert set(says(for_all)) == {"More like this", "Subscribe to this"}
    drafted = public(rendered(ANSWERS[Draft]), "@everyone")
    assert seen(drafted.components).endswith(r"Shared by \@everyone")
    assert not says(drafted)
    assert not says(public(rendered(ANSWERS[SettingsAnswer]), "1"))
    assert {said(one["custom_id"])[0] for one in menus(public(rendered(listing(9)), "1")).values()} == {"form", "say"}


def test_an_error_says_what_was_wrong_what_to_change_and_has_a_button_that_says_it_right() -> None:
    error = UsageError("there is no command “serch”", advice="help shows them", suggestion="/papers search mamba")
    message = render_error(error)
    assert seen(message.components).splitlines() == [
        "⚠ **there is no command “serch”**",
        "help shows them",
        "-# Did you mean",
        "[/papers search mamba]",
    ]
    assert says(message) == {"/papers search mamba": ("say", "search mamba")}
    assert shown(seen(render_error(NotFoundError("no subscription #9")).components)) == "⚠ no subscription #9"
    assert shown(seen(render_error(PaperboyError("")).components)) == "⚠ that did not work"


def test_a_query_error_shows_its_place_in_a_fixed_width_font() -> None:
    with pytest.raises(QueryError) as caught:
        parse("subscribe mamba (diffusion OR", NOW)
    message = render_error(caught.value)
    (block,) = (piece for piece in read(texts(message)[0]) if piece.kind == "block")
    query, caret = block.text.splitlines()
    assert query == "mamba (diffusion OR"
    assert caret.index("^") == caught.value.position
    assert says(message)["/papers subscribe mamba (diffusion)"] == ("say", "subscribe mamba (diffusion)")


def test_a_long_suggestion_is_shortened_on_its_button_and_said_whole() -> None:
    line = "search " + "word " * 60 + "end"
    message = render_error(UsageError("no", suggestion=f"/papers {line}"))
    ((label, (_, argument)),) = says(message).items()
    assert label.endswith("…")
    assert argument == line
    assert faults(message) == []


def test_hostile_answers_are_taken_too_and_nothing_in_them_is_obeyed() -> None:
    nasty = "@everyone <@1> *x* ``` :smile: [a](https://evil.example)\n> " * 200
    error = QueryError(nasty, query=nasty, position=len(nasty) // 2, suggestion=nasty)
    row = WhyRow(1, nasty, wanted=False, hit=(nasty,) * 32, note=nasty)
    log = tuple(replace(one, detail=nasty[:99], kind=nasty[:99], state=nasty[:99]) for one in LOG)
    many = Listing(
        tuple(Row(replace(THIRD, number=n), nasty) for n in range(32)), Schedule(zone=nasty), NEXT, paused=True
    )
    for message in (
        render_error(error),
        render_error(UsageError(nasty, advice=nasty)),
        rendered(WhyAnswer(DRAFTS, nasty, (row,) * 32)),
        rendered(LogAnswer(log * 10)),
        rendered(Help(((nasty, nasty),) * 30)),
        rendered(Removed(THIRD, nasty)),
        rendered(replace(many, suspended=nasty)),
        rendered(replace(many, rows=many.rows[:5], suspended=nasty)),
        rendered(SettingsAnswer(Preferences(language=nasty))),
        rendered(replace(PREVIEW, label=nasty, warning=nasty)),
        rendered(Draft(THIRD, replace(PREVIEW, label=nasty, warning=nasty), 3, can_tighten=True)),
        rendered(SearchAnswer(nasty, CARDS, 9, 1, 9, nasty), line="search " + nasty),
    ):
        assert faults(message) == []
        assert alive(message, LINKS) == []
        assert faults(public(message, nasty)) == []
