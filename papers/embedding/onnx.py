"""Sentence transformers run by fastembed: better vectors at forty times the cost. Needs the extra `onnx`.

Texts are embedded one at a time. On a CPU a batch gains nothing: it is padded to its longest text, and here that cost
three times the time and five times the memory; and in a quantised model a text's vector would depend on its company.

A model's name tells its weights: vectors are stored under it, and those of two models must not meet.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from papers.errors import SettingsError
from papers.ports import Vectors

FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "model.onnx")
POOLING = Path("1_Pooling") / "config.json"
"""Where sentence-transformers says how a text's vector is made of its tokens'; without it, it is their mean."""

LONGEST = 20_000
"""Characters of a text that are tokenised: a model reads some hundred words of it, and cuts off the rest."""

MOST_THREADS = 4
"""More gain little with a text at a time."""

ONLY_ERRORS = 3
"""ONNX Runtime's level: its warnings are about how a model was exported."""


class SentenceTransformer:
    """A model of fastembed's."""

    weight = 2.0  # the best nDCG@10 and macro-F1 with a MiniLM (benchmarks/relevance.py)
    at_once = 4

    def __init__(self, name: str, model: Any, dim: int) -> None:
        self.name = name
        self.dim = dim
        self._model = model
        with _loading(name):
            self.embed(["a first try"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, vector in enumerate(self._model.embed([text[:LONGEST] for text in texts], batch_size=1)):
            if vector.shape != (self.dim,):
                raise ValueError(f"its vectors have the shape {vector.shape}, where {self.dim} dimensions were said")
            vectors[row] = vector
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def from_hub(name: str) -> SentenceTransformer:
    """A model by its name on the hub, kept in the user's cache from then on.

    Raises SettingsError if fastembed has no such model, or cannot fetch it.
    """
    fastembed = _fastembed()
    cache = user_cache_path("paperboy") / "models"  # fastembed's own choice is a folder that a restart empties
    with _loading(name):
        loaded = fastembed.TextEmbedding(name, cache_dir=str(cache), threads=_threads())
        description, folder = loaded.model.model_description, loaded.model._model_dir  # noqa: SLF001 - told nowhere else
        weights = _fingerprint(Path(folder), description.model_file)
    return SentenceTransformer(f"fastembed:{name}@{weights}", loaded, int(description.dim))


def from_folder(folder: Path) -> SentenceTransformer:
    """A model from a folder, with BERT's inputs. Raises SettingsError for a folder that holds none."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise SettingsError([f"EMBEDDING_MODEL: {folder} lacks {', '.join(missing)}"])
    fastembed = _fastembed()
    with _loading(str(folder)):
        name = f"{folder.resolve().name}@{_fingerprint(folder, 'model.onnx')}"
        dim = int(json.loads((folder / "config.json").read_text("utf-8"))["hidden_size"])
        _register(fastembed, name, dim, by_first_token=_by_first_token(folder))
        loaded = fastembed.TextEmbedding(name, specific_model_path=str(folder), threads=_threads())
    return SentenceTransformer(name, loaded, dim)


def _register(fastembed: Any, name: str, dim: int, *, by_first_token: bool) -> None:
    """Tell fastembed of a model, which it takes once a process."""
    from fastembed.common.model_description import ModelSource, PoolingType  # noqa: PLC0415 - an extra

    if any(one["model"].lower() == name.lower() for one in fastembed.TextEmbedding.list_supported_models()):
        return
    fastembed.TextEmbedding.add_custom_model(
        model=name,
        pooling=PoolingType.CLS if by_first_token else PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(hf=name),  # never asked: the files are here
        dim=dim,
        model_file="model.onnx",
    )


def _by_first_token(folder: Path) -> bool:
    said = folder / POOLING
    return said.is_file() and bool(json.loads(said.read_text("utf-8")).get("pooling_mode_cls_token"))


def _fingerprint(folder: Path, weights: str) -> str:
    """What two models share only if they make the same vectors: a hash of weights, tokenizer and pooling."""
    whole = sha256()
    said = [folder / name for name in ("tokenizer.json", "tokenizer_config.json", POOLING)]
    for path in [*sorted((folder / weights).parent.glob(f"{Path(weights).name}*")), *said]:  # large weights lie beside
        if path.is_file():
            with path.open("rb") as file:
                whole.update(file_digest(file, "sha256").digest())
    return whole.hexdigest()[:8]


def _threads() -> int:
    """Half of the processors, so that whoever talks to us meanwhile is answered."""
    return min(max((os.cpu_count() or 1) // 2, 1), MOST_THREADS)


@contextmanager
def _loading(model: str) -> Iterator[None]:
    """Whatever keeps a model from its first vector is one thing to whoever chose it: this model does not work."""
    try:
        yield
    except SettingsError:
        raise
    except Exception as error:  # ONNX Runtime's errors have no base of their own
        raise SettingsError([f"EMBEDDING_MODEL: {model} cannot be used: {error}"]) from error


def _fastembed() -> Any:
    try:
        import fastembed  # noqa: PLC0415 - an extra
        import onnxruntime  # noqa: PLC0415 - as above
    except ImportError as error:
        raise SettingsError(["EMBEDDING_MODEL: this model needs the extra: pip install 'paperboy[onnx]'"]) from error
    onnxruntime.set_default_logger_severity(ONLY_ERRORS)
    return fastembed
