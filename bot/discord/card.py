"""A paper in Discord: linked title, what it found, who and where, why it is here, and what one can do about it. Pure.

Drawn, from top to bottom:

    **Drafts That Verifiers Accept**                           [picture]  a section: it is beside the text
    A draft model trained on rejections halves the latency.
    -# AI summary, Hugging Face · M. Okonkwo et al. (Example Lab) · ⬆ 120 · code ★ 3.4k
    -# top 1% for **efficient LLM inference**
    [👍] [👎] [Why this?] [More like this]

The papers of a message share its room: titles and small print have limits of their own; summaries and abstracts have
what characters are left; pictures, two components each, what components are left. So the fifth of five papers with four
buttons has no picture: a container, a heading, five texts, five rows, twenty buttons, and four pictures that are set
beside their texts by four sections are 40.

A whole abstract stands without a picture: beside one, a phone leaves it a narrow column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.discord import acts, limits, markdown, parts
from bot.discord.fit import CHARACTERS, COMPONENTS, Group, fit, shares
from bot.discord.message import Component
from bot.phrases import reasons_line
from papers import emphasis
from papers.answers.card import Card
from papers.emphasis import Parts, sought
from papers.model import Paper
from papers.text import clean, shorten
from papers.wording.authors import authors_text
from papers.wording.badges import card_badges, summary_label

_SEPARATOR: Final = " · "
_WORDS: Final = 60
"""Characters of a topic that a reason quotes."""

_PICTURE: Final = 2
"""Components: the picture, and the section that sets it beside the text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A card in a message: `rank` stands before the title, `is_whole` shows the abstract in the summary's place."""

    card: Card
    buttons: tuple[Component, ...] = ()
    rank: int | None = None
    is_whole: bool = False


def entries(shown: Sequence[Entry], characters: int, components: int, *, pictures: bool = True) -> list[Group]:
    """The cards, each a group, which share so many characters and components.

    More than that is used only if titles and buttons alone are more.
    """
    frames = [(_title(one), _small_print(one)) for one in shown]
    bodies = [_body(one) for one in shown]
    used = sum(len(line) + 1 for frame in frames for line in frame if line)
    room = shares([len(markdown.emphasised(body)) for body in bodies], characters - used)
    spare = components - sum(1 + parts.number(parts.row(*one.buttons)) for one in shown)
    groups: list[Group] = []
    for one, (title, small_print), body, share in zip(shown, frames, bodies, room, strict=True):
        least = min(len(markdown.emphasised(body)), limits.LEAST)
        said = markdown.emphasised(body, share) if share >= least > 0 else ""
        beside = _picture(one.card.paper) if pictures and not one.is_whole and spare >= _PICTURE else None
        spare -= _PICTURE if beside else 0
        groups.append([parts.beside(parts.text(title, said, small_print), beside), *parts.row(*one.buttons)])
    return groups


def paged(head: Group, shown: Sequence[Entry], tail: Group = ()) -> tuple[Component, ...]:
    """An answer: cards between what is said above and below them."""
    characters = CHARACTERS - parts.length(head) - parts.length(tail)
    components = COMPONENTS - parts.number(head) - parts.number(tail)
    return fit(head, entries(shown, characters, components), tail)


def name(paper: Paper) -> str:
    """What to call the paper: its title, unless that shows nothing."""
    return clean(paper.title) or clean(paper.id) or "untitled"


def linked(paper: Paper) -> str:
    """The title in bold, a link if the paper's address may be shown."""
    return f"**{markdown.link(paper.url, name(paper), limits.LINK, limits.NAME)}**"


def votes(paper: str, apart: str = "") -> tuple[Component, Component]:
    """👍 and 👎 for a paper's id."""
    return parts.button("👍", acts.UP, paper, apart=apart), parts.button("👎", acts.DOWN, paper, apart=apart)


def why(paper: str) -> Component:
    """The button that asks for the reason in full."""
    return parts.button("Why this?", acts.SAY, f"why {paper}")


def similar(paper: str) -> Component:
    """The button that finds papers like this one."""
    return parts.button("More like this", acts.SAY, f"similar {paper}")


def _title(entry: Entry) -> str:
    rank = "" if entry.rank is None else f"**{entry.rank}.** "
    return rank + linked(entry.card.paper)


def _body(entry: Entry) -> Parts:
    """What is told of the paper, the words that were asked for emphasised (the title is bold as it is)."""
    told = clean(entry.card.paper.abstract) if _tells_all(entry) else shorten(clean(entry.card.summary), limits.SUMMARY)
    return emphasis.parts(told, sought(entry.card.reasons))


def _tells_all(entry: Entry) -> bool:
    return entry.is_whole and bool(clean(entry.card.paper.abstract))


def _picture(paper: Paper) -> Component | None:
    return parts.picture(paper.thumbnail or "", name(paper))


def _small_print(entry: Entry) -> str:
    card, label = entry.card, "" if _tells_all(entry) else summary_label(entry.card)
    reasons = reasons_line(
        card.reasons, plain=markdown.escape, strong=markdown.bold, words=_WORDS, limit=limits.REASONS
    )
    return "\n".join(parts.small(line) for line in (_facts(card, label), reasons) if line)


def _facts(card: Card, label: str) -> str:
    """Whether the summary was generated, who, how many thought it good, where: the badge for code is a link to it."""
    told = (markdown.quoted(text, limits.FACTS // 2) for text in (label, authors_text(card.paper)))
    said = _SEPARATOR.join(filter(None, told))
    for badge in card_badges(card, named=card.by if label else ""):
        is_code = badge.partition(" ")[0] == "code"
        where = card.paper.code_url or "" if is_code else ""
        shown = markdown.link(where, badge, limits.FACTS // 2, limits.FACTS // 4)
        if len(said) + len(shown) + len(_SEPARATOR) > limits.FACTS - 4:
            return f"{said}{_SEPARATOR}…"
        said += _SEPARATOR + shown if said else shown
    return said
