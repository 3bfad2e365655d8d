"""Words that were asked for are in bold on every platform, in whatever text they stand, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from bot.discord import markdown
from bot.discord.post import render_card as on_discord
from bot.slack import mrkdwn
from bot.slack.post import render_card as on_slack
from bot.terminal.card import render_card as in_terminal
from bot.web import markup
from papers.answers.card import Card
from papers.emphasis import parts
from papers.model import Reason
from papers.text import clean
from tests.unit.bot.discord.reader import every, read, shown
from tests.unit.bot.discord.samples import texts
from tests.unit.bot.samples import DRAFTS
from tests.unit.bot.slack.hostile import FRAGMENTS
from tests.unit.bot.slack.samples import seen
from tests.unit.bot.slack.test_hostile import ALIKE

HIT = ("diffusion", "plain words", "漢", "bold", "x*", "עולם", "é")
PIECES = st.sampled_from(
    [*FRAGMENTS, *HIT, "Diffusing", "*diffusion*", "**", "_x_", "e\u0301", "\u200d", "-", ".", "("]
)
HOSTILE = st.text() | st.lists(PIECES, max_size=6).map("".join)
END = "\N{ZERO WIDTH SPACE}"


@given(HOSTILE)
@example("**diffusion**diffusion*x")
@example("深漢字diffusionx漢")
@example("12. diffusion")
@example("> diffusion")
def test_on_discord_a_text_reads_as_it_was_written_and_only_its_words_are_strong(text: str) -> None:
    found = parts(clean(text), HIT)
    set_ = markdown.emphasised(found)
    assert shown(set_) == clean(text)
    assert [one.text for one in every(read(set_)) if one.kind == "strong"] == [part for part, strong in found if strong]
    assert {one.kind for one in every(read(set_))} <= {"text", "strong"}


@given(HOSTILE, st.integers(2, 60))
@example("re-diffusion", 3)  # what is before the word fits, but not with the ellipsis
def test_on_discord_what_is_cut_keeps_to_its_limit_and_to_whole_marks(text: str, limit: int) -> None:
    cut = markdown.emphasised(parts(clean(text), HIT), limit)
    assert len(cut) <= limit
    assert {one.kind for one in every(read(cut))} <= {"text", "strong"}
    told = shown(cut)
    assert told == clean(text) or (told.endswith("…") and clean(text).startswith(told[:-1]))


@given(HOSTILE)
@example("深漢字diffusionx漢")
@example("re-diffusion, (diffusion) & <diffusion>:diffusion:")
@example("> diffusion")
def test_on_slack_a_text_reads_as_it_was_written_and_every_mark_stands_where_a_word_ends(text: str) -> None:
    found = parts(clean(text), HIT)
    set_ = mrkdwn.emphasised(found, 10_000)
    pieces = set_.split("*")
    assert mrkdwn.unescape(set_.replace("*", "").replace(END, "").translate(ALIKE)).removeprefix(
        "\N{SOFT HYPHEN}"
    ) == clean(text).translate(ALIKE).removeprefix("\N{SOFT HYPHEN}")
    assert len(pieces[1::2]) == sum(strong for _, strong in found)
    assert all(bold and not bold[0].isspace() and not bold[-1].isspace() for bold in pieces[1::2])
    assert all(not before or before[-1] in f"({END}" or before[-1].isspace() for before in pieces[0:-1:2])
    assert all(not after or after[0] in f".,;:!?){END}" or after[0].isspace() for after in pieces[2::2])


@given(HOSTILE, st.integers(2, 60))
def test_on_slack_what_is_cut_keeps_to_its_limit_besides_its_marks(text: str, limit: int) -> None:
    cut = mrkdwn.emphasised(parts(clean(text), HIT), limit)
    assert cut.count("*") % 2 == 0
    assert len(cut.replace("*", "").replace(END, "").replace("\N{SOFT HYPHEN}", "")) <= limit + 1


@given(HOSTILE)
def test_in_a_terminal_the_words_are_bold_and_nothing_else_of_the_summary(text: str) -> None:
    card = Card(DRAFTS, text, (Reason(words=HIT),))
    group = in_terminal(card).columns[1]._cells[0]  # type: ignore[union-attr] # a grid of two columns
    summary = group.renderables[1] if clean(text) else Text()
    assert summary.plain == clean(text)
    bold = [summary.plain[span.start : span.end] for span in summary.spans if span.style.bold]  # type: ignore[union-attr] # a Style
    assert bold == [part for part, strong in parts(clean(text), HIT) if strong]


@pytest.mark.parametrize(("by", "label"), [("Hugging Face", "AI summary, Hugging Face"), ("m*del_7b", None), ("", "")])
def test_what_is_generated_says_so_and_the_authors_sentences_do_not(by: str, label: str | None) -> None:
    card = Card(DRAFTS, "Diffusion is fast.", (Reason(words=("diffusion",)),), by=by)
    slack, discord = seen(on_slack(card).blocks), " ".join(map(shown, texts(on_discord(card))))
    told = f"AI summary, {by}" if label is None else label
    assert (told in slack.translate(ALIKE)) is (told in discord) is True
    assert ("AI summary" in slack) is ("AI summary" in discord) is bool(told)
    assert "*Diffusion* is fast." in slack
    bare = replace(card, summary="")
    assert "AI summary" not in seen(on_slack(bare).blocks) + str(texts(on_discord(bare)))


def test_a_private_feed_says_it_too_and_shows_the_words_that_hit() -> None:
    card = Card(DRAFTS, "Diffusion is <fast>.", (Reason(words=("diffusion",)),), by="some-model")
    for shown_ in (markup.short(card), markup.whole(card)):
        assert "<p><strong>Diffusion</strong><span> is &lt;fast&gt;.</span></p>" in shown_
        assert "AI summary, some-model" in shown_
    assert "AI summary" not in markup.whole(replace(card, by=""))
