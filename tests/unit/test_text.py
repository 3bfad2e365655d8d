"""What a word is: `papers.text`."""

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.text import clean, fold, sentences, stem


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Text-to-Image, GPT-4o!", ["text", "to", "image", "gpt", "4o"]),
        ("snake_case", ["snake", "case"]),
        ("Schrödinger's Straße", ["schrodinger", "s", "strasse"]),
        ("e\u0301tude", ["etude"]),
        ("ﬁne x² Ⅷ", ["fine", "x2", "viii"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zero", "width"]),
        ("ΣΊΣΥΦΟΣ", ["σισυφοσ"]),
        ("扩散model模型", ["扩", "散", "model", "模", "型"]),
        ("がか", ["が", "か"]),
        ("か\u3099", ["が"]),
        ("ﾃﾞｰﾀ", ["デ", "ー", "タ"]),
        (unicodedata.normalize("NFD", "한국"), ["한", "국"]),
        ("", []),
        ("… — !!", []),
    ],
)
def test_fold_splits_at_everything_but_letters_and_digits(text: str, tokens: list[str]) -> None:
    assert fold(text) == tokens


@given(st.text())
@example("ᄀ\u0301ᅡ")
@example("İΐᾳŉ")
def test_a_folded_token_folds_to_itself(text: str) -> None:
    for token in fold(text):
        assert fold(token) == [token]


@given(st.text())
def test_fold_does_not_see_how_accents_are_encoded(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize("text", ["a\u0301\u0323" * 200_000, "a" + "\u0301\u0323" * 200_000, "x" * 1_000_000])
def test_hostile_text_is_folded_in_linear_time(text: str) -> None:
    began = time.process_time()
    stem(fold(text))
    assert time.process_time() - began < 2


def test_stems_join_what_english_inflects() -> None:
    assert stem(["models", "model", "modelling", "diffusion"]) == ["model", "model", "model", "diffus"]


def test_stem_is_the_same_from_many_threads() -> None:
    words = [f"{a}{b}ing" for a in ("generat", "learn", "attend", "sampl") for b in range(500)]
    expected = stem(words)
    with ThreadPoolExecutor(8) as pool:
        for got in pool.map(stem, [words] * 8):
            assert got == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  A\ttitle\nin two\u2028lines ", "A title in two lines"),
        ("bell\x07 null\x00", "bell null"),
        ("evil \u202etxt.exe\u202c \u2066x\u2069", "evil txt.exe x"),
        ("\ufeffmark \ud800lone", "mark lone"),
        ("Persian می\u200cخواهم", "Persian می\u200cخواهم"),  # noqa: RUF001 - Persian
        ("naïve café", "naïve café"),
        ("\U000e0041hidden tag", "hidden tag"),
    ],
)
def test_clean_leaves_one_line_without_invisible_characters(text: str, line: str) -> None:
    assert clean(text) == line


@given(st.text())
def test_clean_is_done_once_and_for_all(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\n" not in once
    once.encode()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "We follow Smith et al. Their idea, e.g. ours, holds.",
            ["We follow Smith et al. Their idea, e.g. ours, holds."],
        ),
        ("It scores 3.5 points. vs. none", ["It scores 3.5 points. vs. none"]),
        ("By J. Doe. Next one.", ["By J. Doe.", "Next one."]),
        ("第一句。第二句！", ["第一句。", "第二句！"]),  # noqa: RUF001 - Chinese
        ('He said "yes." Then left.', ['He said "yes."', "Then left."]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences_end_at_stops_but_not_in_abbreviations(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="aB .!?e。g\n\"'"))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
