"""The library at one moment, as services ask it. Fulfils `papers.services.library.Reader`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from papers.matching.topics import Topic
from papers.model import Paper
from papers.search import ranking, spelling
from papers.search.lookback import IndexLookback
from papers.search.view import View
from papers.services.library import Asked, Found, Ruler


@dataclass(frozen=True, slots=True)
class IndexReader:
    """What a view answers, and the archive's `get` tells of it. Every method raises Damaged for an index that is."""

    view: View
    get: Callable[[Sequence[str]], Mapping[str, Paper]]
    note: str | None = None
    is_complete: bool = True

    def search(self, asked: Asked, ruler: Ruler) -> Found:
        """Papers, best first."""
        return ranking.search(self.view, asked, ruler)

    def nearest(self, topic: Topic, ruler: Ruler, limit: int) -> list[str]:
        """Ids of the papers closest to a topic, closest first."""
        return ranking.nearest(self.view, topic, ruler, limit)

    def lookback(self, ruler: Ruler, per_day: float) -> IndexLookback:
        """The last 30 days."""
        return IndexLookback(self.view, self.papers, ruler, per_day)

    def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The papers of these ids as the archive has them now, in this order."""
        found = self.get(ids)
        return [found[one] for one in ids if one in found]

    def respelt(self, word: str) -> str | None:
        """The nearest word that papers have, for one that none has."""
        return spelling.respelt(self.view.words, word)
