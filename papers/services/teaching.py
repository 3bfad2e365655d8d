"""What a vote teaches, and what topics have learned from votes.

A paper is a lesson for the topics of its channel that it is near to: those that bring such papers, or almost. What it
says of other topics nobody meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from papers.lesson import Learned, Lesson, topic_mark
from papers.matching.decide import Compiled
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
    stream = corpus.around([paper])
    pairs, weight = zip(compiler.untaught(about), compiler.compile(about), strict=True), compiler.embedder.weight
    topics = tuple(_mark(typed) for typed, taught in pairs if _is_near(paper, stream, (typed, taught), weight))
    words = telling_words(text_of(paper), stream.background.words.like)
    return Lesson(paper.id, paper_key(paper), words, topics, now)


def _mark(compiled: Compiled) -> str:
    return topic_mark(compiled.subscription.number, compiled.subscription.want.topic or "")


def _is_near(paper: Paper, stream: Stream, compiled: Sequence[Compiled], weight: float) -> bool:
    """Whether the topic as it was typed, or as it was taught, comes near enough."""
    bar = compiled[0].subscription.bar
    least = NEAR if bar is None else min(bar, NEAR)
    topics = [one.topic for one in compiled if one.topic is not None]
    return any(stream.background.z(topic, weight=weight)[stream.row[paper.id]] >= least for topic in topics)


def learned_by(lessons: Lessons, subscriptions: Sequence[Subscription]) -> dict[str, Learned]:
    """What each subscription learned, by its id; none for those that learned nothing."""
    topics = {one.id: one.want.topic or "" for one in subscriptions}
    found = {id_: learned(topics[id_], taught) for id_, taught in lessons_of(lessons, subscriptions).items()}
    return {id_: one for id_, one in found.items() if one is not None}
