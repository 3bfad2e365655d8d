"""How many papers a topic shall bring: `~3/day`, and what people type in its place.

Anywhere, what looks like `~3/day` is a volume. At the end of what is typed `~3`, `3/day` and `~3 per day` are too:
elsewhere they may be anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.words import Mend, quote, whole
from papers.errors import UsageError

MAX_PER_DAY: Final = 100

_UNITS: Final = {"day": 1, "d": 1, "week": 7, "w": 7}


def looks_like_volume(word: str) -> bool:
    """`~3/day` and whatever was meant to be like it; not the `~1/10` or `~/data` of an abstract that was pasted."""
    figure, slash, unit = word.partition("/")
    counts = figure[1:2].isdigit() and not unit[:1].isdigit()
    return figure.startswith("~") and bool(slash) and (counts or unit.casefold() in _UNITS)


def ending_volume(words: Sequence[str]) -> tuple[list[str], str | None]:
    """The words without a volume at their end, and that volume as `~3/day`; None if they do not end with one."""
    match [*words]:
        case [*rest, figure, ("a" | "per" | "/"), unit] if _counts(figure, "~") and unit.casefold() in _UNITS:
            return rest, f"{figure}/{unit}"
        case [*rest, last] if looks_like_volume(last):
            return rest, last
        case [*rest, last] if _counts(last, "~"):
            return rest, f"{last}/day"
        case [*rest, last] if _counts(last.partition("/")[0]) and last.partition("/")[2].casefold() in _UNITS:
            return rest, f"~{last}"
        case [last] if last.startswith("~") and last[1:2].isdigit():
            return [], f"{last}/day"  # too much or too little, but nothing else is meant
        case _:
            return [*words], None


def volume(word: str, mend: Mend) -> float:
    """`~3/day` or `~5/week` as papers a day: more than 0, at most 100."""
    figure, _, unit = word.removeprefix("~").partition("/")
    days, papers = _UNITS.get(unit.lower()), _number(figure)
    if days is None or papers is None or not 0 < papers / days <= MAX_PER_DAY:
        raise UsageError(
            f"{quote(word)} is not a number of papers",
            advice=f"write ~3/day or ~5/week; at most ~{MAX_PER_DAY}/day",
            suggestion=mend(f"{word.partition('/')[0]}/day"),
        )
    return papers / days


def _counts(word: str, sign: str = "") -> bool:
    """Whether `word` is the sign, and as many papers as there may be in a day."""
    papers = _number(word.removeprefix(sign)) if word.startswith(sign) else None
    return papers is not None and 0 < papers <= MAX_PER_DAY


def _number(figure: str) -> float | None:
    """`3` or `2.5`, in ASCII digits; None for anything else."""
    ones, point, rest = figure.partition(".")
    plain = whole(ones) is not None and (whole(rest) is not None if point else True)
    return float(figure) if plain else None
