"""The one or two lines of a card: `papers.summary`."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.model import Paper
from papers.summary import summarise

_ABSTRACT = (
    "Interest in the field has grown for years. "
    "We propose sparse attention for long documents in language models. "
    "Cooking is a hobby of the second author. "
    "Sparse attention makes language models read long documents faster. "
    "Thanks go to our families."
)


def _paper(abstract: str, ai_summary: str | None = None) -> Paper:
    return Paper(id="1", title="A title", abstract=abstract, ai_summary=ai_summary)


def test_the_sources_own_summary_comes_first() -> None:
    assert summarise(_paper(_ABSTRACT, "It  reads\nlong documents.")) == "It reads long documents."


@pytest.mark.parametrize("blank", [None, "", " \n"])
def test_without_one_the_central_sentences_come_in_their_order(blank: str | None) -> None:
    assert summarise(_paper(_ABSTRACT, blank)) == (
        "We propose sparse attention for long documents in language models. "
        "Sparse attention makes language models read long documents faster."
    )


def test_two_sentences_keep_their_order_though_the_second_is_more_central() -> None:
    abstract = "Models read documents. Cooking is fun. Sparse models read long documents. Long walks help."
    assert summarise(_paper(abstract), limit=35) == "Sparse models read long documents."
    assert summarise(_paper(abstract), limit=60) == "Models read documents. Sparse models read long documents."


def test_one_sentence_stands_alone_if_two_do_not_fit() -> None:
    only = summarise(_paper(_ABSTRACT), limit=80)
    assert only in _ABSTRACT
    assert only.count(".") == 1


def test_a_long_sentence_is_cut_at_a_word() -> None:
    assert summarise(_paper("", "Sparse attention, and more."), limit=19) == "Sparse attention…"


def test_a_word_longer_than_the_limit_is_cut_within() -> None:
    assert summarise(_paper("x" * 50), limit=10) == "x" * 9 + "…"


def test_no_abstract_gives_no_summary() -> None:
    assert summarise(_paper("")) == ""
    assert summarise(_paper(" \n")) == ""


@given(st.text(), st.integers(1, 60))
def test_a_summary_is_one_line_within_the_limit(abstract: str, limit: int) -> None:
    summary = summarise(_paper(abstract), limit)
    assert len(summary) <= limit
    assert "\n" not in summary


def test_a_very_long_abstract_is_summarised_quickly() -> None:
    began = time.process_time()
    summarise(_paper("A few words. " * 100_000))
    assert time.process_time() - began < 2
