"""What the core asks of the world, as Protocols; `workers.wiring` and `bot.wiring` build what fulfils them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from papers.model import Delivery, Digest, Paper, Receipt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim), rows of unit length (or all zero for a text without known words)."""


class Source(Protocol):
    """A place that papers come from."""

    name: str

    def fetch(self, cursor: str | None) -> Digest | None:
        """What is new since `cursor` (None: never fetched), or None if nothing changed.

        Raises a `papers.errors.SourceError`; the caller then keeps its cursor.
        """
        ...


class Embedder(Protocol):
    """Turns text into vectors. `name` tells models apart: vectors of two models are never compared."""

    name: str
    dim: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dim)."""
        ...


class Poster(Protocol):
    """A platform's way of taking one message."""

    async def post(self, delivery: Delivery, papers: dict[str, Paper], thread: str | None) -> Receipt:
        """Post; `thread` is the parent's message id. Raises RetryAfter, Rejected or Unknown."""
        ...


class Outbox(Protocol):
    """Deliveries on their way. See `papers.stores.outbox` for the states."""

    def put(self, deliveries: Sequence[Delivery]) -> int:
        """Store those not known yet; how many that were."""
        ...

    def claim(self, platform: str) -> Any:
        """The next due delivery of an idle destination, leased, or None."""
        ...
