"""What a vote teaches, and what topics have learned from votes.

A paper is a lesson for the topics of its channel that it is near to: those that bring such papers, or almost. What it
says of other topics nobody meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from papers.lesson import Learned, Lesson, topic_mark
from papers.matching.decide import Compiled, bar_of, floor_of
from papers.matching.learning import learned, telling_words
from papers.matching.topics import DEFAULT_BAR, text_of
from papers.model import Paper, Subscription
from papers.ports import Lessons
from papers.services.compiling import Compiler, lessons_of
from papers.services.corpus import Corpus, Stream
from papers.services.remembering import paper_key

NEAR = DEFAULT_BAR / 2
"""z from which on a paper is near to a topic; a topic that brings less near ones learns from those too."""


def lesson(
    paper: Paper, subscriptions: Sequence[Subscription], corpus: Corpus, compiler: Compiler, now: datetime
) -> Lesson:
    """What a vote for a paper of the archive teaches its channel's subscriptions; not yet which way."""
    about = [one for one in subscriptions if one.want.topic is not None]
    if not about:
        return Lesson(paper.id, paper_key(paper), {}, (), now)
    near = _Nearness(paper, corpus.around([paper]), corpus.stream().per_day, compiler.embedder.weight)
    pairs = zip(compiler.untaught(about), compiler.compile(about), strict=True)
    topics = tuple(_mark(typed) for typed, taught in pairs if near.to(typed, taught))
    stream = near.stream
    words = telling_words(text_of(paper), stream.background.words.like)
    return Lesson(paper.id, paper_key(paper), words, topics, now)


def _mark(compiled: Compiled) -> str:
    return topic_mark(compiled.subscription.number, compiled.subscription.want.topic or "")


@dataclass(frozen=True, slots=True)
class _Nearness:
    """Which topics a paper is near to, in the midst of a stream that brings `per_day` papers on a day."""

    paper: Paper
    stream: Stream
    per_day: float
    weight: float

    def to(self, typed: Compiled, taught: Compiled) -> bool:
        """Whether the topic as it was typed, or as it was taught, comes near enough."""
        if typed.topic is None or taught.topic is None:
            return False
        background, want = self.stream.background, typed.subscription.want
        per_day = None if want.feed is not None else self.per_day
        closeness = background.closeness(typed.topic, floor=floor_of(want, per_day), weight=self.weight)
        least, row = min(bar_of(typed.subscription, closeness, per_day), NEAR), self.stream.row[self.paper.id]
        return any(background.z(one, weight=self.weight)[row] >= least for one in (typed.topic, taught.topic))


def learned_by(lessons: Lessons, subscriptions: Sequence[Subscription]) -> dict[str, Learned]:
    """What each subscription learned, by its id; none for those that learned nothing."""
    topics = {one.id: one.want.topic or "" for one in subscriptions}
    found = {id_: learned(topics[id_], taught) for id_, taught in lessons_of(lessons, subscriptions).items()}
    return {id_: one for id_, one in found.items() if one is not None}
