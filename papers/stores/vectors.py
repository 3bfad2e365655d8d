"""Vectors in Redis, one hash a model, so that two models' vectors never meet.

A paper that gets a vector counts as changed: whoever follows the archive's changes learns of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from papers.stores import keys
from papers.stores.server import Server

LOOKED_AT = 1000
"""Keys that one step of the search for other models' hashes looks at."""


class VectorStore:
    """Vectors of one embedding model, kept as float16: half the bytes, the same order of neighbours."""

    def __init__(self, server: Server, model: str, dim: int) -> None:
        self._server = server
        self._hash = keys.vectors(model)
        self._size = dim * np.dtype(np.float16).itemsize

    def get(self, keys: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Those that exist, by key; each of shape (dim,). One of another shape is none of this model's."""
        if not keys:
            return {}
        found = self._server.call_raw("HMGET", self._hash, *keys)
        return {
            key: np.frombuffer(half, np.float16).astype(np.float32)
            for key, half in zip(keys, found, strict=True)
            if half is not None and len(half) == self._size
        }

    def put(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Store vectors by key, and note that their papers changed."""
        if vectors:
            pairs = [part for key, vector in vectors.items() for part in (key, vector.astype(np.float16).tobytes())]
            self._server.run("put_vectors", [self._hash, keys.CHANGED], pairs)

    def drop_others(self) -> list[str]:
        """Drop all vectors of other models; these models' names."""
        prefix, cursor, others = keys.vectors(""), "0", set[str]()
        while True:
            cursor, found = self._server.call("SCAN", cursor, "MATCH", f"{prefix}*", "COUNT", LOOKED_AT, "TYPE", "hash")
            others.update(found)
            if str(cursor) == "0":
                break
        others.discard(self._hash)
        if others:
            self._server.call("UNLINK", *others)
        return sorted(name.removeprefix(prefix) for name in others)
