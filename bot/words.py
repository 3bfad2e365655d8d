"""What is typed after `/papers`, cut into words, and the small values that single words spell.

It knows no command. Nothing here uses `re`: users' text is split, compared and counted, so that no input is slow.
Each reader of a value takes one word and `mend`, which makes the whole corrected line from a right word in its
place; a word that does not read raises `UsageError` with that line as the suggestion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from papers import locales
from papers.errors import UsageError
from papers.text import clean, shorten
from papers.wording.dates import WEEKDAYS

Mend = Callable[[str], str]

PREFIX: Final = "/papers"
MAX_NUMBER_DIGITS: Final = 6
MAX_BACK_DAYS: Final = 3_650

_QUOTED_LIMIT: Final = 40
_CLOSE: Final = 0.8
_WEEK: Final = 7
_RELATIVE: Final = {"today": 0, "yesterday": 1}
_OFFSETS: Final = ("utc", "gmt")
_ABBREVIATION: Final = 4
_HOURS, _MINUTES = 24, 60
# What keyboards and chat apps make of plain typing: curly quotes, and dashes in the place of the minus of `-word`.
_DOUBLE: Final = (
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
    "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\N{FULLWIDTH QUOTATION MARK}"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
_SINGLE: Final = "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_DASHES: Final = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}"
_TYPED: Final = str.maketrans(
    {c: plain for odd, plain in ((_DOUBLE, '"'), (_SINGLE, "'"), (_DASHES, "-")) for c in odd}
)


def tidy(text: str) -> str:
    """The text as its user meant to type it: one line, single spaces, straight quotes, plain minus signs."""
    return clean(text.translate(_TYPED))


def line(*parts: str) -> str:
    """A whole line to type: `/papers subscribe diffusion`. Empty parts are left out."""
    return " ".join((PREFIX, *(part for part in parts if part)))


def split(text: str) -> list[str]:
    """Words of tidied text. Spaces within "double quotes" do not split; a quote left open takes all that follows."""
    words: list[str] = []
    quoted = False
    for piece in text.split(" ") if text else ():
        if quoted:
            words[-1] += " " + piece
        else:
            words.append(piece)
        quoted ^= piece.count('"') % 2 == 1
    return words


def quote(text: str) -> str:
    """What was typed, within quotation marks, short enough for a message."""
    return f"“{shorten(text, _QUOTED_LIMIT)}”"


def nearest(word: str, known: Sequence[str], likeness: float = 0.6) -> str | None:
    """The one of `known` that `word` most likely was meant to be; case does not count.

    `likeness` is the least ratio (`difflib`, 0 to 1) for a guess; where a thousand are known, one is always near.
    """
    spelt = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:_QUOTED_LIMIT], spelt, n=1, cutoff=likeness)
    return spelt[found[0]] if found else None


def unbracket(word: str) -> str:
    """A link without the `<…>` that people put around it to hide its preview."""
    return word[1:-1] if word.startswith("<") and word.endswith(">") else word


def number(word: str, what: str, advice: str) -> int:
    """`3` or `#3`: a whole number of at least 1. It suggests none: to unsubscribe from a guess is worse than to ask."""
    found = whole(word.removeprefix("#"))
    if not found:
        raise UsageError(f"{quote(word)} is not {what}", advice=advice)
    return found


def whole(digits: str) -> int | None:
    """A whole number in ASCII digits; None for anything else, and for numbers longer than anyone means."""
    plain = digits.isascii() and digits.isdigit() and len(digits) <= MAX_NUMBER_DIGITS
    return int(digits) if plain else None


def choice(word: str, known: Sequence[str], what: str, mend: Mend) -> str:
    """The one of `known` that `word` is, in any case; it suggests the nearest, else the first."""
    right = {name.casefold(): name for name in known}.get(word.casefold())
    if right is None:
        raise UsageError(
            f"{quote(word)} is not {what}",
            advice=f"write {', '.join(known)}",
            suggestion=mend(nearest(word, known) or known[0]),
        )
    return right


def language(word: str, mend: Mend) -> str:
    """A locale in CLDR's spelling, from `de`, `pt-br` or `zh_CN`; it suggests `de` for `german`."""
    found = locales.spelt(word)
    if found is None:
        near = nearest(word, tuple(locales.names()), _CLOSE)
        raise UsageError(
            f"no language is called {quote(word)}",
            advice="write a locale of CLDR's: en, de, pt_BR, zh_Hans",
            suggestion=mend(locales.names()[near]) if near else None,
        )
    return found


def back(option: str, word: str, today: date, mend: Mend) -> date:
    """`30d` or `4w` before today (1 to 3,650 days), or what `day` takes; `option` is whose value it is."""
    amount, unit = whole(word[:-1]), {"d": 1, "w": _WEEK}.get(word[-1:].lower())
    if amount and unit and amount * unit <= MAX_BACK_DAYS:
        return today - timedelta(days=amount * unit)
    if "-" in word or word.casefold() in _RELATIVE or _weekday(word) is not None:
        return day(word, today, mend)
    raise UsageError(
        f"{option}:{shorten(word, _QUOTED_LIMIT)} is neither a length of time nor a day",
        advice=f"give days or weeks, ten years at most ({option}:30d, {option}:4w), or a day ({option}:2026-10-01)",
        suggestion=mend((nearest(word, (*_RELATIVE, *WEEKDAYS)) or f"{word}d").lower()),
    )


def clock(word: str, mend: Mend) -> str:
    """`9:00` or `09:00`, of 24 hours, as HH:MM."""
    hours, _, minutes = word.partition(":")
    hour, minute = whole(hours), whole(minutes)
    two_digits = len(hours) <= len("09") == len(minutes)
    if hour is None or minute is None or not two_digits or hour >= _HOURS or minute >= _MINUTES:
        raise UsageError(
            f"{quote(word)} is not a time of day",
            advice="write hours and minutes of 24 hours: 09:00 or 17:30",
            suggestion=mend(word.replace(".", ":") if "." in word else f"{word}:00"),
        )
    return f"{hour:02}:{minute:02}"


def weekday(word: str, mend: Mend) -> int:
    """`mon`, `Monday` and what lies between, as 0 (Monday) to 6."""
    found = _weekday(word)
    if found is not None:
        return found
    near = nearest(word, WEEKDAYS) or WEEKDAYS[0]
    raise UsageError(
        f"{quote(word)} is not a day of the week",
        advice="write mon, tue, wed, thu, fri, sat or sun",
        suggestion=mend(near[:3].lower()),
    )


def _weekday(word: str) -> int | None:
    starts = (index for index, name in enumerate(WEEKDAYS) if name.casefold().startswith(word.casefold()))
    return next(starts, None) if len(word) >= len("mon") else None


def _days_since(word: str, today: date) -> int | None:
    """How long ago that day of the week was; None for another word."""
    found = _weekday(word)
    return None if found is None else (today.weekday() - found) % _WEEK


def zone(word: str, mend: Mend) -> str:
    """An IANA time zone in its own spelling, from `europe/berlin`, `Berlin` or `new york`."""
    asked = word.replace(" ", "_").casefold()
    if asked not in _zones() and any(asked.startswith((f"{name}+", f"{name}-", f"{name}_")) for name in _OFFSETS):
        raise UsageError(
            f"{quote(word)} is no time zone",
            advice="name a city: Europe/Berlin; or write Etc/GMT-2 for two hours ahead of UTC, Etc/GMT+2 behind",
        )
    found = _zones().get(asked) or _cities().get(asked, ())
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"there is more than one {quote(word)}",
            advice=f"write which: {', '.join(found)}",
            suggestion=mend(found[0]),
        )
    names = _cities() | _zones()  # `berln` is as near to a city as `europe/berln` is to a zone
    is_abbreviation = asked.isalpha() and len(asked) <= _ABBREVIATION  # PST is near to MST, which is an hour away
    near = None if is_abbreviation else nearest(asked, tuple(names))
    raise UsageError(
        f"no time zone is called {quote(word)}",
        advice="write a name of the IANA time zone database: Europe/Berlin, America/New_York, Asia/Tokyo, UTC",
        suggestion=mend(names[near][0]) if near else None,
    )


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Each zone by its case-folded name."""
    return {name.casefold(): (name,) for name in sorted(available_timezones())}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """Zones by their case-folded last part, of which there may be several."""
    cities: dict[str, tuple[str, ...]] = {}
    for name in sorted(available_timezones()):
        if "/" in name:
            city = name.rpartition("/")[2].casefold()
            cities[city] = (*cities.get(city, ()), name)
    return cities


def day(word: str, today: date, mend: Mend) -> date:
    """`today`, `yesterday`, a day of the week (the last one, which may be today), or YYYY-MM-DD."""
    relative = _RELATIVE.get(word.casefold(), _days_since(word, today))
    if relative is not None:
        return today - timedelta(days=relative)
    parts = word.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or any(whole(part) is None for part in parts):
        near = nearest(word, (*_RELATIVE, *WEEKDAYS))
        raise UsageError(
            f"{quote(word)} is not a day",
            advice="write it as YYYY-MM-DD, or today, yesterday, monday …",
            suggestion=mend(near.lower()) if near else None,
        )
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise UsageError(
            f"the calendar has no {word}", advice="check its month and its day", suggestion=mend(f"{word[:-2]}28")
        ) from error
