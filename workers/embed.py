"""The embed job: whatever has no vector under the model of EMBEDDING_MODEL gets one, a little at a time.

    topics ──► papers, newest first ──► only then: note that all is done, drop the vectors of other models, and have
                                        topics that votes moved moved again: votes teach by papers' vectors

It works until somebody else wants the worker, and goes on when it is rung again. A worker that dies leaves the vectors
that it made; the next one looks through everything, and passes over what has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import structlog

from papers.model import Destination
from papers.services.remembering import Remembering, parts
from papers.stores.channels import ChannelStore
from papers.stores.coverage import Coverage, CoverageStore
from papers.stores.lessons import LessonStore
from papers.stores.papers import PaperStore
from papers.stores.vectors import VectorStore

LONGEST = 5.0
"""Seconds that one job works: half of its lease."""

LOOKED_AT = 200
"""Papers, or channels, that are looked at in one go: a few milliseconds."""

TOLD = 10.0
"""Seconds between two lines of the log that tell how far it is."""

log = structlog.get_logger()


class EmbedStage:
    """Embeds what has no vector. Of processes that embed with different models, the one that began last goes on."""

    def __init__(
        self,
        *,
        papers: PaperStore,
        channels: ChannelStore,
        lessons: LessonStore,
        vectors: VectorStore,
        coverage: CoverageStore,
        remembering: Remembering,
        clock: Callable[[], float],
    ) -> None:
        self._papers = papers
        self._channels = channels
        self._lessons = lessons
        self._vectors = vectors
        self._coverage = coverage
        self._remembering = remembering
        self._clock = clock
        self._walk: Iterator[None] | None = None
        self._begun = False
        self._theirs = ""

    def run(self, wanted: Callable[[], bool]) -> bool:
        """Embed until all is done, the time is up, or this worker is `wanted` for something else.

        Whether nothing is left to do here: also where somebody else is at it.
        """
        until = self._clock() + LONGEST
        with self._coverage.lease() as ours:
            if not ours:
                return True
            walk, self._walk = self._walk or self._begin(), None
            for _ in walk:
                if wanted() or self._clock() >= until:
                    self._walk = walk
                    return False
        return True

    def _begin(self) -> Iterator[None]:
        model, now = self._remembering.name, self._coverage.get()
        if now.model != model:
            if self._begun:
                if self._theirs != now.model:
                    log.warning("workers embed with another model by now", ours=model, theirs=now.model)
                self._theirs = now.model
                return iter(())
            if now.model:  # before the first of them there was none to change
                log.info("workers embed with another model from now on", model=model, before=now.model)
            self._coverage.begin(model)
            now = Coverage(model)
        self._begun = True
        upto = self._papers.newest_change()
        if now.mark is None:
            return self._everything(upto)
        return self._changed(now.mark, upto) if now.mark < upto else iter(())

    def _everything(self, upto: float) -> Iterator[None]:
        model, papers = self._remembering.name, self._papers.recent(self._papers.count())
        log.info("embedding the archive", model=model, papers=len(papers))
        for texts in self._topics():
            for some in parts(self._remembering.lacking_topics(texts), self._remembering.at_once):
                self._remembering.embed(some)
                yield
        told = self._clock()
        for done in self._papers_of(papers):
            if not self._coverage.progress(model, done, len(papers)):
                return
            if self._clock() >= told + TOLD:
                told = self._clock()
                log.info("embedding the archive", model=model, done=done, papers=len(papers))
            yield
        if self._coverage.complete(model, upto):
            for channels in _some(self._channels.destinations(), LOOKED_AT):
                self._channels.announce(self._lessons.of(channels))
            log.info("the archive is embedded", model=model, papers=len(papers), dropped=self._vectors.drop_others())

    def _changed(self, since: float, upto: float) -> Iterator[None]:
        papers, _ = self._papers.changed(since)
        for _ in self._papers_of(papers):
            yield
        self._coverage.complete(self._remembering.name, upto)

    def _papers_of(self, ids: Sequence[str]) -> Iterator[int]:
        """Embed those of the papers that have no vector; how many are done, after each step."""
        for start, some in zip(range(0, len(ids), LOOKED_AT), parts(ids, LOOKED_AT), strict=True):
            lacking = self._remembering.lacking(list(self._papers.get(some).values()))
            for few in parts(lacking, self._remembering.at_once):
                self._remembering.of_papers(few)
                lacking = lacking[len(few) :]
                yield start + len(some) - len(lacking)
            yield start + len(some)

    def _topics(self) -> Iterator[list[str]]:
        """What all subscriptions are about, some channels at a time."""
        for channels in _some(self._channels.destinations(), LOOKED_AT):
            subscriptions = [one for channel in channels for one in self._channels.subscriptions(channel)]
            yield list(dict.fromkeys(one.want.topic for one in subscriptions if one.want.topic))


def _some(channels: Iterable[Destination], size: int) -> Iterator[list[Destination]]:
    waiting = iter(channels)
    while some := list(islice(waiting, size)):
        yield some
