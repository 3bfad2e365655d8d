"""Preferences as words: what may be said, and that what is said is what is shown."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.errors import UsageError
from papers.model import Preferences
from papers.preferences import CHOICES, LANGUAGE, LANGUAGES, NAMES, applied, checked, chosen, words

ALL = st.builds(Preferences, language=st.sampled_from(LANGUAGES))


def test_every_preference_has_its_words() -> None:
    assert set(NAMES) == {*CHOICES, LANGUAGE} == set(asdict(Preferences()))


@given(ALL, ALL)
def test_the_words_of_preferences_make_them_of_any_others(preferences: Preferences, others: Preferences) -> None:
    assert applied(others, checked(words(preferences))) == preferences
    assert applied(Preferences(), chosen(preferences)) == preferences


@given(ALL, st.dictionaries(st.sampled_from(sorted(CHOICES)), st.integers(0, 1)))
def test_what_is_not_named_stays_as_it_is(preferences: Preferences, picks: dict[str, int]) -> None:
    changes = {name: CHOICES[name][pick] for name, pick in picks.items()}
    assert words(applied(preferences, checked(changes))) == words(preferences) | changes


def test_a_new_channel_chose_nothing() -> None:
    assert chosen(Preferences()) == {}
    assert chosen(Preferences(cards=True)) == {"cards": "on"}


def test_a_language_is_kept_in_its_one_spelling() -> None:
    assert checked({"language": "pt-br"}) == {"language": "pt_BR"}


@pytest.mark.parametrize(
    "changes", [{"colour": "red"}, {"format": "fulll"}, {"quiet": "yes"}, {"language": "klingon"}, {"": ""}]
)
def test_what_there_is_not_is_refused_with_advice(changes: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        checked({"format": "full", **changes})
    assert caught.value.advice
