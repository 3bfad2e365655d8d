"""Subscriptions made ready to be held against papers: the one place where that is done.

Matching, previewing and `why` all compile here, so that a QUERY and a topic mean the same to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.matching.decide import Compiled, compile_all
from papers.model import Subscription
from papers.ports import Embedder


@dataclass(frozen=True)
class Compiler:
    """Parses QUERYs and embeds topics."""

    embedder: Embedder

    def compile(self, subscriptions: Sequence[Subscription]) -> list[Compiled]:
        """Each subscription, ready; all topics in one batch. Raises QueryError for a QUERY that does not parse."""
        return compile_all(subscriptions, self.embedder)

    def one(self, subscription: Subscription) -> Compiled:
        """One subscription, ready. Raises QueryError."""
        (compiled,) = self.compile([subscription])
        return compiled
