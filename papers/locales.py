"""Locales as CLDR spells them (https://cldr.unicode.org), and days in their words. The data comes with Babel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.localedata import locale_identifiers

WEEKDAY_AND_DAY = "MMMEd"
"""CLDR's skeleton for an abbreviated weekday, a day and an abbreviated month, in the locale's own order."""


def spelt(word: str) -> str | None:
    """The locale that `word` names, with hyphens or underscores, in any case: `pt-br` is `pt_BR`; None if none."""
    asked = word.replace("-", "_")
    if known := _identifiers().get(asked.casefold()):
        return known
    try:
        return str(Locale.parse(asked))  # zh_CN is zh_Hans_CN
    except (UnknownLocaleError, ValueError):
        return None


@cache
def names() -> Mapping[str, str]:
    """Locales by what people may call them: their identifiers, and their languages' English names."""
    languages = {name: code for code, name in Locale("en").languages.items() if code.casefold() in _identifiers()}
    return languages | {name: name for name in _identifiers().values()}


@cache
def _identifiers() -> Mapping[str, str]:
    """Every locale by its case-folded identifier."""
    return {name.casefold(): name for name in locale_identifiers()}


def day_in(day: date, locale: str) -> str | None:
    """`Di., 10. Nov.`, as that locale abbreviates a day; None for a locale that is not known (any more)."""
    try:
        return format_skeleton(WEEKDAY_AND_DAY, day, locale=locale)
    except (UnknownLocaleError, ValueError):
        return None
