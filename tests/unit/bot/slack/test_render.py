"""Answers and errors: what they say, what their buttons say, and what everybody may see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.commands import Help as HelpCommand
from bot.commands import parse
from bot.slack.limits import FALLBACK
from bot.slack.message import Message
from bot.slack.render import public, render, render_error
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer, WhyRow
from papers.errors import QueryError
from papers.mailbox import Invited
from papers.model import Paper, Preferences, Schedule
from papers.outlet import FeedAnswer
from papers.trouble import Repaired
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import ANSWERS, CARDS, DRAFTS, LOG, NEXT, NOW, PREVIEW, THIRD, TOKEN, listing
from tests.unit.bot.slack.samples import buttons, says, seen

SAID: dict[type, tuple[str, ...]] = {
    Help: ("/papers list", "show what is subscribed to", "[Subscribe]"),
    SearchAnswer: ("12 papers for mamba · page 2 of 3", "words only", "Drafts That", "[More like this]"),
    Preview: ("diffusion -survey", "14 papers in the last 30 days, about 3 a week", "mostly from", "Drafts"),
    Draft: (
        "diffusion -survey",
        "Not saved yet · saving changes #3, which is now: diffusion",
        "[Save]",
        "Drafts",
    ),
    Saved: ("✓ Subscribed: #3 diffusion -survey", "every weekday at 09:00", "14 papers", "Drafts", "[Edit]"),
    Removed: ("✓ Unsubscribed from #3 diffusion -survey", "[Undo]"),
    Listing: ("#3 diffusion -survey", "[Edit] [Test] [Unsubscribe]", "every weekday at 09:00", "[Pause]"),
    ScheduleAnswer: ("✓ Schedule set", "every weekday at 09:00 Europe/Berlin · next "),
    PauseAnswer: ("✓ Paused", "3 papers waiting", "[Resume]"),
    DigestAnswer: (
        "Trending, Tue 17 Nov to Mon 23 Nov 2026 · 42 papers",
        "most upvoted first · page 2 of 5",
        "11. *<https://hugg",
        "12. *<https://arx",
    ),
    WhyAnswer: (
        "Drafts That Verifiers Accept\nPosted on Mon 23 Nov.",
        "✗ #1 mamba -survey · not wanted\nlacks mamba · has survey, which is excluded",
        "✓ #2 about: inference · wanted\ntop 1% for the topic · score 2.31 · bar 2.00",
        "✗ #3 trending top:5 · not wanted\nnot among the top 5",
    ),
    LogAnswer: ("*possibly sent* · digest, 5 papers · history is closed to us [Send again]", "*failed*"),
    SettingsAnswer: ("Posts are compact", "Every member", "link to a paper gets no card", "spelt in en"),
    Voted: ("👍 counted for Drafts That Verifiers Accept", "👍 3 · 👎 1 in this channel"),
    Forgotten: ("✓ Forgotten: #3", "it had learned from 12 votes: + quantization, + KV", "[Show all]"),
    Repaired: ("✓ The feed of #3 answers", "lab", "read again from now on"),
    Resent: ("✓ It goes out again",),
    Invited: ("Invited a…@example.org", "2 subscriptions of this channel", "nothing is mailed unless they confirm"),
    FeedAnswer: (
        "This channel's feed",
        "Atom https://papers.example.org/feeds/s.atom\nRSS https://papers.example.org/feeds/s.rss",
        "[New address] [Turn off]",
    ),
}


def rendered(answer: Answer, line: str = "search mamba since:30d") -> Message:
    return render(answer, NOW, "UTC", token=TOKEN, line=line)


def shown(answer: Answer) -> str:
    return seen(rendered(answer).blocks)


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_answer_says_what_it_holds_in_order(kind: type) -> None:
    text, start = shown(ANSWERS[kind]), 0
    for expected in SAID[kind]:
        start = text.index(expected, start) + len(expected)


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_answer_is_what_slack_takes_also_for_everybody(kind: type) -> None:
    message = rendered(ANSWERS[kind])
    assert message.text
    assert violations(message.blocks) == []
    assert violations(public(message, "U024BE7LH").blocks) == []


@pytest.mark.parametrize("kind", get_args(Answer), ids=lambda kind: kind.__name__)
def test_every_line_that_a_button_says_can_be_typed(kind: type) -> None:
    for verb, value in says(rendered(ANSWERS[kind]).blocks).values():
        if verb in {"say", "turn", "post"}:
            parse(str(value), NOW)


def test_search_is_paged_in_place_and_can_be_kept_or_shared() -> None:
    told = says(rendered(ANSWERS[SearchAnswer]).blocks)
    assert told["← Back"] == ("turn", "search mamba since:30d page:1")
    assert told["More →"] == ("turn", "search mamba since:30d page:3")
    assert told["Subscribe to this"] == ("form", "mamba")
    assert told["Post here"] == ("post", "search mamba since:30d page:2")


def test_the_first_and_the_only_page_have_no_way_back_and_none_on() -> None:
    first = says(rendered(SearchAnswer("mamba", CARDS, 12, 1, 3)).blocks)
    assert "← Back" not in first
    assert "More →" in first
    assert not {"← Back", "More →"} & set(says(rendered(SearchAnswer("mamba", CARDS, 2, 1, 1)).blocks))


def test_papers_like_another_are_subscribed_to_by_what_they_are_about() -> None:
    like = SearchAnswer("", CARDS, 2, 1, 1, like="Drafts That")
    assert says(rendered(like, "similar 2607.21557").blocks)["Subscribe to this"] == ("form", "about: Drafts That")


def test_a_search_without_hits_still_says_so() -> None:
    assert shown(SearchAnswer("mamba", (), 0, 1, 1)).startswith("no papers for mamba\n[Subscribe to this]")


@pytest.mark.parametrize("line", ["help", "help QUERY", "help subscribe"])
def test_no_line_of_help_is_cut_short(line: str) -> None:
    said = parse(line, NOW)
    assert isinstance(said, HelpCommand)
    shown_lines = seen(rendered(Help(said.lines)).blocks)
    assert "…" not in shown_lines
    assert all(does in shown_lines for _, does in said.lines)


def test_each_subscription_can_be_edited_tested_and_after_a_question_dropped() -> None:
    blocks = rendered(ANSWERS[Listing]).blocks
    told = says(blocks)
    assert told["Edit"] == ("form", "#3")
    assert told["Test"] == ("say", "test 3")
    assert told["Unsubscribe"] == ("turn", "unsubscribe 3")
    assert buttons(blocks)["Unsubscribe"]["confirm"]["text"]["text"] == "diffusion -survey"


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 32])
def test_every_subscription_of_a_channel_is_listed(rows: int) -> None:
    message = rendered(listing(rows))
    text = seen(message.blocks)
    assert violations(message.blocks) == []
    assert all(f"#{number} topic {number}" in text for number in range(1, rows + 1))
    assert text.count("[Edit]") == rows
    assert "… and" not in text


def test_a_channel_without_subscriptions_is_offered_one() -> None:
    message = rendered(listing(0))
    assert seen(message.blocks).startswith("No subscriptions here yet.")
    assert buttons(message.blocks)["Subscribe"]["style"] == "primary"
    assert says(message.blocks)["Subscribe"] == ("form", None)


def test_a_paused_channel_can_be_resumed_and_a_suspended_one_repaired() -> None:
    paused = rendered(listing(1, paused=True, next_post=None)).blocks
    assert "*paused*" in seen(paused)
    assert says(paused)["Resume"] == ("say", "resume")
    closed = rendered(listing(1, suspended="is_archived")).blocks
    assert "⚠ Nothing can be posted here: is_archived" in seen(closed)
    assert says(closed)["Repair"] == ("say", "resume")


def test_the_channels_votes_are_told_once_there_are_any() -> None:
    assert "👍 4 · 👎 1 given here" in shown(listing(1, up=4, down=1))
    assert "👍" not in shown(listing(1))


def test_the_next_post_is_told_in_the_readers_zone_and_the_rule_in_the_channels() -> None:
    text = shown(ANSWERS[Listing])
    assert "every weekday at 09:00 Europe/Berlin" in text
    assert f"<!date^{NEXT.timestamp():.0f}^{{date_short_pretty}} at {{time}}|tomorrow, Tue 24 Nov at 09:00" in text


def test_what_was_so_already_is_said_to_be() -> None:
    assert "It was so already" in shown(SettingsAnswer(Preferences(), already=True))
    assert "Paused already" in shown(PauseAnswer(paused=True, waiting=0, next_post=None, already=True))


@pytest.mark.parametrize("turned", [False, True])
def test_each_setting_has_a_button_that_turns_it_over_in_place(turned: bool) -> None:  # noqa: FBT001 - a case
    over = Preferences("full", "flat", "de", "admins", quiet=False, cards=True)
    told = says(rendered(SettingsAnswer(over if turned else Preferences())).blocks)
    wanted = (
        ["format compact", "replies thread", "changes members", "quiet on", "cards off"]
        if turned
        else ["format full", "replies flat", "changes admins", "quiet off", "cards on"]
    )
    assert list(told.values()) == [("turn", f"settings {line}") for line in wanted]


def test_what_was_possibly_sent_can_be_sent_again_and_nothing_else_can() -> None:
    told = says(rendered(ANSWERS[LogAnswer]).blocks)
    assert told == {"Send again": ("say", f"resend {'b' * 24}")}
    assert shown(LogAnswer(())) == "Nothing was posted here yet."


def test_a_dropped_subscription_can_be_had_back() -> None:
    told = says(rendered(ANSWERS[Removed]).blocks)
    assert told["Undo"] == ("form", "diffusion -survey")
    assert told["Show all"] == ("turn", "list")


@pytest.mark.parametrize(("vote", "said"), [(1, "👍 counted"), (-1, "👎 counted"), (0, "Vote taken back")])
def test_a_vote_is_told_as_what_it_did(vote: int, said: str) -> None:
    voted = Voted(DRAFTS, vote, 1, 1)  # type: ignore[arg-type] # one of the three
    assert shown(voted).startswith(said)


def test_a_changed_subscription_is_not_called_new() -> None:
    assert "✓ Changed #3" in shown(Saved(THIRD, PREVIEW, Schedule(), None, changed=True))


def test_a_page_that_is_posted_is_the_day_that_was_read() -> None:
    day = date(2026, 11, 23)
    assert says(rendered(DigestAnswer("digest", day, day, CARDS, 2)).blocks)["Post here"] == (
        "post",
        "digest 2026-11-23 page:1",
    )
    trending = says(rendered(ANSWERS[DigestAnswer]).blocks)
    assert trending["Post here"] == ("post", "trending week page:2")
    assert trending["← Back"] == ("turn", "trending week page:1")
    assert trending["More →"] == ("turn", "trending week page:3")
    assert "Mon 23 Nov 2026 · no papers" in shown(DigestAnswer("digest", day, day, (), 0))


def test_cards_that_do_not_fit_are_counted() -> None:
    cards = tuple(
        Card(Paper(f"2607.{n:05}", f"Title {n}", url="https://x.org/" + "a" * 380), "x" * 240) for n in range(40)
    )
    message = rendered(DigestAnswer("digest", date(2026, 11, 23), date(2026, 11, 23), cards, 40))
    text = seen(message.blocks)
    left = sum(f"Title {number}>*\n" not in text for number in range(40))
    assert 0 < left < 40
    assert f"… and {left} more papers" in text
    assert text.endswith("[Post here]")
    assert violations(public(message, "U1").blocks) == []


def test_what_everybody_sees_is_signed_and_has_no_button_that_only_the_asker_can_use() -> None:
    for_all = public(rendered(ANSWERS[SearchAnswer]), "U024BE7LH")
    assert seen(for_all.blocks).endswith("[Subscribe to this]\nShared by <@U024BE7LH>")
    assert set(says(for_all.blocks)) == {"More like this", "Subscribe to this"}
    drafted = public(rendered(ANSWERS[Draft]), "U024BE7LH")
    assert not says(drafted.blocks)
    assert "actions" not in {block["type"] for block in drafted.blocks}


def test_hostile_answers_are_taken_too() -> None:
    nasty = "<!channel> *x* ``` :smile:\n> " * 200
    error = QueryError(nasty, query=nasty, position=len(nasty) // 2, suggestion=nasty)
    row = WhyRow(1, nasty, wanted=False, hit=(nasty,) * 32, note=nasty)
    log = tuple(replace(one, detail=nasty) for one in LOG)
    for message in (
        render_error(error),
        rendered(WhyAnswer(DRAFTS, nasty, (row,) * 32)),
        rendered(LogAnswer(log * 10)),
        rendered(Help(((nasty, nasty),) * 30)),
        rendered(Removed(THIRD, nasty)),
        rendered(listing(32, suspended=nasty)),
        rendered(replace(PREVIEW, label=nasty, warning=nasty)),
        rendered(SearchAnswer(nasty, CARDS, 9, 1, 9, nasty), line="search " + nasty),
    ):
        assert violations(message.blocks) == []
        assert "<!channel>" not in message.text
        assert len(message.text) <= FALLBACK
