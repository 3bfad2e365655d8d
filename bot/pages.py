"""What platforms say above a page of papers in the same words, and the lines that lead from it to others.

Plain text, not escaped, to be set in type by each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.phrases import joined
from bot.wants import MAX_TOPIC, spelt
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.services.naming import is_no_query
from papers.text import clean, shorten
from papers.trends import Order, Period
from papers.wording.badges import GAINED_IN
from papers.wording.dates import day_text
from papers.wording.numbers import count

PERIODS: Final[Mapping[Period, str]] = {"day": "Day", "week": "Week", "month": "Month"}
ORDERS: Final[Mapping[Order, str]] = {"upvotes": "Most upvoted", "growth": "Rising", "stars": "Most starred code"}
"""What a trend may be, and what buttons and menus call it."""

_LIKE: Final = 120
"""Characters of a title or a text that is told in a heading."""

_SEPARATOR: Final = " · "


def subscribable(answer: SearchAnswer) -> str:
    """What `subscribe` takes for a search; "" where it asked for no words, or for one paper by its name.

    No QUERY finds what is like a paper, but the paper's title is a topic.
    """
    if answer.like:
        return f"about: {shorten(answer.like, MAX_TOPIC).removesuffix('…')}"
    return spelt(answer.query) if answer.query and not is_no_query(answer.query) else ""


def found(answer: SearchAnswer) -> tuple[str, str]:
    """How many papers were found, and for what, "" for all that there are: `12 papers for `, `mamba`."""
    papers = count(answer.total, "paper")
    if answer.like:
        return f"{papers} like ", f"“{shorten(clean(answer.like), _LIKE)}”"
    return (f"{papers} for ", answer.query) if answer.query else (papers, "")


def digest_title(answer: DigestAnswer) -> str:
    """The days of a page, and how many papers they had; with the year, as the archive has many."""
    last = f"{day_text(answer.last)} {answer.last.year}"
    year = "" if answer.first.year == answer.last.year else f" {answer.first.year}"
    days = last if answer.first == answer.last else f"{day_text(answer.first)}{year} to {last}"
    name = {"growth": "Rising, ", "stars": "Trending code, "}.get(answer.by, "Trending, ")
    return f"{name if answer.title == 'trending' else ''}{days}{_SEPARATOR}{count(answer.total, 'paper')}"


def ranked_by(answer: DigestAnswer) -> str:
    """What puts a page's papers into their order."""
    return {
        "upvotes": "most upvoted first",
        "growth": f"most upvotes gained {GAINED_IN[answer.period]} first, papers of any day",
        "stars": "most code stars first",
    }[answer.by]


def digest_line(answer: DigestAnswer) -> str:
    """The line that shows the same days, or the same trend, whichever day it is said."""
    return f"digest {answer.first.isoformat()}" if answer.title == "digest" else _trend(answer.period, answer.by)


def other_trends(answer: DigestAnswer) -> list[tuple[str, str]]:
    """What else may be looked at from a trend: buttons' labels, and the lines that they say."""
    if answer.title == "digest":
        return []
    periods = [(name, _trend(period, answer.by)) for period, name in PERIODS.items() if period != answer.period]
    orders = [(name, _trend(answer.period, by)) for by, name in ORDERS.items() if by != answer.by]
    return periods + orders


def subscribable_trend(answer: DigestAnswer) -> str:
    """What `subscribe` takes for a trend that can be subscribed to; "" for any other page."""
    return "trending" if answer.title == "trending" and answer.by == "upvotes" else ""


def _trend(period: Period, by: Order) -> str:
    return " ".join(("trending", *([period] if period != "day" else []), *([f"by:{by}"] if by != "upvotes" else [])))


def narrowing(answer: SearchAnswer) -> str:
    """What narrowed a search, and which page this is."""
    return joined((answer.narrowed, page_of(answer)))


def page_of(answer: SearchAnswer | DigestAnswer) -> str:
    """Which page of how many; "" where there is one."""
    return f"page {answer.page} of {answer.pages}" if answer.pages > 1 else ""
