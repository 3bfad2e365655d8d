"""Sentence transformers run by fastembed: better vectors at forty times the cost. Needs the extra `onnx`.

Vectors of two models are never compared: each model's name is part of the key that its vectors are stored under.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from papers.errors import SettingsError
from papers.ports import Vectors

FILES = ("config.json", "tokenizer.json", "model.onnx")
BATCH = 32
"""Texts at a time: more only costs memory."""


class SentenceTransformer:
    """A model of fastembed's."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self.dim = int(model.embedding_size)
        self._model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, vector in enumerate(self._model.embed(list(texts), batch_size=BATCH)):
            vectors[row] = vector
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def from_hub(name: str) -> SentenceTransformer:
    """A model by its name on the hub. Raises SettingsError if fastembed has no such model, or cannot fetch it."""
    text_embedding = _fastembed().TextEmbedding
    try:
        return SentenceTransformer(f"fastembed:{name}", text_embedding(name))
    except ValueError as error:
        raise SettingsError([f"EMBEDDING_MODEL: {error}"]) from error


def from_folder(folder: Path) -> SentenceTransformer:
    """A model from a folder: BERT inputs, mean pooling. Raises SettingsError for a folder that holds none."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise SettingsError([f"EMBEDDING_MODEL: {folder} lacks {', '.join(missing)}"])
    fastembed = _fastembed()
    from fastembed.common.model_description import ModelSource, PoolingType  # noqa: PLC0415 - an extra

    name = f"folder:{folder.name}"
    fastembed.TextEmbedding.add_custom_model(
        model=name,
        pooling=PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(hf=name),  # never asked: the files are here
        dim=int(json.loads((folder / "config.json").read_text("utf-8"))["hidden_size"]),
        model_file="model.onnx",
    )
    return SentenceTransformer(name, fastembed.TextEmbedding(name, specific_model_path=str(folder)))


def _fastembed() -> Any:
    try:
        import fastembed  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(["EMBEDDING_MODEL: this model needs the extra: pip install 'paperboy[onnx]'"]) from error
    return fastembed
