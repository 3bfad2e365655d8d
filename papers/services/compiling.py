"""Subscriptions made ready to be held against papers: the one place where that is done.

Matching, previewing and `why` all compile here, so that a QUERY and a topic mean the same to all of them: a topic as
its channel's votes have moved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from papers.lesson import Lesson, topic_mark
from papers.matching.decide import Compiled, compile_all
from papers.matching.learning import moved
from papers.model import Subscription
from papers.ports import Embedder, Lessons, VectorMemory
from papers.services.remembering import READ_TOGETHER, Vector, parts


@dataclass(frozen=True)
class Compiler:
    """Parses QUERYs, embeds topics, and moves them by what votes taught.

    Attributes:
        vectors: papers' vectors of the embedder's model.
    """

    embedder: Embedder
    vectors: VectorMemory
    lessons: Lessons

    def compile(self, subscriptions: Sequence[Subscription]) -> list[Compiled]:
        """Each subscription, ready; all topics in one batch. Raises QueryError for a QUERY that does not parse."""
        taught = lessons_of(self.lessons, subscriptions)
        vectors = self._vectors({lesson.vector for lessons in taught.values() for lesson in lessons})
        return [_taught(one, taught.get(one.subscription.id, []), vectors) for one in self.untaught(subscriptions)]

    def untaught(self, subscriptions: Sequence[Subscription]) -> list[Compiled]:
        """The same, with topics as they were typed."""
        return compile_all(subscriptions, self.embedder)

    def one(self, subscription: Subscription) -> Compiled:
        """One subscription, ready. Raises QueryError."""
        (compiled,) = self.compile([subscription])
        return compiled

    def _vectors(self, keys: set[str]) -> dict[str, Vector]:
        """Those that exist: a paper that has none under this model teaches by its words alone."""
        found: dict[str, Vector] = {}
        for some in parts(sorted(keys), READ_TOGETHER):
            found |= self.vectors.get(some)
        return found


def _taught(compiled: Compiled, lessons: Sequence[Lesson], vectors: dict[str, Vector]) -> Compiled:
    if compiled.topic is None or not lessons:
        return compiled
    return replace(compiled, topic=moved(compiled.topic, [(one, vectors.get(one.vector)) for one in lessons]))


def lessons_of(lessons: Lessons, subscriptions: Sequence[Subscription]) -> dict[str, list[Lesson]]:
    """What each subscription that has a topic and was saved has lessons in, by its id."""
    about = {one.id: topic_mark(one.number, one.want.topic) for one in subscriptions if one.number and one.want.topic}
    found = lessons.of(list({one.destination: None for one in subscriptions if one.id in about}))
    return {
        one.id: [lesson for lesson in found.get(one.destination, ()) if about[one.id] in lesson.topics]
        for one in subscriptions
        if one.id in about
    }
