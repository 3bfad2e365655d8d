"""What Discord offers while somebody types an option: at most 25 choices, each of at most 100 characters
(https://docs.discord.com/developers/interactions/application-commands#autocomplete). Pure.
"""  # noqa: D205 - one sentence

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.categories import CATEGORIES
from papers.answers.subscriptions import Row
from papers.text import clean, shorten

MOST: Final = 25
LONGEST: Final = 100

Choice = tuple[str, str]
"""What is shown, and what is meant by it."""


def numbers(rows: Iterable[Row], typed: str) -> list[Choice]:
    """The channel's subscriptions: `#3 diffusion -survey`."""
    shown = ((f"#{row.subscription.number} {row.label}", str(row.subscription.number)) for row in rows)
    return _fitting(shown, typed)


def queries(lately: Sequence[str], typed: str) -> list[Choice]:
    """What the user asked for lately; what is typed now stands first, as it may be meant just so."""
    fitting = [one for one in lately if typed.casefold() in one.casefold() and len(one) <= LONGEST]
    mine = [typed] if typed.strip() and len(typed) <= LONGEST else []
    return [(clean(one), one) for one in dict.fromkeys([*mine, *fitting]) if clean(one)][:MOST]


def zones(typed: str) -> list[Choice]:
    """IANA time zones: those that begin so, then those that have it somewhere."""
    asked = typed.replace(" ", "_").casefold()
    found = sorted(_zones(), key=lambda name: (name.casefold() != asked, not _city(name).startswith(asked), name))
    return [(name, name) for name in found if asked in name.casefold()][:MOST]


def categories(typed: str) -> list[Choice]:
    """ArXiv's categories, by their code or their name."""
    return _fitting(((f"{code} {name}", code) for code, name in CATEGORIES.items()), typed)


def _fitting(choices: Iterable[Choice], typed: str) -> list[Choice]:
    asked = typed.casefold().removeprefix("#")
    fitting = ((shorten(clean(shown), LONGEST), meant) for shown, meant in choices if asked in shown.casefold())
    return list(fitting)[:MOST]


@cache
def _zones() -> tuple[str, ...]:
    return tuple(name for name in available_timezones() if "/" in name or name == "UTC")


def _city(name: str) -> str:
    return name.rpartition("/")[2].casefold()
