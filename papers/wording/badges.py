"""What a card tells of its paper at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from papers.answers.card import Card
from papers.model import Paper
from papers.text import clean, shorten
from papers.trends import Figure, Gained, Period
from papers.wording.dates import date_text
from papers.wording.numbers import short_number
from papers.wording.sources import source_name

GAINED_IN: Final[Mapping[Period, str]] = {"day": "since yesterday", "week": "in 7 days", "month": "in 30 days"}
"""When a paper gained what is told of it: see `papers.trends.gained_in`."""

_MODEL_LIMIT: Final = 40
"""Characters of a model's name."""


def summary_label(card: Card) -> str:
    """`AI summary, Hugging Face`: whose language model wrote a card's summary; "" for the authors' own sentences."""
    return f"AI summary, {shorten(clean(card.by), _MODEL_LIMIT)}" if card.by and card.summary else ""


def badges(paper: Paper, gained: Gained | None = None, named: str = "") -> tuple[str, ...]:
    """What a paper is known by at a glance: `⬆ 120`, `code ★ 3.4k`, its sources but for one `named` beside them.

    With what it gained, where that is known: `⬆ 120 (+35 in 7 days)`.
    """
    found = [f"⬆ {short_number(paper.upvotes)}{_more(gained, 'upvotes')}"] if paper.upvotes else []
    if paper.code_stars:
        found.append(f"code ★ {short_number(paper.code_stars)}{_more(gained, 'stars')}")
    elif paper.code_url:
        found.append("code")
    return (*found, *dict.fromkeys(name for name in map(source_name, paper.sources) if name != named))


def card_badges(card: Card, *, named: str = "") -> tuple[str, ...]:
    """The same for a card: its day first, `10 Nov 2026`, if it has one."""
    day = (date_text(card.day),) if card.day else ()
    return (*day, *badges(card.paper, card.gained, named))


def _more(gained: Gained | None, figure: Figure) -> str:
    if gained is None:
        return ""
    more = gained.upvotes if figure == "upvotes" else gained.stars
    return f" (+{short_number(more)} {GAINED_IN[gained.period]})" if more > 0 else ""
