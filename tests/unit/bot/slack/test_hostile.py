"""Text that means harm is shown as it was written, and nothing in it comes alive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.mrkdwn import unescape
from bot.slack.post import render_card, render_post
from papers.answers.card import Card
from papers.text import clean
from tests.fakes.slack.blocks import violations
from tests.unit.bot.samples import DRAFTS, PAPERS, delivery
from tests.unit.bot.slack.hostile import FRAGMENTS, faults, messages
from tests.unit.bot.slack.samples import alive

LINKS = [str(link) for link in (DRAFTS.url, DRAFTS.code_url, DRAFTS.thumbnail)]
ALIKE = str.maketrans(
    {
        "\N{ASTERISK OPERATOR}": "*",
        "\N{FULLWIDTH ASTERISK}": "*",
        "\N{SMALL ASTERISK}": "*",
        "\N{MODIFIER LETTER LOW MACRON}": "_",
        "\N{FULLWIDTH LOW LINE}": "_",
        "\N{TILDE OPERATOR}": "~",
        "\N{MODIFIER LETTER GRAVE ACCENT}": "`",
        "\N{FULLWIDTH GRAVE ACCENT}": "`",
        "\N{RATIO}": ":",
    }
)
"""Signs that look alike."""

HOSTILE = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)


@pytest.mark.parametrize("seed", range(4))
def test_hostile_papers_bring_nothing_alive_and_nothing_too_large(seed: int) -> None:
    """300 titles a seed; `python -m tests.unit.bot.slack.hostile 100000` renders as many as it is told to."""
    for message, papers, whole in messages(seed, titles=300):
        assert faults(message, papers, whole=whole) == []


@given(HOSTILE)
@example("*x* _y_ ~z~ `q` :smile: <!channel> <https://evil.example|arXiv> https://evil.example &amp; &lt;")
def test_a_title_reads_as_it_was_written(title: str) -> None:
    paper = replace(DRAFTS, title=title, abstract=title)
    shown = render_card(Card(paper, "")).blocks[0]["text"]["text"].partition("|")[2].removesuffix(">*")
    assert_reads(unescape(shown.translate(ALIKE)), title)
    rich = render_post(delivery("abstracts", abstracts=(paper.id,)), {paper.id: paper}).blocks[1]
    named, _, abstract = rich["elements"][0]["elements"]
    assert_reads(named["text"], title)
    assert_reads(abstract["text"], title if clean(title) else "No abstract.")


def assert_reads(shown: str, written: str) -> None:
    """What is shown is what was written, or its beginning."""
    whole = clean(written).translate(ALIKE) or DRAFTS.id
    shown = shown.removeprefix("\N{SOFT HYPHEN}").translate(ALIKE)
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_paper_says_only_its_own_addresses_are_linked(title: str, abstract: str, name: str) -> None:
    paper = replace(
        DRAFTS, title=title, abstract=abstract, authors=(name,), organization=title, sources=(name,), ai_summary=None
    )
    for kind in ("digest", "more", "abstracts"):
        message = render_post(delivery(kind, abstracts=(paper.id,)), {**PAPERS, paper.id: paper})
        assert alive(message, [*LINKS, PAPERS["2607.20001"].url]) == []
        assert violations(message.blocks) == []


def test_the_search_for_life_finds_it() -> None:
    message = render_card(Card(DRAFTS, "x"))
    assert alive(message, LINKS) == []
    assert alive(message)
    for text in (
        "<!channel>",
        "<@U1>",
        "*bold",
        "_low_",
        "`code`",
        "a &amp b",
        "&gt; quote",
        "<https://evil.example|x>",
    ):
        block = {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
        assert alive(replace(message, blocks=(block,)), LINKS)
    for element in ({"type": "user", "user_id": "U1"}, {"type": "link", "url": "https://evil.example"}):
        assert alive(replace(message, blocks=({"type": "rich_text", "elements": [element]},)), LINKS)
    assert alive(replace(message, text="<!channel>"), LINKS)
