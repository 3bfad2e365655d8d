"""What Discord's markdown obeys is not obeyed, and is shown as it was written."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.markdown import address, bold, channel, code, code_block, escape, link, moment, quoted
from papers.text import clean
from tests.unit.bot.discord.hostile import FRAGMENTS
from tests.unit.bot.discord.reader import every, obeyed, read, shown

HOSTILE = st.text(max_size=200) | st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)
SIGNS = st.text(alphabet=st.sampled_from("\\*_~`|<>[]():@#-+.&!1ax /\n"), max_size=30)
ALIKE = str.maketrans("［］", "[]")  # noqa: RUF001 - the signs that stand for brackets in links


@pytest.mark.parametrize("fragment", [one for one in FRAGMENTS if obeyed(one)])
def test_what_is_obeyed_is_no_more_once_it_is_escaped(fragment: str) -> None:
    assert obeyed(escape(fragment)) == set()
    assert shown(escape(fragment)) == " ".join(fragment.splitlines())


def test_the_reader_finds_what_there_is_to_obey() -> None:
    kinds = set().union(*map(obeyed, FRAGMENTS), obeyed("x </papers list:1>"))
    assert kinds >= {"quote", "heading", "small", "list", "block", "code", "link", "bracketed", "url", "person"}
    assert kinds >= {"role", "channel", "command", "guide", "time", "picture", "emoji", "strong", "underline", "em"}
    assert kinds >= {"strike", "spoiler"}


def test_a_backslash_stands_before_whatever_may_begin_something() -> None:
    assert escape("a*b_c~d`e|f<g>[x](y):z@w\\") == r"a\*b\_c\~d\`e\|f\<g>\[x\]\(y)\:z\@w\\"
    assert escape("state-of-the-art, C++, 3.5x & #1!") == "state-of-the-art, C++, 3.5x & #1!"
    assert escape("2. Is > 1?") == r"2\. Is > 1?"


def test_no_sign_is_cut_from_its_backslash() -> None:
    assert [escape("ab*c", limit) for limit in (1, 2, 3, 4, 5)] == ["…", "a…", "ab…", "ab…", r"ab\*c"]


@given(HOSTILE | SIGNS)
@example("a \\")
@example("12. item")
def test_text_reads_as_it_was_written(text: str) -> None:
    assert read(escape(clean(text))) == ([read(escape(clean(text)))[0]] if clean(text) else [])
    assert shown(escape(clean(text))) == clean(text)


@given(HOSTILE | SIGNS, st.integers(1, 40))
def test_what_is_cut_is_its_beginning_and_nothing_in_it_is_obeyed(text: str, limit: int) -> None:
    cut = quoted(text, limit)
    assert len(cut) <= limit
    assert obeyed(cut) == set()
    assert shown(cut) == clean(text) or (cut.endswith("…") and clean(text).startswith(shown(cut)[:-1]))


@given(HOSTILE | SIGNS, HOSTILE | SIGNS)
@example("T", "a ](https://evil.example) b]")
@example("T", "a \\](https://evil.example) b]")
@example("a [ b", "c ] d")
@example("[Re] Scaling [laws", "x")
def test_a_link_leads_where_it_says_whatever_stands_in_it_and_after_it(text: str, after: str) -> None:
    made = link("https://x.org/a", text, 100, 9_000)
    pieces = read(f"{made}\n{escape(clean(after))} · {link('https://x.org/b', 'code', 100, 100)}")
    links = [(one.text.translate(ALIKE), one.target) for one in every(pieces) if one.kind == "link"]
    first = [(clean(text).translate(ALIKE), "https://x.org/a")] if clean(text) else []
    assert links == [*first, ("code", "https://x.org/b")]
    assert {one.kind for one in every(pieces)} <= {"text", "link"}


@given(HOSTILE | SIGNS)
def test_bold_text_cannot_end_its_own_bold_type(text: str) -> None:
    made = bold(text, 9_000)
    pieces = read(f"{made} and on")
    assert [one.kind for one in pieces] == (["strong", "text"] if clean(text) else ["text"])
    assert not clean(text) or pieces[0].text == clean(text)


@given(HOSTILE | SIGNS)
def test_code_cannot_end_itself(text: str) -> None:
    assert {one.kind for one in read(code(text, 2_000))} <= {"code"}
    assert [one.kind for one in read(code_block(clean(text) + "x", 3_000))] == ["block"]


def test_only_addresses_that_may_be_shown_are_linked_to() -> None:
    told = "https://x.org/a%28b%29%20c%3Ed%5B1%5D?e=1&f=%2A%27%22"
    assert address("https://x.org/a(b) c>d[1]?e=1&f=*'\"", 100) == told
    assert link("javascript:alert(1)", "code", 100, 100) == "code"
    assert link("https://ann:secret@x.org/", "code", 100, 100) == "code"
    assert link("https://x.org/" + "a" * 100, "code", 100, 100) == "code"
    assert link("https://[::1]/", "code", 100, 100) == "code"
    assert address("https://x.org/\ud800a", 100) == "https://x.org/a"


def test_an_instant_is_told_in_each_readers_zone_and_how_far_away_it_is() -> None:
    assert moment(datetime(2026, 11, 24, 8, tzinfo=UTC)) == "<t:1795507200:f> (<t:1795507200:R>)"


@pytest.mark.parametrize("identity", ["@12", "12> <@1", "abc", "", "1" * 21, "\N{SUPERSCRIPT TWO}"])
def test_only_ids_are_shown_as_channels(identity: str) -> None:
    assert obeyed(channel(identity)) == set()
    assert channel("1234567890") == "<#1234567890>"


@pytest.mark.parametrize("text", ["\\" * 200_000, "1" * 200_000, " " * 200_000 + "-", "[" * 200_000, "<@" * 100_000])
def test_no_text_is_slow_to_escape(text: str) -> None:
    begun = time.process_time()
    escape(text, 100)
    link("https://x.org", text, 100, 100)
    assert time.process_time() - begun < 0.5
