"""Papers' vectors in Redis, one hash a model, so that two models' vectors never meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from papers.stores import keys
from papers.stores.server import Server


class VectorStore:
    """Vectors of one embedding model, kept as float16: half the bytes, the same order of neighbours."""

    def __init__(self, server: Server, model: str) -> None:
        self._server = server
        self._hash = keys.vectors(model)

    def get(self, keys: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Those that exist, by key; each of shape (dim,)."""
        if not keys:
            return {}
        found = self._server.call_raw("HMGET", self._hash, *keys)
        return {key: np.frombuffer(b, np.float16).astype(np.float32) for key, b in zip(keys, found, strict=True) if b}

    def put(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Store vectors by key."""
        if vectors:
            fields = [part for key, vector in vectors.items() for part in (key, vector.astype(np.float16).tobytes())]
            self._server.call_raw("HSET", self._hash, *fields)
