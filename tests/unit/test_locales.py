"""Locales: every one that there is has days, and people's spellings of them are understood."""

from __future__ import annotations

from datetime import date
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers import locales
from papers.wording.dates import day_text

DAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("word", "locale"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("pt-br", "pt_BR"),
        ("pt_BR", "pt_BR"),
        ("zh_CN", "zh_Hans_CN"),
        ("german", None),
        ("", None),
        ("de/../fr", None),
    ],
)
def test_a_locale_is_known_however_it_is_spelt(word: str, locale: str | None) -> None:
    assert locales.spelt(word) == locale


@given(st.text())
@example("x" * 10_000)
@example("_")
def test_a_locale_that_is_known_is_spelt_in_one_way(word: str) -> None:
    found = locales.spelt(word)
    assert found is None or locales.spelt(found) == found


def test_languages_are_known_by_their_english_names_too() -> None:
    assert locales.names()["German"] == "de"
    assert {locales.spelt(locale) for locale in locales.names().values()} == set(locales.names().values())


def test_every_locale_has_a_day_in_characters_that_can_be_shown() -> None:
    for locale in set(locales.names().values()):
        text = day_text(DAY, locale)
        assert text.strip()
        assert not [c for c in text if category(c) in {"Cc", "Cf"} and c not in "\u200c\u200d"], locale


def test_a_day_is_spelt_as_its_language_does_and_english_as_ever() -> None:
    assert day_text(DAY) == day_text(DAY, "en") == "Tue 10 Nov"
    assert day_text(DAY, "de") == "Di., 10. Nov."
    assert day_text(DAY, "ja") == "11月10日(火)"


def test_a_locale_that_is_known_no_more_is_english() -> None:
    assert locales.day_in(DAY, "xx_XX") is None
    assert day_text(DAY, "xx_XX") == "Tue 10 Nov"
