"""Text to vectors, with the static word vectors that lie in wordllama's wheel: offline, about a millisecond a text.

A text's vector is the mean of its tokens' vectors, scaled to unit length. The two files are read directly: the
package's own loader looks for its tokenizer where the wheel has none, and keeps the table as float32 (32 MB); here it
stays the file itself, mapped, so that processes share its pages.

Source: https://github.com/dleemiller/WordLlama (MIT); 32,000 tokens x 256 dimensions, float16.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from papers.errors import SettingsError
from papers.ports import Vectors

LONGEST = 20_000
"""Characters of a text that are embedded; a mean over more words says nothing more."""


class WordLlama:
    """The default embedder: `wordllama-256`. Nothing of it changes; safe to share between threads."""

    __slots__ = ("_table", "_tokenizer")

    name = "wordllama-256"
    dim = 256
    weight = 1.0  # the best macro-F1 at one carried-over bar (benchmarks/relevance.py)
    at_once = 200

    def __init__(self, folder: Path) -> None:
        self._table = _table(folder / "weights" / "l2_supercat_256.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), 256); the row of a text without tokens is zero."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        encodings = self._tokenizer.encode_batch_fast([text[:LONGEST] for text in texts], add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._table[encoding.ids].mean(axis=0, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def _table(path: Path) -> npt.NDArray[np.float16]:
    """The one tensor of a safetensors file, mapped. Format: https://github.com/huggingface/safetensors#format."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensor = json.loads(file.read(length))["embedding.weight"]
    begin, _ = tensor["data_offsets"]
    return np.memmap(path, np.float16, "r", offset=8 + length + begin, shape=tuple(tensor["shape"]))


@cache
def word_llama() -> WordLlama:
    """The bundled model: one a process, for reading its vocabulary takes as long as embedding a hundred texts."""
    return WordLlama(bundled())


def bundled() -> Path:
    """The installed package's folder. Raises SettingsError if there is none."""
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SettingsError(["EMBEDDING_MODEL: the package wordllama is not installed"])
    return Path(spec.origin).parent
