"""The words after `trending`: over how long, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import words
from bot.asks import Command, Trending
from bot.readers import Typed
from papers.trends import Order, Period

PERIODS: Final[dict[str, Period]] = {"week": "week", "month": "month", "day": "day"}
ORDERS: Final[dict[str, Order]] = {"growth": "growth", "stars": "stars", "upvotes": "upvotes"}


def trending(typed: Typed) -> Command:
    """`[week|month] [by:growth|by:stars] [page:2]`, in any order; of two of a kind, the last one counts."""
    found = Trending()
    for word in words.split(typed.rest):
        found = _told(found, word, typed)
    return found


def _told(asked: Trending, word: str, typed: Typed) -> Trending:
    """The trend with one word more. Raises UsageError."""
    name, colon, value = word.partition(":")
    match f"{name.casefold()}{colon}":
        case "page:":
            return replace(asked, page=words.number(value, "a page", "pages count from page:1"))
        case "by:":
            order = words.choice(value, tuple(ORDERS), "an order of trends", typed.mender(word, "by:"))
            return replace(asked, by=ORDERS[order])
        case _:
            period = words.choice(word, tuple(PERIODS), "a length of trends", typed.mender(word))
            return replace(asked, period=PERIODS[period])
