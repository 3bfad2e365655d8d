"""What mrkdwn obeys is not obeyed, and what Slack made of typed text is undone."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.mrkdwn import address, bold, channel, escape, link, literal, moment, unescape

STAR, RATIO = "\N{ASTERISK OPERATOR}", "\N{RATIO}"
TYPED = [
    ("&amp; &lt; &gt;", "& < >"),
    ("&amp;lt;", "&lt;"),
    ("<https://arxiv.org/abs/2607.21557|this>", "https://arxiv.org/abs/2607.21557"),
    ("<https://x.org/?a=1&amp;b=2>", "https://x.org/?a=1&b=2"),
    ("search <http://fast.ai|fast.ai> courses", "search fast.ai courses"),
    ("<http://lab.org/|lab.org>", "lab.org"),
    ("<mailto:a@b.org|a@b.org>", "a@b.org"),
    ("<@U024BE7LH|ann> <@U024BE7LH>", "@ann @U024BE7LH"),
    ("<#C024BE7LR|general> <#C024BE7LR> <#C024BE7LR|>", "#general #C024BE7LR #C024BE7LR"),
    ("<!here> <!channel|channel>", "@here channel"),
    ("<!subteam^SAZ94GDB8|@team>", "@team"),
    ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
    ("nothing special: a*b_c ~3/day", "nothing special: a*b_c ~3/day"),
]


@pytest.mark.parametrize(("sent", "typed"), TYPED)
def test_what_slack_made_of_typed_text_is_undone(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


@pytest.mark.parametrize("text", ["a < b", "<", ">", "<>", "<b", "<foo|bar>", "<!>", "<@>", "&nbsp; &", "<<a>>"])
def test_brackets_and_ampersands_that_slack_does_not_write_stay(text: str) -> None:
    assert unescape(text) == text


@given(st.text(alphabet=st.sampled_from("<>&|@#!abc;ltgmp:/ ")) | st.text())
def test_whatever_is_typed_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["<" * 200_000 + ">", "<a|" * 100_000, "&amp;" * 100_000, "<" + "|" * 200_000])
def test_no_text_is_slow_to_undo(text: str) -> None:
    begun = time.process_time()
    unescape(text)
    assert time.process_time() - begun < 0.5


def test_escaped_text_has_no_live_brackets_and_keeps_its_marks() -> None:
    assert escape("<!channel> & *bold*") == "&lt;!channel&gt; &amp; *bold*"


@given(st.text(), st.integers(2, 40))
def test_literal_text_holds_nothing_that_slack_obeys_and_keeps_to_its_limit(text: str, limit: int) -> None:
    for shown in (literal(text), literal(text, limit)):
        assert not set(shown) & set("*_~`<>")
        assert not shown.startswith("&gt;")
        assert all(entity.startswith(("amp;", "lt;", "gt;")) for entity in shown.split("&")[1:])
        assert shown.count(":") <= 1
    assert len(literal(text, limit)) <= limit


def test_literal_text_reads_as_it_was_written() -> None:
    assert literal("org:google & co") == "org:google &amp; co"
    assert literal("*x* :y:") == f"{STAR}x{STAR} {RATIO}y{RATIO}"
    assert literal("see https://evil.example") == f"see https{RATIO}//evil.example"
    assert literal("ten characters", 10) == "ten chara…"
    assert literal("&&&&", 12) == "&amp;&amp;…"


def test_bold_text_cannot_end_its_own_bold_type() -> None:
    assert bold("quant*") == f"*quant{STAR}*"
    assert bold("  ") == ""


def test_only_addresses_that_may_be_shown_are_linked_to() -> None:
    told = f"<https://x.org/a%7Cb%20c%3Ed?e=1&amp;f=%2A|{STAR}code{STAR}>"
    assert link("https://x.org/a|b c>d?e=1&f=*", "*code*", 100) == told
    assert link("javascript:alert(1)", "code", 100) == "code"
    assert link("https://ann:secret@x.org/", "code", 100) == "code"
    assert link("https://x.org/" + "a" * 100, "code", 100) == "code"
    assert address("https://x.org/\ud800a", 100) == "https://x.org/a"


def test_an_instant_is_told_in_each_readers_zone_with_words_to_fall_back_on() -> None:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    shown = moment(at, "Tue <24> Nov")
    assert shown == "<!date^1795507200^{date_short_pretty} at {time}|Tue &lt;24&gt; Nov>"


@pytest.mark.parametrize(
    ("identity", "is_channel"),
    [("C024BE91L", True), ("G024", True), ("@U1", False), ("U024BE7LH", False), ("C", False), ("Cat", False)],
)
def test_only_ids_of_channels_are_shown_as_channels(identity: str, is_channel: bool) -> None:  # noqa: FBT001 - a case
    assert (channel(identity) == identity) is is_channel
    assert channel(f"{identity}> <!here") is None
