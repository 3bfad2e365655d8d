"""Embedding models, by the name that EMBEDDING_MODEL gives.

    wordllama          static word vectors, bundled: about a millisecond a text
    fastembed:NAME     a sentence transformer from the hub, with the extra `onnx`: about 40 ms a text
    a folder           the same from a folder with config.json, tokenizer.json and model.onnx

Which files and packages each needs is known to the module of its own.
"""

from __future__ import annotations

from pathlib import Path

from papers.errors import SettingsError
from papers.ports import Embedder

HUB = "fastembed:"


def load_embedder(model: str) -> Embedder:
    """The embedder that EMBEDDING_MODEL names. Raises SettingsError."""
    # each is imported when it is asked for: a process that only fetches or posts carries none of them
    if model == "wordllama":
        from papers.embedding.wordllama import word_llama  # noqa: PLC0415 - as said above

        return word_llama()
    if model.startswith(HUB) or Path(model).is_dir():
        from papers.embedding.onnx import from_folder, from_hub  # noqa: PLC0415 - as said above

        return from_hub(model.removeprefix(HUB)) if model.startswith(HUB) else from_folder(Path(model))
    raise SettingsError([f"EMBEDDING_MODEL: {model!r} is neither wordllama, nor fastembed:NAME, nor a folder"])
