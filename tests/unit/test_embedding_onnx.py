"""Sentence transformers from a folder and from the hub's cache: a tiny real model, run by fastembed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from fastembed import TextEmbedding

from papers.embedding import load_embedder
from papers.embedding.onnx import POOLING
from papers.errors import SettingsError
from papers.ports import Embedder
from tests.tiny_model import LONGEST, tiny_model

TEXTS = ["robots grasp objects", "attention", "graphs of whales sing a diffusion"]
ON_HUB = "sentence-transformers/all-MiniLM-L6-v2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "tiny")


@pytest.fixture
def tiny(folder: Path) -> Embedder:
    return load_embedder(str(folder))


def test_a_vector_a_text_of_unit_length(tiny: Embedder) -> None:
    vectors = tiny.embed(TEXTS)
    assert vectors.shape == (3, 6)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
    assert tiny.embed([]).shape == (0, 6)


def test_every_token_of_a_text_counts_the_same(tiny: Embedder) -> None:
    one, other, first = tiny.embed(["robots grasp", "grasp robots", "robots"])
    assert one @ other > 0.999
    assert one @ first < 0.99


def test_a_texts_vector_does_not_depend_on_its_company(tiny: Embedder) -> None:
    together = tiny.embed(TEXTS)
    assert np.array_equal(together, np.concatenate([tiny.embed([text]) for text in TEXTS]))


def test_what_the_model_does_not_read_of_a_long_text_does_not_count(tiny: Embedder) -> None:
    begin, longer = tiny.embed(["robots " * LONGEST, "robots " * LONGEST + "whales " * 100_000])
    assert np.array_equal(begin, longer)


def test_its_cosines_count_for_more_than_static_ones(tiny: Embedder, embedder: Embedder) -> None:
    assert (embedder.weight, tiny.weight) == (1.0, 2.0)
    assert tiny.at_once < embedder.at_once


def test_a_folder_may_be_loaded_twice(folder: Path, tiny: Embedder) -> None:
    assert np.array_equal(load_embedder(f"{folder}/").embed(TEXTS), tiny.embed(TEXTS))


def test_a_models_name_tells_its_folder_and_its_weights(tmp_path: Path, tiny: Embedder) -> None:
    assert tiny.name.startswith("tiny@")
    same = load_embedder(str(tiny_model(tmp_path / "elsewhere" / "tiny")))
    other = load_embedder(str(tiny_model(tmp_path / "another" / "tiny", seed=2)))
    assert same.name == tiny.name
    assert other.name != tiny.name
    assert not np.allclose(other.embed(TEXTS), tiny.embed(TEXTS))


@pytest.mark.parametrize("beside", ["tokenizer_config.json", "model.onnx_data", str(POOLING)])
def test_a_models_name_tells_whatever_else_makes_its_vectors(folder: Path, tiny: Embedder, beside: str) -> None:
    (folder / beside).parent.mkdir(exist_ok=True)
    (folder / beside).write_text('{"model_max_length": 4, "pad_token": "[PAD]"}')
    assert load_embedder(str(folder)).name != tiny.name


def test_a_folder_may_say_that_the_first_token_speaks_for_the_text(folder: Path) -> None:
    (folder / POOLING).parent.mkdir()
    (folder / POOLING).write_text(json.dumps({"pooling_mode_cls_token": True}))
    first, text = load_embedder(str(folder)).embed(["robots", "robots grasp objects"])
    assert first @ text > 0.999  # but for the rounding


def test_a_model_from_the_hub_is_taken_from_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    description = next(one for one in TextEmbedding.list_supported_models() if one["model"] == ON_HUB)
    stored = cache_of(tmp_path) / f"models--{description['sources']['hf'].replace('/', '--')}"
    tiny_model(stored / "snapshots" / "abc123", dim=description["dim"])
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text("abc123")
    loaded = load_embedder(f"fastembed:{ON_HUB}")
    assert (loaded.name.rpartition("@")[0], loaded.dim) == (f"fastembed:{ON_HUB}", description["dim"])
    assert loaded.embed(TEXTS).shape == (3, loaded.dim)


def cache_of(home: Path) -> Path:
    """Where the user's cache is: macOS has its own place for it."""
    within = home / "Library" / "Caches" if sys.platform == "darwin" else home / "cache"
    return within / "paperboy" / "models"


def refused(folder: Path | str) -> str:
    with pytest.raises(SettingsError, match="EMBEDDING_MODEL") as caught:
        load_embedder(str(folder))
    return str(caught.value)


def test_a_model_that_the_hub_does_not_have_is_refused() -> None:
    assert "nobody/nothing" in refused("fastembed:nobody/nothing")


def test_a_folder_without_a_tokenizer_is_refused_with_what_it_lacks(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "lacks tokenizer.json" in refused(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.onnx", "not a model"),
        ("config.json", "{}"),
        ("config.json", "["),
        ("tokenizer.json", "{}"),
        ("tokenizer_config.json", "{}"),
    ],
)
def test_a_broken_file_is_refused_as_a_setting(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    assert f"{folder} cannot be used" in refused(folder)


def test_a_model_with_other_dimensions_than_it_says_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text('{"hidden_size": 7, "pad_token_id": 0}')
    assert "where 7 dimensions were said" in refused(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "neither wordllama, nor fastembed:NAME, nor a folder" in refused(tmp_path / "nowhere")


def test_without_the_extra_the_message_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastembed", None)
    assert "pip install 'paperboy[onnx]'" in refused(folder)


def test_a_model_leaves_nothing_beside_its_files(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    load_embedder(str(folder)).embed(TEXTS)
    assert sorted(folder.rglob("*")) == before
