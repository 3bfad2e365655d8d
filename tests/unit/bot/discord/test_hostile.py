"""Text that means harm is shown as it was written, and nothing in it comes alive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord import parts
from bot.discord.message import Message
from bot.discord.post import render_card, render_post
from papers.answers.card import Card
from papers.text import clean
from tests.unit.bot.discord.hostile import FRAGMENTS, found_in, messages
from tests.unit.bot.discord.reader import shown
from tests.unit.bot.discord.samples import alive, faults, texts
from tests.unit.bot.samples import DRAFTS, PAPERS, delivery

LINKS = [str(link) for link in (DRAFTS.url, DRAFTS.code_url, DRAFTS.thumbnail)]
ALIKE = str.maketrans("［］", "[]")  # noqa: RUF001 - the signs that stand for brackets in links

HOSTILE = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)


@pytest.mark.parametrize("seed", range(4))
def test_hostile_papers_bring_nothing_alive_and_nothing_too_large_and_none_is_lost(seed: int) -> None:
    """300 titles a seed; `python -m tests.unit.bot.discord.hostile 100000` renders as many as it is told to."""
    for message, papers, identity in messages(seed, titles=300):
        assert found_in(message, papers, identity) == []


@given(HOSTILE)
def test_a_title_and_an_abstract_read_as_they_were_written(text: str) -> None:
    paper = replace(DRAFTS, title=text, abstract=text)
    brought = delivery("abstracts", items=(), abstracts=(paper.id,))
    told = shown(texts(render_post(brought, {paper.id: paper}))[1])
    title, _, abstract = told.partition("\n")
    assert_reads(title, clean(text) or DRAFTS.id)
    assert_reads(abstract, clean(text) or "No abstract.")


def assert_reads(told: str, written: str) -> None:
    """What is shown is what was written, or its beginning."""
    told, written = told.translate(ALIKE), written.translate(ALIKE)
    assert told == written or (told.endswith("…") and written.startswith(told[:-1]))


@settings(max_examples=50)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_paper_says_only_its_own_addresses_are_linked(title: str, abstract: str, name: str) -> None:
    paper = replace(
        DRAFTS, title=title, abstract=abstract, authors=(name,), organization=title, sources=(name,), ai_summary=None
    )
    for kind in ("digest", "more", "abstracts"):
        message = render_post(delivery(kind, abstracts=(paper.id,)), {**PAPERS, paper.id: paper})
        assert alive(message, [*LINKS, PAPERS["2607.20001"].url]) == []
        assert faults(message) == []


def test_the_search_for_life_finds_it() -> None:
    message = render_card(Card(DRAFTS, "x"))
    assert alive(message, LINKS) == []
    assert len(alive(message)) == 3
    assert alive(message, LINKS[:2]) == [f"picture: {DRAFTS.thumbnail}"]
    for text in ("<@1>", "@everyone", "**<#1>**", "a https://evil.example", "[a](https://evil.example)", ":x:", "> x"):
        assert alive(Message((parts.text(text),)), LINKS)
