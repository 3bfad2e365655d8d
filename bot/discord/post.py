"""A message of a post as Discord shows it. Pure: a delivery and its papers in, components out.

Every paper that a delivery brings is in its message, and the delivery's id is in a button of every message (see
`bot.discord.acts`). Below an abstract stand the votes, as it is what one votes by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.discord import acts, limits, markdown, parts
from bot.discord.card import Entry, entries, similar, votes, why
from bot.discord.fit import Group, fit
from bot.discord.message import Component, Message
from papers.answers.card import Card
from papers.model import Delivery, Paper, Reason
from papers.summary import card
from papers.text import clean, shorten
from papers.wording.headings import heading_text

_SEPARATOR: Final = " · "
_COMPONENTS: Final = limits.COMPONENTS - 1
"""Without the container."""


def render_post(delivery: Delivery, papers: Mapping[str, Paper], *, pictures: bool = True) -> Message:
    """One message: a headline with its cards, a reply, or one quiet line.

    A paper that `papers` does not hold (the archive forgot it since) is named by its id. `pictures`: with thumbnails,
    whose addresses Discord must be able to reach.
    """
    match delivery.kind:
        case "digest":
            shown = _brought(delivery, papers, _head(delivery), pictures=pictures)
        case "more":
            shown = _brought(delivery, papers, _first_line(delivery), pictures=pictures)
        case "abstracts":
            shown = _abstracts(delivery, papers)
        case "empty" | "edit":
            shown = (_first_line(delivery),)
        case "notice":
            shown = _notice(delivery)
    return Message(_signed(shown, delivery.id))


def render_card(shared: Card) -> Message:
    """The card of a paper whose link somebody shared."""
    entry = Entry(shared, (similar(shared.paper.id),))
    (group,) = entries([entry], limits.TEXT, _COMPONENTS)
    return Message(tuple(group))


def _signed(shown: tuple[Component, ...], delivery: str) -> tuple[Component, ...]:
    """With the delivery's id, also where there is no paper to vote for."""
    if acts.delivery_of(shown) is not None:
        return shown
    return (*shown, *parts.row(parts.button("Show subscriptions", acts.SAY, "list", apart=delivery)))


def _first_line(delivery: Delivery) -> Component:
    return parts.text(parts.small(markdown.quoted(heading_text(delivery.heading, delivery.kind), limits.SENTENCE)))


def _head(delivery: Delivery) -> Component:
    """The day and how many; below it, for which subscriptions, and whether it is late."""
    heading = delivery.heading
    wanted = ", ".join(clean(label) for label in heading.subscriptions)
    told = [clean(heading.note or ""), f"for {wanted}" if wanted else ""]
    about = _SEPARATOR.join(part for part in told if part)
    top = heading_text(replace(heading, subscriptions=()), delivery.kind)
    return parts.text(
        parts.heading(markdown.quoted(top, limits.HEADING)), parts.small(markdown.quoted(about, limits.ABOUT))
    )


def _brought(
    delivery: Delivery, papers: Mapping[str, Paper], head: Component, *, pictures: bool
) -> tuple[Component, ...]:
    """The items' cards, with a summary, or the abstract where the message shows that."""
    shown = [
        _entry(_paper(item.paper, papers), item.reasons, delivery, is_whole=item.paper in delivery.abstracts)
        for item in delivery.items
    ]
    return _fitted([head], shown, pictures=pictures)


def _entry(paper: Paper, reasons: tuple[Reason, ...], delivery: Delivery, *, is_whole: bool) -> Entry:
    buttons = (*votes(paper.id, delivery.id), why(paper.id), similar(paper.id))
    return Entry(card(paper, reasons, limit=limits.SUMMARY), buttons, is_whole=is_whole)


def _abstracts(delivery: Delivery, papers: Mapping[str, Paper]) -> tuple[Component, ...]:
    shown = [
        Entry(Card(_bare(_paper(paper, papers)), "No abstract."), votes(paper, delivery.id), is_whole=True)
        for paper in delivery.abstracts
    ]
    return _fitted([_first_line(delivery)], shown, pictures=False)


def _bare(paper: Paper) -> Paper:
    """Without what its card told."""
    return Paper(paper.id, paper.title, paper.abstract, url=paper.url)


def _fitted(head: Group, shown: list[Entry], *, pictures: bool) -> tuple[Component, ...]:
    room, left = limits.TEXT - parts.length(head), _COMPONENTS - parts.number(head)
    groups = entries(shown, room, left, pictures=pictures)
    return fit(head, groups, components=_COMPONENTS, characters=limits.TEXT)


def _paper(paper: str, papers: Mapping[str, Paper]) -> Paper:
    return papers.get(paper, Paper(paper, paper))


def _notice(delivery: Delivery) -> tuple[Component, ...]:
    """The line, the channel that it is about by name, and a way to mend it."""
    note, about = shorten(heading_text(delivery.heading, delivery.kind), limits.SENTENCE), delivery.heading.about
    if delivery.heading.repair is not None:
        feed = parts.button("Repair", acts.SAY, f"repair {delivery.heading.repair}", style=parts.PRIMARY)
        return (parts.text(markdown.quoted(note, limits.SENTENCE)), *parts.row(feed))
    if not about:
        return (parts.text(markdown.quoted(note, limits.SENTENCE)),)
    before, named, after = note.partition(about)
    told = f"{markdown.escape(before)}{markdown.channel(about) if named else ''}{markdown.escape(after)}"
    repair = parts.button("Repair", acts.REPAIR, about, apart=delivery.id, style=parts.PRIMARY)
    return (parts.text(told), *parts.row(repair))
