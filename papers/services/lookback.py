"""What a subscription would have posted of papers in memory: a feed's, or the newest while there is no index.

The plain way, paper by paper. Fulfils `papers.services.library.Lookback`.
"""

from __future__ import annotations

from collections.abc import Sequence

from papers.matching.decide import Closeness, Compiled, explained, hit, trending_hits
from papers.matching.hits import Hit
from papers.matching.topics import Topic, usual_bar
from papers.model import Paper, Subscription
from papers.services.corpus import Entry, Stream, day_of
from papers.services.library import Bar, Tested


class StreamLookback:
    """The window of a stream. `weight` is the embedding model's."""

    def __init__(self, stream: Stream, weight: float) -> None:
        self._stream = stream
        self._weight = weight
        self.days = stream.days
        self.newest = stream.newest
        self.busy_days = stream.busy_days
        self.per_day = stream.per_day

    @property
    def size(self) -> int:
        """Papers."""
        return len(self._stream.window)

    def hits(self, compiled: Compiled, bar: Bar, limit: int) -> Tested:
        """What a subscription to a QUERY or a topic wants."""
        stream, z, least = self._stream, None, 0.0
        if compiled.topic is not None and stream.entries:
            z = stream.background.closeness(compiled.topic, floor=bar.floor, weight=self._weight)
            least = bar.z if bar.z is not None else usual_bar(z)
        found: list[tuple[Hit, Entry]] = []
        for entry in stream.window:
            closeness = Closeness(float(z[stream.row[entry.paper.id]]), z, least) if z is not None else None
            one = hit(compiled, entry.paper.id, entry.document, closeness)
            if one:
                found.append((one, entry))
        found.sort(key=lambda pair: _place(pair[0], pair[1], compiled), reverse=True)
        return Tested(len(found), [one for one, _ in found[:limit]])

    def trending(self, subscription: Subscription, limit: int) -> Tested:
        """What a subscription to the days' most upvoted wants."""
        by_day: dict[object, list[Paper]] = {}
        for entry in self._stream.window:
            by_day.setdefault(day_of(entry.paper), []).append(entry.paper)
        found = [one for day in by_day.values() for one in trending_hits(subscription, day)]
        return Tested(len(found), found[:limit])

    def has_word_of(self, topic: Topic) -> bool:
        """Whether any of the stream's papers, or of those around it, has a word of the topic."""
        return bool(self._stream.background.words.scores(topic.terms).any())

    def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The papers of these ids, in this order."""
        return [self._stream.entries[self._stream.row[one]].paper for one in ids]


def _place(one: Hit, entry: Entry, compiled: Compiled) -> tuple[object, float, int]:
    score = explained(one, compiled.subscription, compiled.expr, entry.document).score
    return day_of(entry.paper), score, entry.paper.upvotes
