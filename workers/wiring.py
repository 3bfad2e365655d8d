"""Builds the workers: which bell runs what, and how RQ is told to behave."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import structlog
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from papers.matching.shards import WHOLE, Shard
from papers.services.remembering import Remembering
from papers.settings import Settings
from papers.sources.parser import Parser
from papers.stores.papers import COMMON
from papers.stores.server import Server
from papers.wiring import Core, clock
from workers import poller, sweep
from workers.backfill import Backfiller, Wait
from workers.bells import FETCH, JOB_TIMEOUT, MATCH, Bells, bell_class, match_queue, ring
from workers.clean import Cleaner, Keeping
from workers.embed import EmbedStage
from workers.fetch import Fetcher, Poll
from workers.giveup import Notifier
from workers.match import Matched, MatchStage
from workers.moving import Mover
from workers.plan import Planner
from workers.poller import Poller
from workers.revise import Reviser
from workers.summarise import SummaryStage
from workers.sweep import Sweeper
from workers.worker import Polling, Threadable

MAINTENANCE = 30
"""Seconds between RQ's own clean-ups; its default of ten minutes would leave a dead worker's job lying as long."""

WORKER_TTL = 60
"""Seconds after which a silent worker counts as dead."""

HANGS = JOB_TIMEOUT + 2.0 * WORKER_TTL
"""Seconds after which a worker that has neither begun nor ended a job hangs: as long as the longest job, and a wait."""

MANY = 20_000
"""Sources that are due and looked at: so many that those of one host cannot hide the others."""

PARSED_AT_ONCE = 2
"""Children that parse at a time, of feeds that were well, and of those that were not: 2 GB at the very worst."""

LONGEST_WAIT = 60.0
"""Seconds that `paperboy poll` waits for a host's turn."""

log = structlog.get_logger()


class Workshop:
    """The stages of the pipeline over one server, and the RQ workers that run them.

    Matching holds the subscriptions of `shard`: all of them, but in a worker that is one of several.
    """

    def __init__(self, settings: Settings, server: Server, shard: Shard = WHOLE) -> None:
        self.core = Core(settings, server)
        self._shard = shard
        stores = self.core.stores
        configured = self.core.sources.configured
        notifier = Notifier(stores.channels, stores.outbox)
        self._fetcher = Fetcher(stores.sources, stores.papers, clock, notifier, configured)
        self._parsers = {ailing: Parser(PARSED_AT_ONCE) for ailing in (False, True)}
        self._planner = Planner(stores.papers, stores.channels, stores.inbox, stores.outbox, stores.sources, configured)
        self._reviser = Reviser(stores.papers, stores.edits)

    @cached_property
    def _matcher(self) -> MatchStage:
        stores = self.core.stores
        compiler = replace(self.core.compiler, embedder=self._remembering)
        return MatchStage(stores.papers, stores.channels, stores.inbox, self.core.corpus, compiler, shard=self._shard)

    @cached_property
    def _remembering(self) -> Remembering:
        return Remembering(self.core.embedder, self.core.vectors)

    @cached_property
    def _embedder(self) -> EmbedStage:
        stores = self.core.stores
        return EmbedStage(
            papers=stores.papers,
            channels=stores.channels,
            lessons=stores.lessons,
            vectors=self.core.vectors,
            coverage=stores.coverage,
            remembering=self._remembering,
            clock=time.monotonic,
        )

    def fetch(self, name: str) -> Poll:
        """Poll one source, whatever its time, as soon as its host has a turn for it."""
        with self.core.stores.hosts.turn(self.core.sources.courtesy(name), LONGEST_WAIT):
            return self._poll(name)

    def _poll(self, name: str, ailing: bool = False) -> Poll:  # noqa: FBT001, FBT002 - as the poller says it
        source = self.core.sources.source(name, self._parsers[ailing])
        polled = self._fetcher.poll(source, scopes=self._scopes(name))
        if polled.moved and name not in self.core.sources.configured:
            self._mover.move(name, polled.moved)
        return polled

    def _turn(self, old: str, new: str) -> AbstractContextManager[None]:
        first, second = map(self.core.sources.courtesy, (old, new))
        return self.core.stores.hosts.turn(second, LONGEST_WAIT) if first.host != second.host else nullcontext()

    def _poll_and_tell(self, name: str, ailing: bool) -> Poll:  # noqa: FBT001 - as above
        polled = self._poll(name, ailing)
        if polled.new:
            for shard in range(1, self.core.settings.paperboy_shards + 1):
                ring("match", connection=self.core.stores.server.raw, shard=shard)
        return polled

    @cached_property
    def _mover(self) -> Mover:
        stores, sources = self.core.stores, self.core.sources
        return Mover(
            channels=stores.channels,
            papers=stores.papers,
            source=lambda url: sources.source(url, self._parsers[True]),
            turn=self._turn,
            clock=clock,
        )

    @cached_property
    def _poller(self) -> Poller:
        sources = self.core.stores.sources
        return Poller(
            due=lambda: sources.due(clock(), MANY),
            fetch=self._poll_and_tell,
            courtesy=self.core.sources.courtesy,
            hosts=self.core.stores.hosts,
            doubtful=sources.doubtful,
            beat=self.core.pulse.expect("poller", poller.HANGS),
        )

    def _scopes(self, name: str) -> list[str]:
        """Where a source's papers arrive: in the common stream, or in a feed's own; in both for a feed that is both."""
        is_common = name in self.core.sources.configured
        is_own = not is_common or name in self.core.stores.channels.feeds()
        return [COMMON] * is_common + [name] * is_own

    def fetch_day(self, day: date) -> Poll:
        """Poll one day of the Daily Papers. Raises a SourceError."""
        digest = self.core.sources.huggingface().fetch_day(day)
        return self._fetcher.take_day(digest, scopes=[COMMON])

    @cached_property
    def _summariser(self) -> SummaryStage | None:
        completions, summaries = self.core.completions, self.core.summaries
        if completions is None or summaries is None:
            return None
        timeout = self.core.settings.summary_timeout
        return SummaryStage(self.core.stores.papers, summaries, completions, clock, timeout)

    def backfiller(self, wait: Wait) -> Backfiller:
        """Fills the archive from sources' past."""
        return Backfiller(self.core.stores.papers, self.core.stores.backfills, clock, wait)

    def match(self) -> Matched:
        """Match what arrived, and have summaries made of what is to be posted, for SUMMARY_TIMEOUT seconds at most."""
        matched = self._matcher.run(clock())
        if self._summariser is not None:
            self._summariser.run(matched.wanted)
        return matched

    def plan(self) -> int:
        """Plan channels that are due; how many messages were put into the outbox."""
        return self._planner.run(clock())

    def revise(self) -> int:
        """Have cards edited whose papers rose much; how many edits were put into the outbox."""
        return self._reviser.run(clock())

    def embed(self) -> None:
        """Embed what has no vector, until the match queue has something else to do."""
        queue = self._queue(MATCH)
        self._embedder.run(wanted=lambda: len(queue) > 0)

    def embed_all(self) -> None:
        """Embed what has no vector, unless a worker is at it."""
        while not self._embedder.run(wanted=lambda: False):
            pass

    @property
    def bells(self) -> Bells:
        """The jobs that there are: nothing else ever runs."""
        return {
            "fetch": self._on_fetch,
            "match": self._on_match,
            "plan": self._on_plan,
            "revise": self._on_revise,
            "embed": self._on_embed,
            "clean": self._on_clean,
        }

    def _on_fetch(self) -> None:
        self._poller.wake()

    def _on_match(self) -> None:
        self.match()
        self.plan()

    def _on_plan(self) -> None:
        self.plan()

    def _on_revise(self) -> None:
        self.revise()

    def _on_embed(self) -> None:
        self.embed()

    def _on_clean(self) -> None:
        self.cleaner.run(clock())

    @cached_property
    def cleaner(self) -> Cleaner:
        """Lets go of what was kept as long as the settings say."""
        stores = self.core.stores
        return Cleaner(
            keeping=Keeping.of(self.core.settings),
            departures=stores.departures,
            removal=stores.removal,
            expiry=stores.expiry,
            channels=stores.channels,
            outbox=stores.outbox,
            coverage=stores.coverage,
            marks=stores.marks,
            wanted=self.core.sources.configured,
        )

    def sweeper(self) -> Sweeper:
        """A sweeper for the configured sources and every feed that channels subscribed to."""
        stores = self.core.stores
        return Sweeper(
            server=stores.server,
            configured=self.core.sources.configured,
            sources=stores.sources,
            papers=stores.papers,
            channels=stores.channels,
            inbox=stores.inbox,
            coverage=stores.coverage,
            clock=clock,
            shards=self.core.settings.paperboy_shards,
            beat=self.core.pulse.expect("sweeper", sweep.HANGS),
        )

    def fetch_worker(self) -> SimpleWorker:
        """Fetches many feeds at once while it works; a bell only has it look at what is due."""
        worker = Polling(self._poller, [self._queue(FETCH)], **self._options())
        return self._watched(worker)

    def match_worker(self) -> SimpleWorker:
        """Keeps the compiled subscriptions in memory, so it does not fork. Raises SettingsError for a model."""
        log.info("embedding model", model=self.core.embedder.name)  # loaded now: a wrong one is refused at start
        self._matcher.follow()  # loads every subscription, which may take longer than a job may
        return self._watched(Threadable([self._queue(match_queue(self._shard.number))], **self._options()))

    def _watched(self, worker: Threadable) -> SimpleWorker:
        worker.beat = self.core.pulse.expect("worker", HANGS)
        return worker

    def _queue(self, name: str) -> Queue:
        return Queue(name, connection=self.core.stores.server.raw, serializer=JSONSerializer)

    def _options(self) -> dict[str, Any]:
        return {
            "connection": self.core.stores.server.raw,
            "job_class": bell_class(self.bells),
            "serializer": JSONSerializer,
            "maintenance_interval": MAINTENANCE,
            "worker_ttl": WORKER_TTL,
            "log_job_description": False,
        }


def sweep_beside(workshop: Workshop) -> threading.Event:
    """Run a sweeper in a thread of its own; set the event to end it.

    A worker that starts may have another embedding model than the one before: it looks at once.
    """
    ring("embed", connection=workshop.core.stores.server.raw)
    stop = threading.Event()
    threading.Thread(target=workshop.sweeper().run, args=(stop,), name="sweeper", daemon=True).start()
    return stop
