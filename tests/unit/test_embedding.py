"""Text to vectors: the real model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.embedding import load_embedder
from papers.embedding.wordllama import LONGEST
from papers.errors import SettingsError
from papers.ports import Embedder

PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_a_vector_a_text_of_the_stated_shape(embedder: Embedder) -> None:
    vectors = embedder.embed(["graph neural networks", "robots"])
    assert (embedder.name, embedder.dim) == ("wordllama-256", 256)
    assert vectors.shape == (2, 256)
    assert vectors.dtype == np.float32


def test_no_texts_make_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 256)


@given(st.lists(PLAIN, max_size=5))
def test_vectors_have_unit_length_or_are_zero(embedder: Embedder, texts: list[str]) -> None:
    vectors = embedder.embed(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isfinite(vectors))
    assert np.all(np.isclose(lengths, 1.0, atol=1e-5) | (lengths == 0))


@given(st.lists(PLAIN, min_size=1, max_size=5))
def test_a_texts_vector_does_not_depend_on_its_company(embedder: Embedder, texts: list[str]) -> None:
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_a_text_without_words_is_zero_and_spoils_no_other(embedder: Embedder) -> None:
    empty, words = embedder.embed(["", "attention"])
    assert not empty.any()
    assert np.linalg.norm(words) == pytest.approx(1.0)


def test_texts_of_one_subject_are_closer_than_texts_of_two(embedder: Embedder) -> None:
    about, same, other = embedder.embed(
        ["efficient inference of large language models", "fast decoding for LLMs", "a survey of marine biology"]
    )
    assert about @ same > about @ other + 0.2


def test_the_vector_is_the_direction_of_the_mean_of_its_words(embedder: Embedder) -> None:
    once, twice = embedder.embed(["attention", "attention attention attention"])
    assert once @ twice > 0.95


def test_only_the_beginning_of_a_very_long_text_counts(embedder: Embedder) -> None:
    long = "graph " * (LONGEST // 6 + 1)
    cut, longer = embedder.embed([long[:LONGEST], long[:LONGEST] + " robots" * 1000])
    assert np.array_equal(cut, longer)


def test_a_process_has_one_and_nobody_changes_it_for_the_others() -> None:
    model = load_embedder("wordllama")
    assert load_embedder("wordllama") is model
    with pytest.raises(AttributeError):
        model.at_once = 1  # type: ignore[misc] # that is what is tried


def test_an_unknown_model_is_refused_by_its_settings_name() -> None:
    with pytest.raises(SettingsError, match="EMBEDDING_MODEL") as caught:
        load_embedder("word2vec")
    assert "word2vec" in str(caught.value)


def test_a_folder_that_holds_no_model_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SettingsError, match=r"lacks tokenizer.json, tokenizer_config.json, model.onnx"):
        load_embedder(str(tmp_path))
