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
        self._key = keys.vectors(model)

    def get(self, ids: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Those that exist, by paper id; each of shape (dim,)."""
        if not ids:
            return {}
        found = self._server.call_raw("HMGET", self._key, *ids)
        return {i: np.frombuffer(b, np.float16).astype(np.float32) for i, b in zip(ids, found, strict=True) if b}

    def put(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Store vectors by paper id."""
        if vectors:
            fields = [part for i, vector in vectors.items() for part in (i, vector.astype(np.float16).tobytes())]
            self._server.call_raw("HSET", self._key, *fields)
