"""A paper in Slack: linked title, what it found, who and where, why it is here, and what one can do about it. Pure.

Drawn, from top to bottom:

    *Drafts That Verifiers Accept*                             [picture]  a section: it is beside both
    A draft model trained on rejections halves the latency.
    AI summary, Hugging Face · M. Okonkwo et al. (Example Lab) · ⬆ 120    small print
    top 1% for *efficient LLM inference*
    [👍] [👎] [Why this?] [More like this]

A summary that was generated says so; words of a QUERY are in bold within it (the title is bold as it is). A whole
abstract stands in rich text instead, without a picture: beside one, a phone leaves it a narrow column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.phrases import reasons_line
from bot.slack import acts, limits, mrkdwn, parts
from bot.slack.message import Block
from bot.slack.parts import Element
from papers import emphasis
from papers.answers.card import Card
from papers.emphasis import sought
from papers.model import Paper
from papers.text import clean, shorten
from papers.wording.authors import authors_text
from papers.wording.badges import card_badges, summary_label

_SEPARATOR: Final = " · "
_WORDS: Final = 80
"""Characters of a topic that a reason quotes."""


def card(card: Card, *buttons: Element | None, mark: str = "", pictures: bool = True, whole: int = 0) -> list[Block]:
    """A card as blocks; `mark` stands before the title, a rank.

    `whole` is how many characters of the abstract are shown in the summary's place, 0 for none.
    """
    body = abstract(card.paper, whole, sought(card.reasons)) if whole else _body(card, mark, pictures=pictures)
    return [body, *_small_print(card, "" if whole else summary_label(card)), *parts.actions(*buttons)]


def abstract(paper: Paper, limit: int, words: Sequence[str] = ()) -> Block:
    """A paper's title and its abstract, or as much of that as `limit` characters hold; the words are in bold."""
    said = shorten(clean(paper.abstract) or "No abstract.", limit)
    shown = (parts.words(text, *(["bold"] if is_strong else [])) for text, is_strong in emphasis.parts(said, words))
    return parts.rich(title(paper), parts.words("\n"), *shown)


def title(paper: Paper) -> Element:
    """The title, a link if the paper's address may be shown."""
    return parts.linked(paper.url, name(paper), limits.TITLE)


def name(paper: Paper) -> str:
    """What to call the paper: its title, unless that shows nothing."""
    return clean(paper.title) or clean(paper.id) or "untitled"


def votes(paper: str) -> tuple[Element | None, ...]:
    """👍 and 👎 for a paper's id."""
    return (
        parts.button("👍", acts.UP, paper, apart=paper, spoken="More papers like this, please"),
        parts.button("👎", acts.DOWN, paper, apart=paper, spoken="Fewer papers like this, please"),
    )


def why(paper: str) -> Element | None:
    """The button that asks for the reason in full."""
    return parts.button("Why this?", acts.SAY, f"why {paper}", apart=f"why {paper}")


def similar(paper: str) -> Element | None:
    """The button that finds papers like this one."""
    return parts.button("More like this", acts.SAY, f"similar {paper}", apart=f"similar {paper}")


def _body(card: Card, mark: str, *, pictures: bool) -> Block:
    paper, said = card.paper, emphasis.parts(clean(card.summary), sought(card.reasons))
    lines = [f"{mark}*{mrkdwn.link(paper.url, name(paper), limits.LINK, limits.TITLE)}*"]
    if said:
        lines.append(mrkdwn.emphasised(said, limits.SUMMARY))
    return parts.line("\n".join(lines), parts.picture(paper.thumbnail or "", name(paper)) if pictures else None)


def _small_print(card: Card, label: str) -> list[Block]:
    reasons = reasons_line(card.reasons, plain=mrkdwn.literal, strong=mrkdwn.bold, words=_WORDS, limit=limits.REASONS)
    lines = [line for line in (_facts(card, label), reasons) if line]
    return [parts.small_print("\n".join(lines))] if lines else []


def _facts(card: Card, label: str) -> str:
    """Whether the summary was generated, who, how many thought it good, where: the badge for code is a link to it."""
    told = (mrkdwn.literal(text, limits.FACTS // 2) for text in (label, authors_text(card.paper)))
    said = _SEPARATOR.join(filter(None, told))
    for badge in card_badges(card, named=card.by if label else ""):
        is_code = badge.partition(" ")[0] == "code"
        where = card.paper.code_url or "" if is_code else ""
        shown = mrkdwn.link(where, badge, limits.FACTS // 2, limits.FACTS // 4)
        if len(said) + len(shown) > limits.FACTS:
            return f"{said}{_SEPARATOR}…"
        said += _SEPARATOR + shown if said else shown
    return said
