"""What the archive answers, the same in every channel: pages of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from papers.answers.card import Card
from papers.trends import Order, Period


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of `search`, counted from 1, or of `similar`.

    `total` is of all pages, `query` put right, `narrowed` "since 2026-10-01". `like` is what papers were compared with,
    the title of a paper or a text; the query is empty then.
    """

    query: str
    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    note: str | None = None
    narrowed: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class DigestAnswer:
    """The answer of `digest` (one day, most upvoted first) and of `trending` (`first` … `last`, ordered `by`).

    One page: `page` counts from 1; `total` is the number of papers on all; `rank` is that of the page's first card.
    By growth, `first` … `last` are the days on which papers gained what they are ranked by; else the papers' own days.
    `note` is what is missing from the answer, if anything.
    """

    title: Literal["digest", "trending"]
    first: date
    last: date
    cards: tuple[Card, ...]
    total: int
    page: int = 1
    pages: int = 1
    rank: int = 1
    period: Period = "day"
    by: Order = "upvotes"
    note: str | None = None
