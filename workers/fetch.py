"""The fetch job: one source, polled once.

    lease ──► fetch since its cursor ──► store every paper ──► only then: move the cursor, end the lease

A fetch that fails moves nothing: the source backs off and says why. A worker that dies between storing and the cursor
leaves papers that the next fetch finds known.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from papers import metrics
from papers.errors import SourceError
from papers.model import Digest, Skipped
from papers.ports import Source
from papers.services.intake import PaperMemory, take_in
from papers.sources.feed_cursor import wait
from papers.sources.huggingface import HuggingFace
from papers.stores.sources import SourceState, SourceStore
from papers.trouble import Trouble, fault, remedy
from workers import pace
from workers.giveup import Notifier

_NO_TIME = timedelta(0)

LEASE = 60.0
"""Seconds that a feed is a worker's alone, and that it waits should that one be killed: reading it takes 20 s at the
very most, parsing it 15. Should two ever poll it at once, only the one whose lease stands says how that ended.
"""

LISTING_LEASE = 180.0
"""Seconds of Hugging Face's: 20 s a page at the very most, and a listing has few pages."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Poll:
    """How one poll went. `error` is set if it failed; `unchanged` if the source had nothing new to say.

    `moved` is the feed's new address, if it moved for good; `advice` what to do about an error.
    """

    source: str
    day: date | None = None
    new: int = 0
    known: int = 0
    skipped: tuple[Skipped, ...] = ()
    unchanged: bool = False
    busy: bool = False
    error: str | None = None
    moved: str | None = None
    advice: str = ""


class Fetcher:
    """Polls sources into the archive."""

    def __init__(
        self,
        sources: SourceStore,
        memory: PaperMemory,
        clock: Callable[[], datetime],
        notifier: Notifier,
        configured: Container[str] = (),
    ) -> None:
        """`configured` are the operator's own sources, which are never given up."""
        self._sources = sources
        self._memory = memory
        self._clock = clock
        self._notifier = notifier
        self._configured = configured

    def poll(self, source: Source, *, scopes: Sequence[str]) -> Poll:
        """Poll a source under its lease; its papers arrive in each of the scopes."""
        token = self._sources.lease(source.name, LISTING_LEASE if source.name == HuggingFace.name else LEASE)
        if token is None:
            return Poll(source.name, busy=True)
        began = time.perf_counter()
        report = self._polled(source, token, scopes)
        _count(report, time.perf_counter() - began)
        return report

    def _polled(self, source: Source, token: str, scopes: Sequence[str]) -> Poll:
        state = self._sources.state(source.name)
        try:
            digest = source.fetch(state.cursor)
        except SourceError as error:
            return self._failed(source.name, token, state, error)
        now = self._clock()  # a fetch takes its time, and its papers arrive when they are stored
        report = self._stored(digest, scopes, now) if digest and digest.papers else Poll(source.name, unchanged=True)
        fields = _answered(now) | _brought(digest, report, state, now)
        following = _following(source.name, fields.get("cursor", state.cursor), state, report, now)
        self._sources.finish(source.name, token, following, fields)
        log.info("polled", source=source.name, new=report.new, known=report.known, unchanged=report.unchanged)
        return replace(report, moved=digest.moved) if digest else report

    def take_day(self, digest: Digest, *, scopes: Sequence[str]) -> Poll:
        """Store a digest that was fetched by its date: the cursor is not concerned."""
        now = self._clock()
        report = self._stored(digest, scopes, now)
        token = self._sources.lease(digest.source, LEASE)
        if token is not None:
            due = self._sources.state(digest.source).next_due or now
            self._sources.finish(digest.source, token, due, _answered(now))
        return report

    def _stored(self, digest: Digest, scopes: Sequence[str], now: datetime) -> Poll:
        saved, *_ = [take_in(self._memory, digest, scope=scope, announce=True, now=now) for scope in scopes]
        for entry in digest.skipped:
            log.warning("entry skipped", source=digest.source, where=entry.where, reason=entry.reason)
        return Poll(digest.source, digest.day, len(saved.new), len(saved.known), digest.skipped)

    def _failed(self, name: str, token: str, state: SourceState, error: SourceError) -> Poll:
        now, failures = self._clock(), state.failures + 1
        said = str(error)
        trouble = Trouble(fault(error), state.failing_at or now, paused=True)
        following: datetime | None = pace.after_failure(now, failures, error, random.random())  # noqa: S311 - jitter
        if name not in self._configured and pace.gives_up(failures, error):
            following = None
            series = str(state.ok_at)  # of the failures since then
            told = self._notifier.tell(name, trouble, series, now)  # first: that the feed is paused is said only once
            log.error("a feed is given up", source=name, error=said, failures=failures, told=told)
        fields = {"polled_at": now, "failures": failures, "error": said, "fault": trouble.reason}
        self._sources.finish(name, token, following, {**fields, "failing_at": trouble.since})
        log.warning("poll failed", source=name, error=said, failures=failures, next=str(following))
        return Poll(name, error=said, advice=error.advice or ("" if name in self._configured else remedy(error)))


def _count(poll: Poll, seconds: float) -> None:
    kind: metrics.SourceKind = "huggingface" if poll.source == HuggingFace.name else "feed"
    metrics.polled(kind, "failed" if poll.error else "news" if poll.new else "unchanged", seconds)
    metrics.came(kind, new=poll.new, known=poll.known, skipped=len(poll.skipped))


def _following(name: str, cursor: object, state: SourceState, report: Poll, now: datetime) -> datetime:
    """When a source that answered is polled next."""
    if name == HuggingFace.name:
        return pace.after_success(now, 0.0, _NO_TIME, random.random())  # noqa: S311 - jitter
    silent = now - state.news_at if state.news_at and not report.new else _NO_TIME
    return pace.after_success(now, wait(str(cursor)), silent, random.random())  # noqa: S311 - jitter


def _brought(digest: Digest | None, report: Poll, state: SourceState, now: datetime) -> dict[str, object]:
    """What is written down of what a source brought."""
    fields: dict[str, object] = {"news_at": now} if report.new or state.news_at is None else {}
    if digest is not None:
        fields["cursor"] = digest.cursor
        if digest.title:
            fields["title"] = digest.title
        if not report.unchanged or state.day is None:
            fields["day"] = digest.day.isoformat() if digest.day else ""
    return fields


def _answered(now: datetime) -> dict[str, object]:
    """What is written down of a source that answered."""
    return {"polled_at": now, "ok_at": now, "failures": 0, "error": "", "fault": "", "failing_at": ""}
