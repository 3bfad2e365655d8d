"""What Discord offers to be chosen from: fixed lists, and what `suggest` finds while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from discord.app_commands import Choice

from bot.discord import suggest
from bot.pages import ORDERS, PERIODS
from papers.wording.dates import WEEKDAYS

VOLUMES: Final = ["~3/week", "~1/day", "~3/day", "~5/day", "~10/day"]
DAYS: Final = [Choice(name=day, value=day[:3].lower()) for day in WEEKDAYS]
LENGTHS: Final = [Choice(name=name, value=str(period)) for period, name in PERIODS.items()]
FIRST: Final = [Choice(name=name, value=str(by)) for by, name in ORDERS.items()]


def choices(offered: Iterable[suggest.Choice]) -> list[Choice[str]]:
    """The same, as Discord is told of them."""
    return [Choice(name=shown, value=meant) for shown, meant in offered]
