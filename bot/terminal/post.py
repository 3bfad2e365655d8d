"""A message as a channel of the terminal platform shows it. Pure: a delivery and its papers in, a renderable out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from bot.terminal.card import (
    ACCENT,
    QUIET,
    STRONG,
    WARNING,
    WIDTH,
    indented,
    joined,
    line,
    render_abstract,
    render_card,
    spaced,
)
from papers import summary
from papers.answers.card import Card
from papers.model import Delivery, Item, Paper
from papers.wording.headings import heading_text

THREAD_INDENT: Final = 4


def render_post(delivery: Delivery, papers: Mapping[str, Paper]) -> RenderableType:
    """One message: a headline with its cards, a reply (set in, if in a thread), or one quiet line.

    A paper that `papers` does not hold (the archive forgot it since) is named by its id.
    """
    match delivery.kind:
        case "digest":
            body: RenderableType = _headline(delivery, papers)
        case "more":
            body = _reply(delivery, (_entry(delivery, item, papers) for item in delivery.items))
        case "abstracts":
            shown = (papers.get(paper, Paper(paper, paper)) for paper in delivery.abstracts)
            body = _reply(delivery, map(render_abstract, shown))
        case "empty" | "notice" | "edit":
            body = _first_line(delivery, QUIET)
    return Constrain(body, WIDTH)


def _headline(delivery: Delivery, papers: Mapping[str, Paper]) -> Group:
    parts: list[RenderableType] = [_first_line(delivery, STRONG), Rule(style=QUIET)]
    if delivery.heading.note:
        parts.append(line(delivery.heading.note, WARNING))
    return Group(*parts, spaced(_entry(delivery, item, papers) for item in delivery.items))


def _reply(delivery: Delivery, body: Iterable[RenderableType]) -> RenderableType:
    head = Text.assemble(("↳ ", QUIET), _first_line(delivery, QUIET))
    reply = Group(head, spaced(body))
    return reply if delivery.flat else indented(reply, THREAD_INDENT)


def _first_line(delivery: Delivery, style: Style) -> Text:
    channel = line(f"#{delivery.destination.channel.removeprefix('#')}", ACCENT + STRONG)
    return joined((channel, line(heading_text(delivery.heading, delivery.kind), style)), "  ")


def _entry(delivery: Delivery, item: Item, papers: Mapping[str, Paper]) -> RenderableType:
    """A card, with the abstract in the summary's place where the message shows that."""
    card = _card(item, papers)
    if item.paper in delivery.abstracts and card.paper.abstract:
        card = replace(card, summary=card.paper.abstract, by="")
    return render_card(card)


def _card(item: Item, papers: Mapping[str, Paper]) -> Card:
    paper = papers.get(item.paper, Paper(item.paper, item.paper))
    return summary.card(paper, item.reasons, item.score)
