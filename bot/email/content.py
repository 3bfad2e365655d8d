"""What a mail says, before it is set as text or as HTML. Pure: a delivery and its papers in, paragraphs out.

Text that is not ours goes through `papers.text.clean` here, so that neither look needs to; each escapes what its own
form needs. Both looks are made of the same value: they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from papers import emphasis, summary
from papers.answers.card import Card
from papers.emphasis import Parts, sought
from papers.model import Delivery, Item, Paper, Reason
from papers.text import clean, shorten
from papers.wording.authors import authors_text
from papers.wording.badges import badges, summary_label
from papers.wording.headings import heading_text
from papers.wording.reasons import reason_parts

CARDS: Final = 50
"""Papers that a mail tells of at length; of the others it has titles. Gmail cuts a mail's HTML at 102 KB."""

ROOM: Final = 40_000
"""Characters that a mail's abstracts may have in all: with them it stays below that too."""

SUMMARY: Final = 600
ABSTRACT: Final = 4_000
TITLE: Final = 300
FACT: Final = 200
WORDS: Final = 80
"""Characters at most of a summary, an abstract, a title, a fact, and a part of a reason."""

FACTS: Final = 8
"""Facts that a card tells: who, how many thought it good, code, where it was found."""

REASONS: Final = 6
"""Subscriptions of which a card says why they wanted it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in a mail. Addresses are "" where there is nothing that may be linked.

    `text` and each of `reasons` are in parts: (text, emphasised). `facts` are (text, address).
    """

    title: str
    url: str
    text: Parts = ()
    facts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Parts, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A mail: `lines` come first, `more` are told by their titles, each of `links` is (what it does, where it leads).

    `small` is its footer; without one the links are what the mail is about.
    """

    subject: str
    lines: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    small: tuple[str, ...] = ()


def digest(delivery: Delivery, papers: Mapping[str, Paper]) -> Content:
    """A delivery. A paper that `papers` does not hold (the archive forgot it since) is named by its id."""
    items = delivery.items or tuple(Item(paper, 0.0, (), ()) for paper in delivery.abstracts)
    shown, others = items[:CARDS], items[CARDS:]
    room, entries = ROOM, []
    for item in shown:
        paper = papers.get(item.paper, Paper(item.paper, item.paper))
        card = summary.card(paper, item.reasons, item.score, limit=SUMMARY)
        abstract = shorten(clean(paper.abstract), ABSTRACT)
        if item.paper in delivery.abstracts and abstract and len(abstract) <= room:
            card, room = replace(card, summary=abstract, by=""), room - len(abstract)
        entries.append(_entry(card))
    note = clean(delivery.heading.note or "") if delivery.kind == "digest" else ""
    return Content(
        subject=subject(delivery),
        lines=(note,) if note else (),
        entries=tuple(entries),
        more=tuple(_titled(papers.get(item.paper, Paper(item.paper, item.paper))) for item in others),
    )


def subject(delivery: Delivery) -> str:
    """`7 papers for diffusion · Tue 10 Nov`: what there is comes first, as inboxes cut the end."""
    day, _, said = heading_text(delivery.heading, delivery.kind).partition(" · ")
    return clean(f"{said} · {day}" if said else day)


def safe_url(url: str | None) -> str:
    """An address that may be linked, else "": http(s), printable ASCII, no space."""
    url = url or ""
    plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>')
    return url if plain and url.lower().startswith(("https://", "http://")) else ""


def _entry(card: Card) -> Entry:
    paper = card.paper
    facts = [(summary_label(card), ""), (authors_text(paper), ""), *(_badge(badge, paper) for badge in badges(paper))]
    return replace(
        _titled(paper),
        text=emphasis.parts(clean(card.summary), sought(card.reasons)),
        facts=tuple((shorten(said, FACT), where) for said, where in facts if said)[:FACTS],
        reasons=_reasons(card.reasons),
    )


def _badge(badge: str, paper: Paper) -> tuple[str, str]:
    """The badge for code leads there."""
    return clean(badge), safe_url(paper.code_url) if badge.partition(" ")[0] == "code" else ""


def _titled(paper: Paper) -> Entry:
    return Entry(shorten(clean(paper.title) or paper.id, TITLE), safe_url(paper.url))


def _reasons(reasons: Sequence[Reason]) -> tuple[Parts, ...]:
    told: Iterable[Parts] = dict.fromkeys(
        tuple((_cut(text), strong) for text, strong in reason_parts(reason)) for reason in reasons[:REASONS]
    )
    return tuple(filter(None, told))


def _cut(text: str) -> str:
    """A part of a reason; the spaces at its ends join it to its neighbours."""
    return text if len(text) <= WORDS else shorten(text, WORDS)
