"""What of a language model's answer may stand in a card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.generated import LIMIT, presentable
from papers.model import Paper

PAPER = Paper(
    "1",
    "Sparse attention",
    "Sparse attention makes language models read long documents faster. Recall@10 rises by 3.5%, and p<0.05.",
)
GOOD = "Sparse attention lets language models read long documents faster."


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        f"  {GOOD}\n",
        f"**Summary:** {GOOD}",
        f"TL;DR: {GOOD}",
        f"Here is a summary: {GOOD}",
        f"# {GOOD}",
        f"“{GOOD}”",
        f"`{GOOD}`",
        f"<think>Documents, hm. See https://evil.example.</think>\n\n{GOOD}",
        GOOD.replace("attention", "\u202eatt\u200bention"),
    ],
)
def test_a_sentence_is_taken_out_of_what_models_put_around_it(answer: str) -> None:
    assert presentable(answer, PAPER) == GOOD


@pytest.mark.parametrize(
    "bait",
    [
        "Read it at https://evil.example now.",
        "See HTTPS://EVIL.EXAMPLE/x.",
        "Visit evil.example/attention for more.",
        "Ask (fast.ai) about it.",
        "Go to www.evil.example today.",
        "Thanks, @everyone.",
        "Write to a@evil.example at once.",
        "Thanks, \N{FULLWIDTH COMMERCIAL AT}everyone.",
        "Hello <!channel>, read this.",
        "Hello <@U024BE7LH>, read this.",
        "Try </list:1> here.",
        "A [link](//evil.example) it is.",
        "Go to ev\u200dil.com, please.",
        "Run javascript:alert(1) now.",
        "It is <b>bold</b> indeed.",
    ],
)
def test_a_sentence_with_an_address_a_mention_or_a_tag_is_left_out_whole(bait: str) -> None:
    assert presentable(f"{GOOD} {bait}", PAPER) == GOOD
    assert presentable(f"{bait} {GOOD}", PAPER) == GOOD
    assert presentable(bait, PAPER) is None


@pytest.mark.parametrize(
    "answer",
    [
        "Recall@10 of sparse attention rises by 3.5%, at p<0.05.",
        "Sparse attention (e.g. of documents) is faster: O(n) vs. O(n^2).",
        "Sparse attention reads documents in 3.5 s, i.e. faster; <5% of language models do.",
        "Sparse attention and/or long documents make models faster.",
    ],
)
def test_what_papers_are_full_of_is_no_bait(answer: str) -> None:
    assert presentable(answer, PAPER) == answer


@pytest.mark.parametrize(
    "answer",
    [
        "",
        " \n",
        "Faster.",
        "…",
        "I cannot read long documents about sparse attention.",
        "I'm sorry, language models read no documents.",
        "As an AI language model I read long documents.",
        "A wonderful phone has the very best camera of all, says our sponsor.",
        "word " * 1_000,
        f"{GOOD} " * 100,
        "Sparse attention makes language models read documents " + "and documents " * 30,
    ],
)
def test_an_answer_that_is_no_summary_of_the_paper_is_not_used(answer: str) -> None:
    assert presentable(answer, PAPER) in {None, f"{GOOD} {GOOD}"}
    assert answer.count(GOOD) == 100 or presentable(answer, PAPER) is None


def test_a_summary_in_a_script_without_spaces_is_taken() -> None:
    paper = Paper("1", "深層学習", "本研究は深層学習を用いて長い文書を高速に読む手法を提案する。")
    assert presentable("深層学習で長い文書を高速に読む手法を提案する。", paper) is not None
    assert presentable("今日の天気は晴れで、明日は雨になるでしょう。", paper) is None


@given(
    st.text()
    | st.lists(st.sampled_from(["sparse", "attention", " ", ". ", "@", "<", "https://", "a.b", "\n"])).map("".join)
)
def test_whatever_is_answered_what_is_shown_is_one_short_line_without_bait(answer: str) -> None:
    shown = presentable(answer, PAPER)
    assert shown is None or (0 < len(shown) <= LIMIT and shown.isprintable() and "://" not in shown)
